//! The catalogers on whole inputs.

mod cases;
mod python;
