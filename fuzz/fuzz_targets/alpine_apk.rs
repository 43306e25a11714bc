//! The cataloger `alpine-apk`: the database of installed packages of Alpine.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "alpine-apk":
    "lib/apk/db/installed",
}
