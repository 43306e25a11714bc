//! Whatever the bytes are, the readers of npm, pnpm and Yarn files do not panic.

use linchpin_catalog::read_with;
use linchpin_model::TargetPath;
use linchpin_source::{Entry, Mode};
use proptest::prelude::*;

const FILES: &[(&str, &str)] = &[
    ("npm", "package.json"),
    ("npm", "package-lock.json"),
    ("npm", "node_modules/.package-lock.json"),
    ("npm", "node_modules/a/package.json"),
    ("pnpm-lock", "pnpm-lock.yaml"),
    ("yarn-lock", "yarn.lock"),
];

/// Pieces of real files, which get further into the readers than random bytes do.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\n",
    "  ",
    "'",
    "@",
    "/",
    "(",
    ")",
    "é",
    "\0",
    "\"packages\":",
    "\"dependencies\":",
    "\"node_modules/a\":",
    "\"version\":",
    "\"npm:a@1\"",
    "\"integrity\":",
    "\"sha512-=\"",
    "lockfileVersion: '9.0'",
    "packages:",
    "snapshots:",
    "importers:",
    "a@1.0.0",
    "/a/1.0.0_b",
    "__metadata:",
    "\"@a/b@npm:^1, @a/b@1\":",
    "version ",
    "dependencies:",
    "resolution: ",
    "\"workspaces\":",
    "\"licenses\":",
    "\"link\":true",
];

fn read_all(content: &[u8]) {
    for (id, path) in FILES {
        let path = TargetPath::new(path);
        read_with(id, &Entry::whole(&path, None, Mode(0o644), content));
    }
}

proptest! {
    #[test]
    fn random_bytes_are_survived(content in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&content);
    }

    #[test]
    fn pieces_of_real_files_are_survived(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)
    ) {
        read_all(pieces.concat().as_bytes());
    }
}
