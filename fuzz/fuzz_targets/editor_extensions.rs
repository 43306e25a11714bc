//! The cataloger `editor-extensions`: extensions of editors.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "editor-extensions":
    "extensions/a/package.json",
    "extension.vsixmanifest",
}
