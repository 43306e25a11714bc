//! The program from the outside, and the promises that the repository makes of itself.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod command_line;
mod database;
mod dependencies;
mod generated;
mod hostile;
mod program;
mod real_image;
mod rooms;
mod workspace;
