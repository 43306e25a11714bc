//! What packages do: signs of attacks in the code that runs when they are installed or loaded.
//!
//! Of a tree of installed packages no more is read than runs by itself: the scripts that manifests
//! name and what these lead to, `setup.py`, `.pth` files and the like. Of a package that is the
//! target all code is read. Which rules are broken is data, as for all checks: a sign alone is weak,
//! so rules ask for several together.

mod collected;
mod comments;
mod detector;
mod hidden;
mod language;
mod leads;
mod programs;
mod sign;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use linchpin_model::{Note, NoteKind, SubjectKind, TargetPath};
use linchpin_source::{Entry, Pattern, Reader, ReaderIndex, Visited, Visitor};
use memchr::memmem;

use crate::checks::{Checked, check_documents};
use crate::kind::{DocumentFile, Kind};
use crate::kinds;
use crate::rules::Rules;
use collected::{Code, Collected, Manifest};
use language::Language;
use programs::{PROGRAMS, Program, is_named_so, is_wheel_file};

/// Largest file of code that is read, in bytes.
const MOST_CODE: usize = 8 << 20;

/// Most code with signs that is kept, in bytes.
const MOST_KEPT: usize = 256 << 20;

/// What runs by itself, wherever it lies.
static RUNNING: &[Pattern] = &[
    Pattern::Name("package.json"),
    Pattern::Name("setup.py"),
    Pattern::Suffix(".pth"),
    Pattern::Name("sitecustomize.py"),
    Pattern::Name("usercustomize.py"),
    Pattern::Name("build.rs"),
    Pattern::Name("extconf.rb"),
    Pattern::Name("binding.gyp"),
    Pattern::Name("configure"),
    Pattern::Suffix(".m4"),
];

/// What hooks usually run, for targets whose files can not be had by their paths.
static USUAL: &[Pattern] = &[
    Pattern::Name("preinstall.js"),
    Pattern::Name("install.js"),
    Pattern::Name("postinstall.js"),
    Pattern::Name("preinstall.sh"),
    Pattern::Name("install.sh"),
    Pattern::Name("postinstall.sh"),
    Pattern::Name("bundle.js"),
    Pattern::Name("build.js"),
    Pattern::Name("setup.js"),
];

/// All code.
static ALL: &[Pattern] = &[
    Pattern::Suffix(".js"),
    Pattern::Suffix(".cjs"),
    Pattern::Suffix(".mjs"),
    Pattern::Suffix(".ts"),
    Pattern::Suffix(".py"),
    Pattern::Suffix(".rb"),
    Pattern::Suffix(".rs"),
    Pattern::Suffix(".sh"),
    Pattern::Suffix(".ps1"),
    Pattern::Suffix(".bat"),
    Pattern::Suffix(".cmd"),
    Pattern::Suffix(".dist-info/WHEEL"),
];

/// The place of [`PROGRAMS`] in the list of what is wanted of a package.
const PLACE_OF_PROGRAMS: ReaderIndex = ReaderIndex(2);

/// How much of a target's code is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What runs by itself, followed from file to file.
    Followed,
    /// What runs by itself, by its usual names.
    Usual,
    /// A file that is no package: all code, and no program, as it may be one itself.
    Alone,
    /// A package: all code, and the programs that it brings.
    All,
}

impl Depth {
    /// What is read of a sort of target: an archive is a package.
    pub fn of(kind: SubjectKind) -> Self {
        match kind {
            SubjectKind::Directory => Self::Followed,
            SubjectKind::Archive => Self::All,
            SubjectKind::File => Self::Alone,
            SubjectKind::Image | SubjectKind::Repository | SubjectKind::Package => Self::Usual,
        }
    }
}

/// Reads the code of packages.
#[derive(Debug)]
pub struct PackageCode<'r> {
    rules: &'r Rules,
    depth: Depth,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    collected: Collected,
    /// How much text is kept.
    kept: usize,
    /// What is to be read beside, with the folder of its package.
    wanted: BTreeMap<TargetPath, TargetPath>,
    /// What was asked for, and is not there yet.
    asked: HashMap<TargetPath, TargetPath>,
    /// All that was read or asked for.
    known: HashSet<TargetPath>,
    notes: Vec<Note>,
}

impl State {
    fn want(&mut self, path: &TargetPath, package: &TargetPath) {
        if Language::of(path).is_some() && !self.known.contains(path) {
            self.wanted.insert(path.clone(), package.clone());
        }
    }

    /// Everything that is wanted and was not read in the meantime.
    fn ask(&mut self) -> Vec<TargetPath> {
        let wanted = std::mem::take(&mut self.wanted);
        let mut paths = Vec::new();
        for (path, package) in wanted {
            if self.known.insert(path.clone()) {
                paths.push(path.clone());
                self.asked.insert(path, package);
            }
        }
        paths
    }

    fn add_manifest(&mut self, manifest: Manifest, path: &TargetPath) {
        let folder = path.parent();
        for lead in manifest.leads() {
            self.want(lead, &folder);
        }
        if self.keeps(manifest.size(), path) {
            self.collected.manifests.push(manifest);
        }
    }

    /// Whether there is room for a text; if not, that is said.
    fn keeps(&mut self, size: usize, path: &TargetPath) -> bool {
        let fits = self.kept.saturating_add(size) <= MOST_KEPT;
        if fits {
            self.kept += size;
        } else if self.notes.is_empty() {
            let text = "and further files hold more code with signs of attacks than is kept";
            self.notes
                .push(Note::at(NoteKind::Unread, path, None, text));
        }
        fits
    }

    fn add_code(&mut self, code: Code, path: &TargetPath, package: &TargetPath, follow: bool) {
        self.known.insert(path.clone());
        if follow {
            for lead in code.leads() {
                self.want(lead, package);
            }
        }
        if self.keeps(code.size(), path) {
            self.collected.code.push(code);
        }
    }
}

/// What files of the kind become that were read whole.
pub(crate) fn documents(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    Collected::of(files).into_documents()
}

/// Whether a file is code, a program or a manifest.
pub(crate) fn is_code(path: &TargetPath) -> bool {
    path.name() == "package.json" || Language::of(path).is_some() || is_named_so(path)
}

impl<'r> PackageCode<'r> {
    /// Reads so much of the code.
    pub fn new(rules: &'r Rules, depth: Depth) -> Self {
        Self {
            rules,
            depth,
            state: Mutex::default(),
        }
    }

    /// What rules say of what was read.
    pub fn finish(self, visited: &Visited) -> Checked {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let kind: &Kind = kinds::package_code();
        let mut files = state.collected.into_documents();
        let superseded: HashSet<_> = visited
            .superseded
            .iter()
            .map(|(path, layer)| (path, *layer))
            .collect();
        files.retain(|file| !superseded.contains(&(&file.path, file.layer)));
        files.sort_by(|left, right| (&left.path, left.layer).cmp(&(&right.path, right.layer)));
        let mut checked = check_documents(kind, &self.rules.of(kind.id), &files);
        checked.notes.extend(state.notes);
        checked.sort();
        checked
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, entry: &Entry<'_>, package: Option<&TargetPath>) {
        if entry.content.len() > MOST_CODE {
            return;
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return;
        };
        let folder = entry.path.parent();
        if entry.path.name() == "package.json" {
            // Every name of a hook of others ends so; a project has others.
            let may_have_hooks = memmem::find(entry.content, b"install\"").is_some()
                || memmem::find(entry.content, b"prepare\"").is_some()
                || memmem::find(entry.content, b"prepublish\"").is_some();
            if may_have_hooks && let Some(manifest) = Manifest::read(entry.path, entry.layer, text)
            {
                self.state().add_manifest(manifest, entry.path);
            }
            return;
        }
        if is_wheel_file(entry.path) {
            self.state().collected.take_wheel(text);
            return;
        }
        let Some(language) = Language::of(entry.path) else {
            return;
        };
        let code = Code::read(entry.path, entry.layer, language, text, package);
        let follow = package.is_some() || code.runs_by_name();
        self.state()
            .add_code(code, entry.path, package.unwrap_or(&folder), follow);
    }
}

impl Reader for PackageCode<'_> {
    fn wants(&self) -> Vec<&'static [Pattern]> {
        match self.depth {
            Depth::Followed => vec![RUNNING],
            Depth::Usual => vec![RUNNING, USUAL],
            Depth::Alone => vec![RUNNING, ALL],
            Depth::All => vec![RUNNING, ALL, PROGRAMS],
        }
    }

    fn further(&self) -> Vec<TargetPath> {
        if self.depth != Depth::Followed {
            return Vec::new();
        }
        self.state().ask()
    }

    fn visit_further(&self, entry: &Entry<'_>) {
        let package = self.state().asked.remove(entry.path);
        if let Some(package) = package {
            self.take(entry, Some(&package));
        }
    }
}

impl Visitor for PackageCode<'_> {
    fn visit(&self, entry: &Entry<'_>, readers: &[ReaderIndex]) {
        if readers.contains(&PLACE_OF_PROGRAMS) {
            let program = Program::read(entry.path, entry.layer, entry.content);
            self.state().collected.programs.extend(program);
        }
        if readers.iter().any(|reader| *reader != PLACE_OF_PROGRAMS) {
            self.take(entry, None);
        }
    }
}
