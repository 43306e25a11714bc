//! The cataloger `rpm`: databases in all their forms, and package files.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "rpm":
    "var/lib/rpm/rpmdb.sqlite",
    "var/lib/rpm/Packages",
    "var/lib/rpm/Packages.db",
    "var/lib/rpmmanifest/container-manifest-2",
    "x.rpm",
}
