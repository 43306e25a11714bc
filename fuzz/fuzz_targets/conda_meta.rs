//! The cataloger `conda-meta`: records of what Conda installed.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "conda-meta":
    "env/conda-meta/a.json",
    "env/conda-meta/b.json",
}
