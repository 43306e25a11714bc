//! The cataloger `bun-lock`: Bun's lockfile and the manifest beside it.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "bun-lock":
    "bun.lock",
    "package.json",
}
