//! The cataloger `elf-package-notes`: package notes in programs.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "elf-package-notes":
    "usr/bin/program",
}
