//! The catalogers on whole inputs.

mod cases;
mod hostile_python;
mod python;
