//! The cataloger `swift-packages`: what Swift's package manager resolved, and manifests.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "swift-packages":
    "Package.resolved",
    "Package.swift",
}
