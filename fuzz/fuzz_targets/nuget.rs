//! The cataloger `nuget`: project files of .NET, lockfiles and lists of packages.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "nuget":
    "App/App.csproj",
    "Directory.Packages.props",
    "App/packages.lock.json",
    "App/obj/project.assets.json",
    "App/packages.config",
    ".config/dotnet-tools.json",
    "global.json",
}
