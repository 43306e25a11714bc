//! The cataloger `freebsd-pkg`: its database.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "freebsd-pkg":
    "var/db/pkg/local.sqlite",
}
