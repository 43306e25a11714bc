//! The cataloger `vcpkg`: vcpkg's manifest, its list of installed ports and their documents.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "vcpkg":
    "vcpkg.json",
    "vcpkg_installed/vcpkg/status",
    "vcpkg_installed/x/share/a/vcpkg.spdx.json",
}
