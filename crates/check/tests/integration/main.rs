//! Tests of the checks, from documents to findings.

mod checks;
mod dockerfile;
mod examples;
mod secrets;
