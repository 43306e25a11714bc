//! The cataloger `haskell`: the files of cabal and Stack.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "haskell":
    "a.cabal",
    "plan.json",
    "cabal.project.freeze",
    "stack.yaml",
    "stack.yaml.lock",
}
