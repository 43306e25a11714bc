//! The cataloger `java-archive`: manifests, and what Maven writes into archives.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "java-archive":
    "a-1.0.jar!/META-INF/MANIFEST.MF",
    "a-1.0.jar!/META-INF/maven/g/a/pom.properties",
    "a-1.0.jar!/META-INF/maven/g/a/pom.xml",
}
