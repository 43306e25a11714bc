//! The cataloger `paket-lock`: Paket's lockfile and the manifest beside it.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "paket-lock":
    "paket.lock",
    "paket.dependencies",
}
