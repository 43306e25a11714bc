//! Tests of the checks, from documents to findings.

mod checks;
mod examples;
mod helm;
mod kubernetes;
mod kustomize;
mod secrets;
