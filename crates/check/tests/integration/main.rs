//! Tests of the checks, from documents to findings.

mod checks;
mod cloudformation;
mod examples;
mod secrets;
mod terraform;
