//! The cataloger `opkg`: its database.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "opkg":
    "usr/lib/opkg/status",
    "usr/lib/opkg/info/a.control",
}
