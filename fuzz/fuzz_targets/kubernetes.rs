//! The cataloger `kubernetes`: manifests of Kubernetes.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "kubernetes":
    "deployment.yaml",
}
