//! The cataloger `helm`: charts.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "helm":
    "Chart.yaml",
    "Chart.lock",
    "requirements.yaml",
    "values.yaml",
}
