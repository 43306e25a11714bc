//! The cataloger `conda-environment`: what a Conda environment is asked to hold.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "conda-environment":
    "environment.yml",
}
