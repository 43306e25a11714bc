//! The cataloger `binary-classifier`: versions in programs.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "binary-classifier":
    "usr/sbin/nginx",
    "usr/bin/python3.12",
    "usr/lib/libssl.so.3",
    "usr/lib/libxml2.so.2",
    "usr/bin/gzip",
}
