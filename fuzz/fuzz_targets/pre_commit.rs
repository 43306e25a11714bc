//! The cataloger `pre-commit`: hooks.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "pre-commit":
    ".pre-commit-config.yaml",
}
