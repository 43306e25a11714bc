//! Globs of paths that a user leaves out, one on a line; the last line is a path.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_source::exclude_globs;

fuzz_target!(|text: &str| {
    let (globs, path) = text.rsplit_once('\n').unwrap_or((text, "a/b/c.json"));
    if let Ok(globs) = exclude_globs(globs.lines().take(20)) {
        let _ = globs.is_match(path);
    }
    let _ = text.parse::<linchpin_source::Platform>();
});
