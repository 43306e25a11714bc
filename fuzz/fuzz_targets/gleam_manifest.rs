//! The cataloger `gleam-manifest`: Gleam's lockfile and manifest.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "gleam-manifest":
    "manifest.toml",
    "gleam.toml",
}
