//! Documents, checked with all rules of a kind as if they were all that a target holds.

use std::sync::OnceLock;

use linchpin_check::{Checked, Checks, Kind, Rules};
use linchpin_model::{About, TargetPath};
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

/// Checks files of one kind together. A finding must lie in one of them, in a line that there is.
pub fn check(kind: &Kind, files: &[(&str, &[u8])]) -> Checked {
    static RULES: OnceLock<Rules> = OnceLock::new();
    let rules = RULES.get_or_init(Rules::default);
    let checks = Checks::new(rules, |other| other.id == kind.id);
    for (path, content) in files {
        let path = TargetPath::new(path);
        let entry = Entry::whole(&path, None, Mode::default(), content);
        checks.visit(&entry, &[ReaderIndex(0)]);
    }
    let checked = checks.finish(&Visited {
        tree: Box::new(Nothing),
        superseded: Vec::new(),
        notes: Vec::new(),
        entries: 1,
    });
    for finding in &checked.findings {
        let About::Place(place) = &finding.about else {
            panic!("a rule found something that has no place");
        };
        let file = files.iter().find(|(path, _)| *path == place.path.as_str());
        let (_, content) = file.expect("a finding lies in a file that was read");
        let lines = content.split(|byte| *byte == b'\n').count();
        let line = usize::try_from(place.line.unwrap_or(1)).unwrap_or(usize::MAX);
        assert!(line <= lines, "line {line} of {lines}");
    }
    checked
}

/// The parts of some bytes, which are told apart by a byte that no text has.
pub fn parts<const COUNT: usize>(bytes: &[u8]) -> [&[u8]; COUNT] {
    let mut parts = bytes.splitn(COUNT, |byte| *byte == 0);
    [(); COUNT].map(|()| parts.next().unwrap_or_default())
}
