//! The files of a project that practices are known by, read in the one pass over it.
//!
//! Most are known by their paths; of few is the beginning read. What counts is what is in the
//! repository: where git says which files it tracks, others are left out, so that what a build left
//! behind is no finding.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use linchpin_document::Position;
use linchpin_model::TargetPath;
use linchpin_source::{Entry, Pattern, Reader, ReaderIndex, Visitor};

use super::evaluation::Place;
use super::pins::Pin;
use super::pipelines::of_script;
use super::tools::fuzzers_of;
use crate::of_others::is_of_others;

/// How much of a script is read, and of a file at one of the known places: licences, policies.
const MOST_TEXT: u32 = 256 << 10;

/// How much of a source file is read.
const MOST_SOURCE: u32 = 1 << 20;

/// How much of a file is read to tell a text from a program.
const MOST_HEAD: u32 = 1 << 10;

/// Most files of each sort that are kept.
const MOST_FILES: usize = 20_000;

/// What lies at the places where forges and tools look for it. Of most of it the path is enough.
const KNOWN_PLACES: &[Pattern] = &[
    Pattern::Head(&Pattern::Glob("*"), 1),
    Pattern::Head(&Pattern::Glob("*[lL][iI][cC][eE][nN]*"), MOST_TEXT),
    Pattern::Head(&Pattern::Glob("[cC][oO][pP][yY]*"), MOST_TEXT),
    Pattern::Head(&Pattern::Glob("[oO][fF][lL]*"), MOST_TEXT),
    Pattern::Head(
        &Pattern::Glob("[sS][eE][cC][uU][rR][iI][tT][yY]*"),
        MOST_TEXT,
    ),
    Pattern::Head(&Pattern::Glob(".github/*"), 1),
    Pattern::Head(&Pattern::Glob(".github/[sS][eE][cC]*"), MOST_TEXT),
    Pattern::Head(&Pattern::Glob(".github/workflows/*"), 1),
    Pattern::Head(&Pattern::Glob(".gitlab/*"), 1),
    Pattern::Head(&Pattern::Glob(".gitlab/[sS][eE][cC]*"), MOST_TEXT),
    Pattern::Head(&Pattern::Path(".gitlab-ci.yml"), MOST_TEXT),
    Pattern::Head(&Pattern::Glob("docs/[sS][eE][cC]*"), MOST_TEXT),
    Pattern::Head(&Pattern::Glob("doc/[sS][eE][cC]*"), MOST_TEXT),
    Pattern::Head(&Pattern::Glob("LICENSES/*"), MOST_TEXT),
    Pattern::Head(&Pattern::Glob("LICENSE/*"), MOST_TEXT),
    Pattern::Head(&Pattern::Path(".clusterfuzzlite/Dockerfile"), 1),
    Pattern::Head(&Pattern::Path(".circleci/config.yml"), 1),
    Pattern::Head(&Pattern::Glob(".buildkite/*"), 1),
];

/// Programs, and files that are named like one.
const PROGRAMS: &[Pattern] = &[
    Pattern::ExecutableHead(MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".crx"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".deb"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".dex"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".dey"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".elf"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".o"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".a"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".so"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".macho"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".iso"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".class"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".jar"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".bundle"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".dylib"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".lib"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".msi"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".dll"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".drv"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".efi"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".exe"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".ocx"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".pyc"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".pyo"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".par"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".rpm"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".wasm"), MOST_HEAD),
    Pattern::Head(&Pattern::Suffix(".whl"), MOST_HEAD),
];

/// Files that ask for packages of others.
const MANIFESTS: &[Pattern] = &[
    Pattern::Head(&Pattern::Name("Cargo.toml"), 1),
    Pattern::Head(&Pattern::Name("Gemfile"), 1),
    Pattern::Head(&Pattern::Name("Pipfile"), 1),
    Pattern::Head(&Pattern::Name("build.gradle"), 1),
    Pattern::Head(&Pattern::Name("build.gradle.kts"), 1),
    Pattern::Head(&Pattern::Name("composer.json"), 1),
    Pattern::Head(&Pattern::Name("go.mod"), 1),
    Pattern::Head(&Pattern::Name("mix.exs"), 1),
    Pattern::Head(&Pattern::Name("package.json"), 1),
    Pattern::Head(&Pattern::Name("pom.xml"), 1),
    Pattern::Head(&Pattern::Name("pubspec.yaml"), 1),
    Pattern::Head(&Pattern::Name("pyproject.toml"), 1),
    Pattern::Head(&Pattern::Name("requirements.txt"), 1),
];

/// Sources that a fuzzer may be used in, scripts, and settings of builds. Only read when practices are
/// scored.
const SOURCES: &[Pattern] = &[
    Pattern::Head(&Pattern::Suffix("_test.go"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".rs"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".c"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".cc"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".cpp"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".cxx"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".swift"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".py"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".java"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".js"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".ts"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".hs"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".lhs"), MOST_SOURCE),
    Pattern::Head(&Pattern::Suffix(".sh"), MOST_TEXT),
    Pattern::Head(&Pattern::Name("pom.xml"), MOST_SOURCE),
];

/// How deeply a project is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// For findings: names and a few beginnings.
    Names,
    /// For scores: its sources, too.
    Sources,
}

/// What the files of a project show.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// What lies at known places, by path, with its text where that is read.
    pub(super) known: Vec<(TargetPath, String)>,
    /// Programs and libraries.
    pub(super) programs: Vec<TargetPath>,
    /// Files that ask for packages of others.
    pub(super) manifests: Vec<TargetPath>,
    /// Where fuzzers are used.
    pub(super) fuzzers: Vec<(&'static str, Place)>,
    /// Where Maven sends sources to Sonar.
    pub(super) sonar: Vec<Place>,
    /// What scripts take from elsewhere.
    pub(super) pins: Vec<Pin>,
}

/// Reads the files of a project for its practices.
#[derive(Debug)]
pub struct PracticeFiles {
    depth: Depth,
    found: Mutex<Files>,
}

impl PracticeFiles {
    /// A reader that reads so deeply.
    pub fn new(depth: Depth) -> Self {
        Self {
            depth,
            found: Mutex::default(),
        }
    }

    /// What was found. Where `tracked` says which files are in the repository, no others count;
    /// elsewhere those of installed packages do not.
    pub fn finish(self, tracked: Option<&BTreeSet<String>>) -> Files {
        let mut files = (self.found.into_inner()).unwrap_or_else(PoisonError::into_inner);
        let is_ours = |path: &TargetPath| is_ours(path, tracked);
        files.known.retain(|(path, _)| is_ours(path));
        files.programs.retain(is_ours);
        files
            .manifests
            .retain(|path| is_ours(path) && !is_of_others(path));
        files.fuzzers.retain(|(_, place)| is_ours(&place.path));
        files.sonar.retain(|place| is_ours(&place.path));
        files.pins.retain(|pin| is_ours(&pin.place.path));
        files.known.sort();
        files.known.dedup_by(|left, right| left.0 == right.0);
        files.programs.sort();
        files.programs.dedup();
        files.manifests.sort();
        files.fuzzers.sort();
        files.sonar.sort();
        files
            .pins
            .sort_by(|left, right| left.place.cmp(&right.place));
        files
    }
}

/// Whether a file belongs to the project. What lies in folders of test data does not, as in Scorecard.
pub(super) fn is_ours(path: &TargetPath, tracked: Option<&BTreeSet<String>>) -> bool {
    let is_test_data = path.parent_str().split('/').any(|part| part == "testdata");
    !is_test_data
        && match tracked {
            Some(tracked) => tracked.contains(path.as_str()),
            None => !is_of_others(path),
        }
}

impl Files {
    /// The text of a file at a known place, for a path in whatever case.
    pub(super) fn known(&self, path: &str) -> Option<(&TargetPath, &str)> {
        let mut known = self.known.iter();
        let found = known.find(|(known, _)| known.as_str().eq_ignore_ascii_case(path))?;
        Some((&found.0, &found.1))
    }

    /// The names of what lies at the root.
    pub(super) fn at_root(&self) -> impl Iterator<Item = &(TargetPath, String)> {
        self.known
            .iter()
            .filter(|(path, _)| path.parent_str().is_empty())
    }
}

impl Reader for PracticeFiles {
    fn wants(&self) -> Vec<&'static [Pattern]> {
        match self.depth {
            Depth::Names => vec![KNOWN_PLACES, PROGRAMS, MANIFESTS],
            Depth::Sources => vec![KNOWN_PLACES, PROGRAMS, MANIFESTS, SOURCES],
        }
    }
}

impl Visitor for PracticeFiles {
    fn visit(&self, entry: &Entry<'_>, readers: &[ReaderIndex]) {
        let path = entry.path;
        if path.is_in_archive() || path.as_str().starts_with(".git/") {
            return;
        }
        let mut found = Files::default();
        for reader in readers {
            match reader.0 {
                0 => found.known.push((path.clone(), text(entry.content))),
                1 if is_program(entry.content) => found.programs.push(path.clone()),
                2 => found.manifests.push(path.clone()),
                3 => look_into(path, entry.content, &mut found),
                _ => {}
            }
        }
        let mut all = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        append(&mut all.known, found.known);
        append(&mut all.programs, found.programs);
        append(&mut all.manifests, found.manifests);
        append(&mut all.fuzzers, found.fuzzers);
        append(&mut all.sonar, found.sonar);
        append(&mut all.pins, found.pins);
    }
}

fn append<T>(all: &mut Vec<T>, found: Vec<T>) {
    let room = MOST_FILES.saturating_sub(all.len());
    all.extend(found.into_iter().take(room));
}

/// A text, or nothing where it is none.
fn text(content: &[u8]) -> String {
    let is_text = !content.iter().take(1024).any(|byte| *byte == 0);
    if is_text {
        String::from_utf8_lossy(content).into_owned()
    } else {
        String::new()
    }
}

/// Whether the beginning of a file is no text. Empty files are no programs.
fn is_program(head: &[u8]) -> bool {
    let mut shown = head.iter().take(MOST_HEAD as usize);
    shown.any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
}

fn look_into(path: &TargetPath, content: &[u8], found: &mut Files) {
    let text = String::from_utf8_lossy(content);
    for fuzzer in fuzzers_of(path) {
        if let Some(line) = fuzzer.line(&text) {
            found.fuzzers.push((&fuzzer.name, Place::line(path, line)));
        }
    }
    if path.name() == "pom.xml" {
        let line = text
            .lines()
            .position(|line| line.contains("<sonar.host.url>"));
        let line = line.and_then(|line| u32::try_from(line + 1).ok());
        found.sonar.extend(line.map(|line| Place::line(path, line)));
    }
    if path.ending() == Some("sh") {
        for (kind, is_pinned, what, at) in of_script(&text, Position::START) {
            found.pins.push(Pin {
                kind,
                what,
                place: Place::line(path, at.line),
                is_pinned,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_source::Mode;

    fn read(depth: Depth, files: &[(&str, u16, &[u8])], tracked: Option<&[&str]>) -> Files {
        let reader = PracticeFiles::new(depth);
        for (path, place, content) in files {
            let path = TargetPath::new(path);
            let entry = Entry::whole(&path, None, Mode::default(), content);
            reader.visit(&entry, &[ReaderIndex(*place)]);
        }
        let tracked: Option<BTreeSet<String>> =
            tracked.map(|paths| paths.iter().map(|path| (*path).to_owned()).collect());
        reader.finish(tracked.as_ref())
    }

    #[test]
    fn only_what_is_tracked_counts() {
        let elf: &[u8] = b"\x7fELF\x02\x01\x01\x00";
        let files = [
            ("bin/tool", 1, elf),
            ("src/testdata/tool", 1, elf),
            ("target/debug/tool", 1, elf),
            ("script.exe", 1, b"echo".as_slice()),
            ("x.zip!/tool", 1, elf),
        ];
        let all = read(Depth::Names, &files, None);
        assert_eq!(all.programs, [TargetPath::new("target/debug/tool")]);
        let tracked = read(
            Depth::Names,
            &files,
            Some(&["bin/tool", "script.exe", "src/testdata/tool"]),
        );
        assert_eq!(tracked.programs, [TargetPath::new("bin/tool")]);
    }

    #[test]
    fn sources_tell_fuzzers_and_scripts_tell_what_they_fetch() {
        let files = read(
            Depth::Sources,
            &[
                (
                    "fuzz/a.rs",
                    3,
                    b"#![no_main]\nuse libfuzzer_sys::x;\n".as_slice(),
                ),
                ("ci/a.sh", 3, b"#!/bin/sh\n\npip install x\n"),
                ("pom.xml", 3, b"<a>\n<sonar.host.url>x</sonar.host.url>\n"),
            ],
            None,
        );
        let place = |path: &str, line| Place::line(&TargetPath::new(path), line);
        assert_eq!(files.fuzzers, [("cargo-fuzz", place("fuzz/a.rs", 2))]);
        assert_eq!(files.pins[0].place, place("ci/a.sh", 3));
        assert_eq!(files.sonar, [place("pom.xml", 2)]);
    }
}
