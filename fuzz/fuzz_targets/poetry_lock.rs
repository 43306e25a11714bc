//! The cataloger `poetry-lock`: Poetry's lockfile and the manifest beside it.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "poetry-lock":
    "poetry.lock",
    "pyproject.toml",
}
