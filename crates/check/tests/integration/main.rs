//! Tests of the checks, from documents to findings.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod checks;
mod examples;
mod helm;
mod kubernetes;
mod kustomize;
mod secrets;
