//! The cataloger `bundled-javascript`: the comments with which libraries sign built files.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "bundled-javascript":
    "static/a.min.js",
}
