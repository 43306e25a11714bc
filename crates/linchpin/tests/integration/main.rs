//! The program from outside, and the promises that the repository makes of itself.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod dependencies;
mod generated;
mod rooms;
mod workspace;
