//! The cataloger `gradle`: Gradle's lockfiles, build files, catalogues and digests.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "gradle":
    "gradle.lockfile",
    "build.gradle",
    "gradle/libs.versions.toml",
    "gradle/verification-metadata.xml",
    "gradle/dependency-locks/a.lockfile",
}
