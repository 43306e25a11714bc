//! The cataloger `requirements`: pip's requirements and constraints.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "requirements":
    "requirements.txt",
    "constraints.txt",
    "requirements/dev.txt",
    "pyproject.toml",
}
