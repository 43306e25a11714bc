//! The cataloger `conan`: Conan's manifests, lockfiles and records.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "conan":
    "conan.lock",
    "conanfile.txt",
    "conanfile.py",
    "data/a/1.0/_/_/package/x/conaninfo.txt",
}
