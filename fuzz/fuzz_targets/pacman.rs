//! The cataloger `pacman`: a package and its files.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "pacman":
    "var/lib/pacman/local/a-1/desc",
    "var/lib/pacman/local/a-1/files",
}
