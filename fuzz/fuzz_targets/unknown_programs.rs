//! The cataloger `unknown-programs`: headers of programs.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "unknown-programs":
    "usr/bin/program",
}
