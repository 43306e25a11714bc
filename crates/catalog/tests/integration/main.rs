//! The catalogers on whole inputs.

mod cases;
mod debian_dpkg;
mod reference_tools;
