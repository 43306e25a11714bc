//! The cataloger `nuspec`: the manifest inside a NuGet package.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "nuspec":
    "packages/a/1.0.0/a.nuspec",
    "a.nupkg!/a.nuspec",
}
