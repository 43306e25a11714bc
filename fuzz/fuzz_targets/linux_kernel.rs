//! The cataloger `linux-kernel`: boot images and modules.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "linux-kernel":
    "boot/vmlinuz",
    "a.ko",
    "a.ko.gz",
    "a.ko.xz",
    "a.ko.zst",
}
