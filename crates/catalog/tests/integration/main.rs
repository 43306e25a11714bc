//! The catalogers on whole inputs.

mod cargo_lock;
mod cases;
mod debian_dpkg;
mod reference_tools;
