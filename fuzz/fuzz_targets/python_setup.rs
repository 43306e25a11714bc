//! The cataloger `python-setup`: what Python projects tell setuptools.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "python-setup":
    "setup.cfg",
    "setup.py",
}
