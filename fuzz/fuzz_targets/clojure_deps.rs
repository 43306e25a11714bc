//! The cataloger `clojure-deps`: manifests of the Clojure tools and of Leiningen.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "clojure-deps":
    "deps.edn",
    "project.clj",
}
