//! The cataloger `dotnet-deps`: dependency manifests of .NET applications, and those inside of single files.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "dotnet-deps":
    "app/App.deps.json",
    "app/App",
}
