//! The cataloger `conda-lock`: lockfiles of Conda environments.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "conda-lock":
    "conda-lock.yml",
    "conda-linux-64.lock",
}
