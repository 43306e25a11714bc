//! The cataloger `browser-extensions`: extensions of browsers.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "browser-extensions":
    "firefox/x/extensions.json",
    "Extensions/cjpalhdlnbpafiamejdnhcphjbkeiagm/1_0/manifest.json",
}
