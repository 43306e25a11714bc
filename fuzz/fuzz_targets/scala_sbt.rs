//! The cataloger `scala-sbt`: sbt's build files and lockfile.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "scala-sbt":
    "build.sbt",
    "build.sbt.lock",
}
