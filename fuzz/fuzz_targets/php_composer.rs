//! The cataloger `php-composer`: Composer's manifest, lockfile and list of installed packages.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "php-composer":
    "composer.json",
    "composer.lock",
    "vendor/composer/installed.json",
}
