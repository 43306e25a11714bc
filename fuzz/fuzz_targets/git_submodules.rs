//! The cataloger `git-submodules`: git's index and settings, and the list of submodules.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "git-submodules":
    ".git/index",
    ".gitmodules",
    ".git/config",
}
