//! The cataloger `r-packages`: descriptions of R packages and the lockfiles of renv and packrat.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "r-packages":
    "DESCRIPTION",
    "renv.lock",
    "packrat.lock",
}
