//! The cataloger `bazel-modules`: Bazel's modules, lockfile and workspace.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "bazel-modules":
    "MODULE.bazel",
    "MODULE.bazel.lock",
    "WORKSPACE",
}
