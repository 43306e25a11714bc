//! The catalogers on whole inputs.

mod cases;
mod npm;
mod npm_bytes;
