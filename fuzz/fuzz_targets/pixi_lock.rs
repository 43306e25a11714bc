//! The cataloger `pixi-lock`: Pixi's lockfile.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "pixi-lock":
    "pixi.lock",
}
