//! The cataloger `go-binary`: the build information in programs made by Go.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "go-binary":
    "usr/bin/program",
}
