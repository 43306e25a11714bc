//! The cataloger `uv-lock`: uv's lockfile.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "uv-lock":
    "uv.lock",
}
