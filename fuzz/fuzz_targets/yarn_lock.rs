//! The cataloger `yarn-lock`: yarn's lockfiles, classic and Berry, the states of Plug'n'Play, and the
//! manifest beside them.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "yarn-lock":
    "yarn.lock",
    "package.json",
    ".pnp.cjs",
    ".pnp.data.json",
}
