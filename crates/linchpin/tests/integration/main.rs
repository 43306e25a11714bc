//! The program from the outside.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod command_line;
mod database;
mod hostile;
mod program;
mod real_image;
