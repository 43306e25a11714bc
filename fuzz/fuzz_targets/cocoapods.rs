//! The cataloger `cocoapods`: CocoaPods' lockfile.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "cocoapods":
    "Podfile.lock",
    "Pods/Manifest.lock",
}
