//! The cataloger `package-file`: package files.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "package-file":
    "a.apk!/.PKGINFO",
    "a.deb!/DEBIAN/control",
}
