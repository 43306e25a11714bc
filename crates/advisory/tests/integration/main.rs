//! The advisory room as its users see it: feeds in, findings and steps out; and comparisons with
//! reference tools.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the configuration of Clippy allows both in tests, but not in the functions that tests share"
)]

mod carried;
mod cvss;
mod damaged;
mod exploitability;
mod feeds;
mod matching_cases;
mod mirror;
mod plans;
mod reference_tools;
mod steps;
mod updates;
mod versions;
mod workbench;
