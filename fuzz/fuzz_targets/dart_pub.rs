//! The cataloger `dart-pub`: pub's lockfile and manifest.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "dart-pub":
    "pubspec.lock",
    "pubspec.yaml",
}
