//! The cataloger `embedded-sbom`: SBOMs inside a target.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "embedded-sbom":
    "bom.json",
}
