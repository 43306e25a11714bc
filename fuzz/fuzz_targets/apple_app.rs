//! The cataloger `apple-app`: property lists in XML and in binary.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "apple-app":
    "a.app/Contents/Info.plist",
}
