//! The cataloger `erlang-installed`: application files and metadata of Hex.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "erlang-installed":
    "lib/a/ebin/a.app",
    "deps/a/hex_metadata.config",
}
