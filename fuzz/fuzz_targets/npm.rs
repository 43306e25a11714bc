//! The cataloger `npm`: npm's manifests and lockfiles of all versions.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "npm":
    "package-lock.json",
    "package.json",
    "npm-shrinkwrap.json",
    "node_modules/.package-lock.json",
    "node_modules/x/package.json",
}
