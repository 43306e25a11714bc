//! The catalogers on whole inputs.

mod cargo_auditable;
mod cargo_lock;
mod cases;
mod debian_dpkg;
mod go_binary;
mod hostile_python;
mod npm;
mod program_files;
mod python;
mod reference_tools;
