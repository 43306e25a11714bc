//! The catalogers on whole inputs.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod binary_classifier;
mod cargo_auditable;
mod cargo_lock;
mod cargo_paths;
mod cases;
mod damaged_files;
mod debian_dpkg;
mod go_binary;
mod graalvm_native_image;
mod hostile;
mod hostile_languages;
mod hostile_python;
mod hostile_systems;
mod java_archive;
mod javascript_clients;
mod language_clients;
mod large_programs;
mod nix;
mod npm;
mod npm_bytes;
mod ownership;
mod package_managers;
mod packed_packages;
mod pacman;
mod program_files;
mod python;
mod python_lockfiles;
mod reference_tools;
mod rpm;
mod sqlite;
mod windows;
