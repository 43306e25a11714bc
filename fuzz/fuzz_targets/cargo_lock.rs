//! The cataloger `cargo-lock`: Cargo's lockfile, manifest and checksums of vendored crates.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "cargo-lock":
    "Cargo.lock",
    "Cargo.toml",
    "vendor/x/.cargo-checksum.json",
    ".cargo/registry/src/x/x-1.0.0/Cargo.toml",
}
