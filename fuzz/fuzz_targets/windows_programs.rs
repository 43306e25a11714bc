//! The cataloger `windows-programs`: version resources of programs for Windows.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "windows-programs":
    "app/program.exe",
}
