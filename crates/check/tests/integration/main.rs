//! Tests of the checks, from documents to findings.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod checks;
mod cloudformation;
mod dockerfile;
mod examples;
mod helm;
mod kubernetes;
mod kustomize;
mod pipelines;
mod secrets;
mod terraform;
