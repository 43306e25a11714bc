//! The cataloger `java-runtime`: the file `release` of a JDK.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "java-runtime":
    "jdk/release",
}
