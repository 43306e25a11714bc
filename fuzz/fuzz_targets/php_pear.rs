//! The cataloger `php-pear`: the records of PEAR's installer.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "php-pear":
    "php/.registry/a.reg",
}
