//! Tests of the formats: snapshots of what a person sees, and the official schemas for the rest.

mod explaining;
mod json;
mod sample;
mod sarif;
mod schema;
mod table;
