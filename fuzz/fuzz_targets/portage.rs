//! The cataloger `portage`: variables of installed packages.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "portage":
    "var/db/pkg/a/b-1/CONTENTS",
}
