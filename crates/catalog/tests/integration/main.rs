//! The catalogers on whole inputs.

mod cargo_auditable;
mod cargo_lock;
mod cases;
mod damaged_files;
mod debian_dpkg;
mod go_binary;
mod ownership;
mod program_files;
mod reference_tools;
