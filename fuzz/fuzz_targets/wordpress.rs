//! The cataloger `wordpress`: headers of plugins and themes.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "wordpress":
    "wp-content/plugins/a/a.php",
    "wp-content/themes/a/style.css",
    "wp-includes/version.php",
}
