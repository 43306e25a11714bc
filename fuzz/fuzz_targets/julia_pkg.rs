//! The cataloger `julia-pkg`: Julia's manifests.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "julia-pkg":
    "Manifest.toml",
    "Project.toml",
}
