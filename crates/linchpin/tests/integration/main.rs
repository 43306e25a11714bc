//! The program from outside, and the promises that the repository makes of itself.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod browser;
mod build;
mod command_line;
mod database;
mod database_disturbed;
mod dependencies;
mod diff;
mod disks;
mod documents;
mod engines;
mod exploitability;
mod file_systems;
mod fix;
mod fuzz_targets;
mod gate;
mod generated;
mod git;
mod git_submodules;
mod go_evidence;
mod hostile;
mod licenses;
mod package_urls;
mod page;
mod program;
mod purl;
mod readme;
mod real_image;
mod registry;
mod rooms;
mod rules;
mod score;
mod secrets;
mod services;
mod signing;
mod suspicious;
mod version;
mod workspace;
