//! Tests of the checks, from documents to findings.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod checks;
mod cloudformation;
mod dockerfile;
mod examples;
mod helm;
mod kubernetes;
mod kustomize;
mod lockfiles;
mod packages;
mod pipelines;
mod secrets;
mod terraform;
