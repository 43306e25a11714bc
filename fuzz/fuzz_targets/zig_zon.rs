//! The cataloger `zig-zon`: Zig's manifest.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "zig-zon":
    "build.zig.zon",
}
