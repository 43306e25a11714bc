//! The cataloger `go-mod`: Go's `go.mod`, `go.work` and `vendor/modules.txt`.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "go-mod":
    "go.mod",
    "go.work",
    "vendor/modules.txt",
}
