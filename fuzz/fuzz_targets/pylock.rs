//! The cataloger `pylock`: the lockfile of PEP 751 and the manifest beside it.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "pylock":
    "pylock.toml",
    "pyproject.toml",
}
