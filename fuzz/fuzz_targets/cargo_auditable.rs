//! The cataloger `cargo-auditable`: the list of crates that `cargo auditable` embeds in programs.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "cargo-auditable":
    "usr/bin/program",
}
