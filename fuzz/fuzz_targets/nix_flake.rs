//! The cataloger `nix-flake`: the lockfile of flakes.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "nix-flake":
    "flake.lock",
}
