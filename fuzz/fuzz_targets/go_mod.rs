//! The cataloger `go-mod`: Go's `go.mod` and `vendor/modules.txt`.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "go-mod":
    "go.mod",
    "vendor/modules.txt",
}
