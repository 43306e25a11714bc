//! Tests of the checks, from documents to findings.

mod checks;
mod examples;
mod kubernetes;
mod secrets;
