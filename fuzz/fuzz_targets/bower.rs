//! The cataloger `bower`: manifests of projects and of installed packages.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "bower":
    "bower.json",
    "bower_components/a/.bower.json",
}
