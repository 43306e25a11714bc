//! All checks over one pass of a source.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_model::{
    About, CommentedOut, DocumentCount, Excerpt, Finding, LayerIndex, Location, Note, NoteKind,
    Reason, RiskScore, RuleId, RuleReason, Suppressed, Suppression, TargetPath,
};
use linchpin_source::{Entry, Pattern, Reader, ReaderIndex, Visited, Visitor};
use rayon::prelude::*;

use crate::engine::{Answers, Ignored, NotAsked, Offence, ask, ignored};
use crate::internal_names::InternalNames;
use crate::kind::{DocumentFile, Kind};
use crate::kinds;
use crate::of_others::is_of_others;
use crate::priority::risk_score;
use crate::repairing::Repairing;
use crate::rule::Rule;
use crate::rules::Rules;
use crate::syntax::{Documents, Syntax};

/// Largest document that is looked at, in bytes.
const MOST_DOCUMENT: usize = 16 << 20;

/// Most notes about things that could not be asked.
const MOST_NOTES: usize = 20;

/// What the checks came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// What is wrong, the most urgent first.
    pub findings: Vec<Finding>,
    /// What the documents themselves say may stay.
    pub suppressed: Vec<Suppressed>,
    /// What could not be understood.
    pub notes: Vec<Note>,
    /// What rules were asked about, by kind.
    pub documents: Vec<DocumentCount>,
}

/// Reads the documents of a target for their rules.
#[derive(Debug)]
pub struct Checks<'r> {
    rules: &'r Rules,
    kinds: Vec<&'static Kind>,
    internal: InternalNames,
    collected: Mutex<Collected>,
}

#[derive(Debug, Default)]
struct Collected {
    /// By the place of the kind in the list.
    files: Vec<(usize, DocumentFile)>,
    notes: Vec<Note>,
}

impl Checked {
    /// Adds what other checks came to.
    pub fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.suppressed.extend(other.suppressed);
        self.notes.extend(other.notes);
        self.documents.extend(other.documents);
    }

    /// Puts the most urgent first, and otherwise by place and rule; notes each once.
    pub(crate) fn sort(&mut self) {
        let key = |finding: &Finding| match &finding.about {
            About::Place(place) => Some((place.clone(), finding.rule.clone())),
            About::Package(_) => None,
        };
        self.findings
            .sort_by(|left, right| (right.score, key(left)).cmp(&(left.score, key(right))));
        // A file that several others are put together from says the same in each of them.
        self.findings
            .dedup_by(|left, right| key(left).is_some() && key(left) == key(right));
        self.notes.sort();
        self.notes.dedup();
    }
}

impl<'r> Checks<'r> {
    /// Checks of all kinds for which `wanted` holds.
    pub fn new(rules: &'r Rules, wanted: impl Fn(&Kind) -> bool) -> Self {
        Self {
            rules,
            kinds: kinds::ALL.iter().filter(|kind| wanted(kind)).collect(),
            internal: InternalNames::default(),
            collected: Mutex::default(),
        }
    }

    /// The same for a project with names of packages that are its own.
    #[must_use]
    pub fn with_internal_names(self, internal: InternalNames) -> Self {
        Self { internal, ..self }
    }

    /// What is wrong in what was read.
    pub fn finish(self, visited: &Visited) -> Checked {
        let (rules, internal) = (self.rules, self.internal.clone());
        let (by_kind, mut notes) = self.files(visited);
        let mut checked = Checked::default();
        for (kind, files) in by_kind {
            let files = kinds::prepare(kind, files, &internal);
            if !files.is_empty() {
                checked.documents.push(DocumentCount {
                    kind: kind.id,
                    noun: kind.noun,
                    count: files.len(),
                });
            }
            checked.append(check_documents(kind, &rules.of(kind.id), &files));
        }
        checked.notes.append(&mut notes);
        checked.sort();
        checked
    }

    /// What can be repaired in what was read.
    pub fn repairing(self, visited: &Visited) -> Repairing<'r> {
        let rules = self.rules;
        Repairing::new(rules, self.files(visited).0)
    }

    /// The documents that were read, by their kinds and in the order of their paths, and what could not
    /// be understood.
    pub(crate) fn files(
        self,
        visited: &Visited,
    ) -> (Vec<(&'static Kind, Vec<DocumentFile>)>, Vec<Note>) {
        let superseded: HashSet<(&TargetPath, Option<LayerIndex>)> = visited
            .superseded
            .iter()
            .map(|(path, layer)| (path, *layer))
            .collect();
        let Collected { files, notes } = self
            .collected
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut by_kind: Vec<(&'static Kind, Vec<DocumentFile>)> =
            self.kinds.iter().map(|kind| (*kind, Vec::new())).collect();
        for (kind, file) in files {
            if superseded.contains(&(&file.path, file.layer)) {
                continue;
            }
            if let Some((_, files)) = by_kind.get_mut(kind) {
                files.push(file);
            }
        }
        by_kind.retain(|(_, files)| !files.is_empty());
        for (_, files) in &mut by_kind {
            files.sort_by(|left, right| (&left.path, left.layer).cmp(&(&right.path, right.layer)));
        }
        (by_kind, notes)
    }

    fn collect(&self, kind: usize, file: DocumentFile) {
        let mut collected = self
            .collected
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        collected.files.push((kind, file));
    }

    fn note(&self, note: Note) {
        let mut collected = self
            .collected
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        collected.notes.push(note);
    }
}

impl Reader for Checks<'_> {
    fn wants(&self) -> Vec<&'static [Pattern]> {
        self.kinds.iter().map(|kind| kind.wants).collect()
    }
}

/// A text, and what it holds in a syntax.
type ReadText = Arc<(Arc<str>, Documents)>;

impl Visitor for Checks<'_> {
    fn visit(&self, entry: &Entry<'_>, readers: &[ReaderIndex]) {
        if is_of_others(entry.path) {
            return;
        }
        let mut read: HashMap<Syntax, Option<ReadText>> = HashMap::new();
        for &reader in readers {
            let place = usize::from(reader.0);
            let Some(kind) = self.kinds.get(place) else {
                continue;
            };
            if entry.content.len() > MOST_DOCUMENT || !(kind.may_be)(entry.path, entry.content) {
                continue;
            }
            let syntax = kind.syntax;
            let documents = read.entry(syntax).or_insert_with(|| {
                let text = std::str::from_utf8(entry.content).ok()?;
                // A mistake of ours in one reader must not cost the user the rest.
                let documents = std::panic::catch_unwind(AssertUnwindSafe(|| syntax.read(text)));
                let documents = documents.unwrap_or_else(|_| Documents::failed());
                Some(Arc::new((Arc::from(text), documents)))
            });
            let Some(documents) = documents else {
                continue;
            };
            let (text, documents) = documents.as_ref();
            if let Some(problem) = &documents.problem {
                let text = format!("{} (line {})", problem.text, problem.at.line);
                self.note(Note::at(NoteKind::Unread, entry.path, entry.layer, text));
            }
            let (path, text) = (entry.path.clone(), Arc::clone(text));
            let documents = documents.documents.clone();
            let file = DocumentFile::new(path, entry.layer, text, documents);
            self.collect(place, file);
        }
    }
}

/// What rules say of files that are prepared.
pub(crate) fn check_documents(kind: &Kind, rules: &[&Rule], files: &[DocumentFile]) -> Checked {
    let mut checked = Checked::default();
    let answers = ask(kind, rules, files);
    let by_id: HashMap<&str, &Rule> = rules.iter().map(|rule| (rule.id.as_str(), *rule)).collect();
    let judged: Vec<Checked> = files
        .par_iter()
        .zip(answers)
        .map(|(file, answers)| judge(kind, &by_id, file, answers))
        .collect();
    for mut one in judged {
        checked.findings.append(&mut one.findings);
        checked.suppressed.append(&mut one.suppressed);
        let room = MOST_NOTES.saturating_sub(checked.notes.len());
        one.notes.truncate(room);
        checked.notes.append(&mut one.notes);
    }
    checked
}

/// Turns the answers for a file into findings, and weighs them against its comments.
fn judge(
    kind: &Kind,
    rules: &HashMap<&str, &Rule>,
    file: &DocumentFile,
    answers: Answers,
) -> Checked {
    let mut comments: HashMap<TargetPath, Vec<Ignored>> = HashMap::new();
    let mut checked = Checked::default();
    for problem in &file.problems {
        let (path, layer, _, line) = file.origin(problem.at.line);
        let text = format!("{} (line {line})", problem.text);
        checked
            .notes
            .push(Note::at(NoteKind::Unread, path, layer, text));
    }
    for offence in answers.offences {
        let Some(rule) = rules.get(offence.rule.as_str()) else {
            continue;
        };
        let comments = comments
            .entry(offence.path.clone())
            .or_insert_with(|| ignored(file.text_of(&offence.path)));
        let comment = comments
            .iter()
            .find(|comment| comment.covers(&offence.rule, offence.at.line));
        let (path, layer) = (offence.path.clone(), offence.layer);
        let finding = finding(kind, rule, offence);
        match comment {
            Some(comment) if !comment.reason.is_empty() => checked.suppressed.push(Suppressed {
                finding,
                because: vec![Suppression::Commented(commented(comment))],
            }),
            Some(comment) => {
                checked.notes.push(reasonless_note(&path, layer, comment));
                checked.findings.push(finding);
            }
            None => checked.findings.push(finding),
        }
    }
    for unasked in answers.unasked {
        if matches!(unasked.because, NotAsked::Unfit(_)) {
            continue;
        }
        let (path, layer, _, line) = file.origin(unasked.at.line);
        let text = format!(
            "the rule {} was not asked of what stands in line {line}: {}",
            unasked.rule, unasked.because
        );
        checked
            .notes
            .push(Note::at(NoteKind::Unread, path, layer, text));
    }
    checked
}

/// What a comment says, for the report.
pub(crate) fn commented(comment: &Ignored) -> CommentedOut {
    CommentedOut {
        reason: comment.reason.clone(),
        line: comment.line,
    }
}

/// A comment that gives no reason.
pub(crate) fn reasonless_note(
    path: &TargetPath,
    layer: Option<LayerIndex>,
    comment: &Ignored,
) -> Note {
    let text = format!(
        "the comment in line {} that ignores a finding has no effect, because it gives no reason",
        comment.line
    );
    Note::at(NoteKind::Unapplied, path, layer, text)
}

fn finding(kind: &Kind, rule: &Rule, offence: Offence) -> Finding {
    let (score, parts) = risk_score(rule.severity);
    Finding {
        rule: RuleId(offence.rule),
        aliases: Vec::new(),
        kind: kind.finding,
        severity: rule.severity,
        cvss_tenths: None,
        score: RiskScore(score),
        exploited: None,
        about: About::Place(Location {
            path: offence.path,
            layer: offence.layer,
            line: Some(offence.at.line),
            column: Some(offence.at.column),
        }),
        remedy: None,
        summary: offence.message,
        published: None,
        because: vec![
            Reason::Rule(RuleReason {
                title: rule.title.clone(),
                category: rule.category.clone(),
                why: rule.why.clone(),
                fix: rule.fix.clone(),
                references: rule.references.clone(),
                excerpt: offence
                    .excerpt
                    .into_iter()
                    .map(|line| Excerpt {
                        line: line.number,
                        text: line.text,
                    })
                    .collect(),
                repair: offence.repair,
                fingerprint: None,
            }),
            Reason::Weighed(parts),
        ],
    }
}
