//! The cataloger `macports`: its registry.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "macports":
    "opt/local/var/macports/registry/registry.db",
}
