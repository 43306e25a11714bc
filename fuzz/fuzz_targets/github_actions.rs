//! The cataloger `github-actions`: workflows and descriptions of actions.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "github-actions":
    ".github/workflows/build.yml",
    "action.yml",
}
