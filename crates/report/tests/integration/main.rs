//! Tests of the formats: snapshots of what a person sees, and the official schemas for the rest.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod changes;
mod explaining;
mod in_toto_test_result;
mod in_toto_vulns;
mod json;
mod openvex;
mod pages;
mod properties;
mod sample;
mod sarif;
mod schema;
mod table;
mod template;
