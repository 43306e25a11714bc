//! Tests of the checks, from documents to findings.

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
