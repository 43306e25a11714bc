//! The cataloger `os-release`: the file that names the distribution.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "os-release":
    "etc/os-release",
}
