//! The cataloger `perl-cpan`: Carton's files and the metadata of distributions.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "perl-cpan":
    "cpanfile",
    "cpanfile.snapshot",
    "META.json",
    "lib/.meta/A-1/MYMETA.json",
    "lib/.meta/A-1/install.json",
}
