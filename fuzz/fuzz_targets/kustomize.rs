//! The cataloger `kustomize`: kustomizations.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "kustomize":
    "kustomization.yaml",
}
