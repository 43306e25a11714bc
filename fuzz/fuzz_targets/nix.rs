//! The cataloger `nix`: the store and its database.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "nix":
    "nix/var/nix/db/db.sqlite",
    "nix/store/x",
}
