//! What a kind of document is to the engine, and what its rules look at.

use std::sync::Arc;

use linchpin_document::Node;
use linchpin_model::{FindingKind, LayerIndex, TargetPath};
use linchpin_source::Pattern;

use crate::syntax::{Syntax, SyntaxProblem};

/// A kind of document, such as the workflows of GitHub Actions.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The word for it in rules: `applies_to: kubernetes`. Also the folder of its rules.
    pub id: &'static str,
    /// What one of them is called: `GitHub workflow`. The plural has an `s` behind it.
    pub noun: &'static str,
    /// What it is, for the manual: `Kubernetes manifests, of several documents too`.
    pub documentation: &'static str,
    /// What sort of finding its rules make.
    pub finding: FindingKind,
    /// The files that may be of this kind.
    pub wants: &'static [Pattern],
    /// Whether a file is worth being parsed for this kind: cheap, and yes where in doubt.
    pub may_be: fn(&TargetPath, &[u8]) -> bool,
    /// The syntax in which it is written.
    pub syntax: Syntax,
    /// What the files become before they are looked at: references between them are followed here.
    /// Files that are of another kind after all are left out.
    pub prepare: fn(Vec<DocumentFile>) -> Vec<DocumentFile>,
    /// What rules of this kind can look at.
    pub subjects: &'static [SubjectKind],
    /// Finds these in a file.
    pub find: for<'a> fn(&'a DocumentFile, &mut Vec<Subject<'a>>),
    /// Where the example of a rule lies, if it does not say.
    pub example: &'static str,
}

/// A sort of thing that rules look at: `each: container`.
#[derive(Debug, Clone, Copy)]
pub struct SubjectKind {
    /// The word for it.
    pub name: &'static str,
    /// What it is, and what `this` holds.
    pub documentation: &'static str,
    /// What else an expression can ask for: the things around it, by name.
    pub around: &'static [&'static str],
}

/// A file with its documents.
#[derive(Debug, Clone)]
pub struct DocumentFile {
    /// Where it is.
    pub path: TargetPath,
    /// Its layer.
    pub layer: Option<LayerIndex>,
    /// Its text.
    pub text: Arc<str>,
    /// What it holds.
    pub documents: Vec<Node>,
    /// What else could not be understood when it was prepared. Each becomes a note.
    pub problems: Vec<SyntaxProblem>,
    /// Where its lines come from, if it was put together from several files, in the order of
    /// their first lines. None means that they are its own.
    pub parts: Vec<Part>,
}

/// A file that another was put together from.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which line of the whole its first line is.
    pub first_line: u32,
    /// Where it is.
    pub path: TargetPath,
    /// Its layer.
    pub layer: Option<LayerIndex>,
    /// Its text.
    pub text: Arc<str>,
}

impl DocumentFile {
    /// A file that stands for itself.
    pub fn new(
        path: TargetPath,
        layer: Option<LayerIndex>,
        text: Arc<str>,
        documents: Vec<Node>,
    ) -> Self {
        Self {
            path,
            layer,
            text,
            documents,
            problems: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// The text of one of the files that it was put together from, or its own.
    pub(crate) fn text_of(&self, path: &TargetPath) -> &str {
        let part = self.parts.iter().find(|part| part.path == *path);
        part.map_or(&self.text, |part| &part.text)
    }

    /// The file that a line comes from, and its number there.
    pub(crate) fn origin(&self, line: u32) -> (&TargetPath, Option<LayerIndex>, &Arc<str>, u32) {
        let part = (self.parts.iter().rev()).find(|part| part.first_line <= line);
        match part {
            None => (&self.path, self.layer, &self.text, line),
            Some(part) => {
                let line = line.saturating_sub(part.first_line).saturating_add(1);
                (&part.path, part.layer, &part.text, line)
            }
        }
    }
}

/// A thing that rules look at.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// What it is: one of the kind's [`SubjectKind`]s.
    pub kind: &'static str,
    /// Its type, for rules that are about certain types only: `aws_s3_bucket`.
    pub of: &'a str,
    /// The thing itself, `this` in expressions. Places are ways from here.
    pub node: &'a Node,
    /// What is around it, by the names that its kind declares.
    pub around: Vec<(&'static str, &'a Node)>,
}

impl<'a> Subject<'a> {
    /// A thing without a type, with nothing around it.
    pub fn new(kind: &'static str, node: &'a Node) -> Self {
        Self {
            kind,
            of: "",
            node,
            around: Vec::new(),
        }
    }

    /// The same with its type.
    #[must_use]
    pub fn of(self, of: &'a str) -> Self {
        Self { of, ..self }
    }

    /// The same with something around it.
    #[must_use]
    pub fn with(mut self, name: &'static str, node: &'a Node) -> Self {
        self.around.push((name, node));
        self
    }
}

/// For kinds whose files stand for themselves.
#[allow(dead_code, reason = "for kinds that need no more than that")]
pub(crate) fn as_they_are(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    files
}
