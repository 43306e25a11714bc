//! The cataloger `elixir-mix`: mix's lockfile and manifest.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "elixir-mix":
    "mix.lock",
    "mix.exs",
}
