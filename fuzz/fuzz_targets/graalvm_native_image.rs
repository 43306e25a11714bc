//! The cataloger `graalvm-native-image`: the SBOM in programs that GraalVM made of Java.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "graalvm-native-image":
    "usr/bin/program",
}
