//! Tests of the public interface of the advisory room, and comparisons with reference tools.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the configuration of Clippy allows both in tests, but not in the functions that tests share"
)]

mod cvss;
mod reference_tools;
mod versions;
