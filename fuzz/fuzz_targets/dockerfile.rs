//! The cataloger `dockerfile`: Dockerfiles.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "dockerfile":
    "Dockerfile",
}
