//! The cataloger `pyproject`: Python's `pyproject.toml`.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "pyproject":
    "pyproject.toml",
}
