//! The cataloger `pipfile-lock`: pipenv's `Pipfile` and its lockfile.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "pipfile-lock":
    "Pipfile.lock",
    "Pipfile",
}
