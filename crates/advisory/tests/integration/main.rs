//! The advisory room as its users see it: feeds in, findings and steps out; and comparisons with
//! reference tools.

mod cvss;
mod damaged;
mod feeds;
mod matching_cases;
mod mirror;
mod reference_tools;
mod steps;
mod versions;
mod workbench;
