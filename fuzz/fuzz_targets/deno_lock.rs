//! The cataloger `deno-lock`: Deno's lockfile and manifest.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "deno-lock":
    "deno.lock",
    "deno.json",
}
