//! Tests of the checks, from documents to findings.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod ansible;
mod azure_resource_manager;
mod checks;
mod cloudformation;
mod dockerfile;
mod examples;
mod helm;
mod kubernetes;
mod kustomize;
mod pipelines;
mod practices;
mod real_files;
mod repairs;
mod secrets;
mod terraform;
