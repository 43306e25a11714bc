//! The cataloger `carthage`: Carthage's lockfile.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "carthage":
    "Cartfile.resolved",
}
