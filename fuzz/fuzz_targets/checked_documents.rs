//! Documents of every kind with all rules asked of them, whatever the document is.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use linchpin_check::{Checks, Rules, kinds};
use linchpin_model::TargetPath;
use linchpin_source::{Entry, FileTree, Mode, ReaderIndex, Visited, Visitor};

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

fuzz_target!(|bytes: &[u8]| {
    static RULES: OnceLock<Rules> = OnceLock::new();
    let rules = RULES.get_or_init(Rules::default);
    // The first byte says of which kind the rest is.
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let number = usize::from(*first) % kinds::ALL.len();
    let Some(kind) = kinds::ALL.get(number) else {
        return;
    };
    let checks = Checks::new(rules, |other| other.id == kind.id);
    let path = TargetPath::new(kind.example);
    let entry = Entry::whole(&path, None, Mode::default(), rest);
    checks.visit(&entry, &[ReaderIndex(0)]);
    let _ = checks.finish(&Visited {
        tree: Box::new(Nothing),
        superseded: Vec::new(),
        notes: Vec::new(),
        entries: 1,
    });
});
