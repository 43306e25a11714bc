//! The cataloger `maven-pom`: Maven's projects.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "maven-pom":
    "pom.xml",
}
