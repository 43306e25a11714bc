//! The cataloger `python-installed`: the metadata of installed Python packages.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "python-installed":
    "lib/site-packages/x-1.0.dist-info/METADATA",
    "lib/site-packages/x.egg-info",
    "lib/site-packages/x.egg-info/PKG-INFO",
    "lib/site-packages/x.egg-info/requires.txt",
    "lib/site-packages/x-1.0-py3.11.egg/EGG-INFO/requires.txt",
    "venv/pyvenv.cfg",
}
