//! The cataloger `ocaml-opam`: opam's package descriptions.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "ocaml-opam":
    "a.opam",
    "a.opam.locked",
    ".opam-switch/packages/a.1/opam",
}
