//! The cataloger `snap`: descriptions and manifests.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "snap":
    "snap/a/1/meta/snap.yaml",
    "snap/a/1/snap/manifest.yaml",
}
