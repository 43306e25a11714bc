//! What was read of packages, and what of it runs without being called: the documents that rules
//! look at.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use linchpin_document::{Member, Node, Position};
use linchpin_model::{LayerIndex, TargetPath};

use super::detector::{self, Found};
use super::language::Language;
use super::leads;
use super::programs::{self, Program};
use crate::kind::DocumentFile;
use crate::of_others::is_of_others;
use crate::syntax::json;

/// Scripts of `package.json` that run when a package is installed:
/// <https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order>.
const HOOKS: &[&str] = &["preinstall", "install", "postinstall"];

/// Those that run as well in the project itself and in what is installed from git.
const OWN_HOOKS: &[&str] = &["prepare", "preprepare", "postprepare", "prepublish"];

/// A file of code.
#[derive(Debug)]
pub(crate) struct Code {
    path: TargetPath,
    layer: Option<LayerIndex>,
    language: Language,
    /// Empty where no sign was found.
    text: Arc<str>,
    found: Vec<Found>,
    leads: Vec<TargetPath>,
}

/// A `package.json` with hooks.
#[derive(Debug)]
pub(crate) struct Manifest {
    path: TargetPath,
    layer: Option<LayerIndex>,
    text: Arc<str>,
    name: String,
    hooks: Vec<Hook>,
}

#[derive(Debug)]
struct Hook {
    name: String,
    at: Position,
    command: String,
    found: Vec<Found>,
    leads: Vec<TargetPath>,
}

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) code: Vec<Code>,
    pub(crate) programs: Vec<Program>,
    /// Whether it is a wheel that says to hold code of Python only.
    is_pure: bool,
}

/// When code runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// When its package is installed or built.
    AtInstall,
    /// Whenever the interpreter starts.
    AtStart,
    /// When it is called.
    WhenCalled,
}

impl Runs {
    fn label(self) -> &'static str {
        match self {
            Self::AtInstall => "install",
            Self::AtStart => "start",
            Self::WhenCalled => "library",
        }
    }

    /// When a file runs because of its name.
    fn by_name(path: &TargetPath) -> Self {
        match (path.name(), path.ending()) {
            ("sitecustomize.py" | "usercustomize.py", _) | (_, Some("pth")) => Self::AtStart,
            ("setup.py" | "extconf.rb" | "build.rs" | "binding.gyp" | "configure", _)
            | (_, Some("m4")) => Self::AtInstall,
            _ => Self::WhenCalled,
        }
    }
}

impl Manifest {
    /// Reads one; nothing if it has no hooks.
    pub(crate) fn read(path: &TargetPath, layer: Option<LayerIndex>, text: &str) -> Option<Self> {
        let read = json::read(text);
        let document = read.documents.first()?;
        let folder = path.parent();
        let own = if is_of_others(path) {
            &[][..]
        } else {
            OWN_HOOKS
        };
        let scripts = document.get("scripts")?;
        let members = HOOKS
            .iter()
            .chain(own)
            .filter_map(|hook| scripts.member(hook));
        let hooks: Vec<Hook> = members
            .filter_map(|member| Hook::new(member, &folder))
            .collect();
        (!hooks.is_empty()).then(|| Self {
            path: path.clone(),
            layer,
            text: Arc::from(text),
            name: document.find_text(&["name"]).unwrap_or_default().to_owned(),
            hooks,
        })
    }

    /// The files that its hooks run.
    pub(crate) fn leads(&self) -> impl Iterator<Item = &TargetPath> {
        self.hooks.iter().flat_map(|hook| &hook.leads)
    }

    /// How much memory its text takes.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }

    fn into_document(self) -> DocumentFile {
        let hooks = self.hooks.iter().map(|hook| {
            let at = hook.at;
            Node::map(
                at,
                vec![
                    Member::added("package", Node::text(at, self.name.as_str())),
                    Member::added("hook", Node::text(at, hook.name.as_str())),
                    Member::added("command", Node::text(at, hook.command.as_str())),
                    Member::added("signs", detector::node(&hook.found)),
                ],
            )
        });
        let documents = hooks.collect();
        DocumentFile::new(self.path, self.layer, self.text, documents)
    }
}

impl Hook {
    fn new(member: &Member, folder: &TargetPath) -> Option<Self> {
        let command = member.value.as_text()?;
        let at = member.value.start;
        let mut found = detector::find(Language::Shell, command);
        if ["node ", "bun ", "deno "]
            .iter()
            .any(|program| command.contains(program))
        {
            let known: BTreeSet<&str> = found.iter().map(|sign| sign.id).collect();
            let more = detector::find(Language::JavaScript, command);
            let more: Vec<Found> = more
                .into_iter()
                .filter(|sign| !known.contains(sign.id))
                .collect();
            found.extend(more);
        }
        // All that is found is found in one text of the manifest.
        for place in found.iter_mut().flat_map(|sign| &mut sign.places) {
            place.0 = at;
        }
        Some(Self {
            name: member.key.to_string(),
            at,
            command: command.to_owned(),
            found,
            leads: leads::of_command(command, folder),
        })
    }
}

impl Code {
    /// Reads a file. `package` is the folder of its package, if that is known.
    pub(crate) fn read(
        path: &TargetPath,
        layer: Option<LayerIndex>,
        language: Language,
        text: &str,
        package: Option<&TargetPath>,
    ) -> Self {
        let found = detector::find(language, text);
        let package = package.cloned().unwrap_or_else(|| path.parent());
        Self {
            path: path.clone(),
            layer,
            language,
            text: Arc::from(if found.is_empty() { "" } else { text }),
            found,
            leads: leads::of_code(text, path, &package),
        }
    }

    /// Whether it runs without being called.
    pub(crate) fn runs_by_name(&self) -> bool {
        Runs::by_name(&self.path) != Runs::WhenCalled
    }

    /// The files that it leads to.
    pub(crate) fn leads(&self) -> &[TargetPath] {
        &self.leads
    }

    /// How much memory its text takes.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }
}

impl Collected {
    /// What files become that stand for themselves: the examples of rules.
    pub(crate) fn of(files: Vec<DocumentFile>) -> Self {
        let mut collected = Self::default();
        for file in files {
            if file.path.name() == "package.json" {
                let manifest = Manifest::read(&file.path, file.layer, &file.text);
                collected.manifests.extend(manifest);
            } else if programs::is_wheel_file(&file.path) {
                collected.take_wheel(&file.text);
            } else if programs::is_named_so(&file.path) {
                let program = Program::read(&file.path, file.layer, file.text.as_bytes());
                collected.programs.extend(program);
            } else if let Some(language) = Language::of(&file.path) {
                let code = Code::read(&file.path, file.layer, language, &file.text, None);
                collected.code.push(code);
            }
        }
        collected
    }

    /// Takes in what a wheel says of itself.
    pub(crate) fn take_wheel(&mut self, text: &str) {
        self.is_pure |= programs::says_pure(text);
    }

    /// The documents that rules look at: hooks, programs, and code with signs.
    pub(crate) fn into_documents(self) -> Vec<DocumentFile> {
        let reached = self.reached();
        let is_pure = self.is_pure;
        let mut documents: Vec<DocumentFile> = self
            .manifests
            .into_iter()
            .map(Manifest::into_document)
            .collect();
        let programs = self.programs.into_iter();
        documents.extend(programs.map(|program| program.into_document(is_pure)));
        for (code, reached) in self.code.into_iter().zip(reached) {
            if code.found.is_empty() {
                continue;
            }
            let node = code_node(&code, &reached);
            documents.push(DocumentFile::new(
                code.path,
                code.layer,
                code.text,
                vec![node],
            ));
        }
        documents
    }

    /// For each file of code, when it runs.
    fn reached(&self) -> Vec<Reached> {
        let by_path: HashMap<&TargetPath, usize> = self
            .code
            .iter()
            .enumerate()
            .map(|(place, code)| (&code.path, place))
            .collect();
        let mut reached: Vec<Reached> = self.code.iter().map(Reached::of).collect();
        let from_hooks = self.manifests.iter().flat_map(|manifest| {
            let hooks = manifest.hooks.iter();
            hooks.map(|hook| {
                let by = (hook.name.as_str(), manifest.name.as_str());
                (Runs::AtInstall, by, hook.leads.as_slice())
            })
        });
        let by_name = self
            .code
            .iter()
            .filter(|code| code.runs_by_name())
            .map(|code| {
                let name = code.path.name();
                let start = std::slice::from_ref(&code.path);
                (Runs::by_name(&code.path), (name, name), start)
            });
        for (runs, (by, package), starts) in from_hooks.chain(by_name) {
            // A file belongs to what reaches it first, so that each is gone through once.
            let mut group = Vec::new();
            let mut waiting: VecDeque<usize> = starts
                .iter()
                .filter_map(|path| by_path.get(path).copied())
                .collect();
            while let Some(place) = waiting.pop_front() {
                if reached[place].is_taken {
                    continue;
                }
                reached[place].is_taken = true;
                reached[place].runs = runs;
                by.clone_into(&mut reached[place].by);
                package.clone_into(&mut reached[place].package);
                group.push(place);
                let further = self.code[place].leads.iter();
                waiting.extend(further.filter_map(|path| by_path.get(path).copied()));
            }
            let signs = group.iter().flat_map(|&place| &self.code[place].found);
            let together: BTreeSet<&'static str> = signs.map(|sign| sign.id).collect();
            for place in group {
                reached[place].together.clone_from(&together);
            }
        }
        reached
    }
}

/// How a file comes to run.
struct Reached {
    runs: Runs,
    /// The hook, or the file that runs it.
    by: String,
    /// The package that it belongs to; of a file that runs by itself, the file.
    package: String,
    /// The signs of all that runs with it.
    together: BTreeSet<&'static str>,
    is_taken: bool,
}

impl Reached {
    fn of(code: &Code) -> Self {
        Self {
            runs: Runs::WhenCalled,
            by: String::new(),
            package: code.path.name().to_owned(),
            together: code.found.iter().map(|sign| sign.id).collect(),
            is_taken: false,
        }
    }
}

fn code_node(code: &Code, reached: &Reached) -> Node {
    let at = Position::START;
    let together = reached.together.iter().map(|id| Node::text(at, *id));
    Node::map(
        at,
        vec![
            Member::added("language", Node::text(at, code.language.label())),
            Member::added("name", Node::text(at, code.path.name())),
            Member::added("runs", Node::text(at, reached.runs.label())),
            Member::added("by", Node::text(at, reached.by.as_str())),
            Member::added("package", Node::text(at, reached.package.as_str())),
            Member::added("signs", detector::node(&code.found)),
            Member::added("together", Node::list(at, together.collect())),
        ],
    )
}
