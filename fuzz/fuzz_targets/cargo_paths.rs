//! The cataloger `cargo-paths`: the paths of crates in Rust programs.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "cargo-paths":
    "usr/bin/program",
}
