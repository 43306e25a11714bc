//! Code and manifests of packages, lockfiles and settings of clients, with all rules asked of them.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use linchpin_check::{Checks, Depth, PackageCode, Rules};
use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::{Entry, FileTree, Mode, Reader, ReaderIndex, Visited, Wants};

const PATHS: &[&str] = &[
    "node_modules/a/package.json",
    "package/index.js",
    "setup.py",
    "lib/a.pth",
    "extconf.rb",
    "build.rs",
    "configure",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "uv.lock",
    "Pipfile.lock",
    "Cargo.lock",
    "composer.lock",
    "Gemfile.lock",
    "package.json",
    "requirements.txt",
    ".npmrc",
    "Cargo.toml",
];

/// A target without files: what was read is all there is.
#[derive(Debug)]
struct Nothing;

impl FileTree for Nothing {
    fn exists(&self, _: &TargetPath) -> bool {
        false
    }

    fn resolve(&self, _: &TargetPath) -> Option<TargetPath> {
        None
    }
}

fn visited() -> Visited {
    Visited {
        tree: Box::new(Nothing),
        superseded: Vec::new(),
        notes: Vec::new(),
        entries: 1,
    }
}

/// Hands the entry to whoever wants it.
fn read(reader: &dyn Reader, entry: &Entry<'_>) {
    let wants = Wants::compile(reader.wants()).expect("the patterns are right");
    let readers: Vec<ReaderIndex> = wants.by_path(entry.path.as_str()).whole;
    if !readers.is_empty() {
        reader.visit(entry, &readers);
    }
}

fuzz_target!(|bytes: &[u8]| {
    static RULES: OnceLock<Rules> = OnceLock::new();
    let rules = RULES.get_or_init(Rules::default);
    // The first byte says which file the rest is.
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let path = TargetPath::new(PATHS[usize::from(*first) % PATHS.len()]);
    let entry = Entry::whole(&path, None, Mode::default(), rest);
    let code = PackageCode::new(rules, Depth::All);
    read(&code, &entry);
    let _ = code.finish(&visited());
    let checks = Checks::new(rules, |kind| kind.finding == FindingKind::Suspicious);
    read(&checks, &entry);
    let _ = checks.finish(&visited());
});
