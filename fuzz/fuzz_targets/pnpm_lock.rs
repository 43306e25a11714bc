//! The cataloger `pnpm-lock`: pnpm's lockfile and the manifest beside it.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "pnpm-lock":
    "pnpm-lock.yaml",
    "package.json",
}
