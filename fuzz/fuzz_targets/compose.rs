//! The cataloger `compose`: Compose files.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "compose":
    "compose.yaml",
}
