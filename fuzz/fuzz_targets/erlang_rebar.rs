//! The cataloger `erlang-rebar`: rebar3's lockfile.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "erlang-rebar":
    "rebar.lock",
}
