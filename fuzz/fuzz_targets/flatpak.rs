//! The cataloger `flatpak`: metadata and descriptions.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "flatpak":
    "var/lib/flatpak/app/a/x86_64/stable/c/metadata",
    "var/lib/flatpak/app/a/x86_64/stable/c/files/share/metainfo/a.xml",
}
