//! The cataloger `pdm-lock`: PDM's lockfile and the manifest beside it.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "pdm-lock":
    "pdm.lock",
    "pyproject.toml",
}
