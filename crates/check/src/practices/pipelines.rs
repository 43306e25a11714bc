//! What workflows of GitHub Actions and Dockerfiles do, as far as practices ask: the findings of their
//! rules, and counts of what the rules look at.
//!
//! Other than in a scan, a comment that ignores a finding takes nothing away: it would be an easy way to
//! a good score.

use std::collections::BTreeSet;

use linchpin_document::{Member, Node, NodeValue, Position};
use linchpin_model::TargetPath;
use linchpin_source::Visited;

use super::evaluation::Place;
use super::files::{Files, is_ours};
use super::pins::{Pin, PinKind, judge};
use super::tools::{analyser_of, tester_of};
use crate::Checks;
use crate::engine::ask;
use crate::kind::{DocumentFile, Kind, Subject};
use crate::rule::Rule;
use crate::rules::Rules;
use crate::shell;

/// The kinds of documents that are looked at.
const KINDS: &[&str] = &["github-workflow", "github-action", "dockerfile"];

/// The folder whose workflows run.
const WORKFLOWS: &str = ".github/workflows";

/// The rules whose findings are dangers, in Scorecard's sense.
const DANGERS: &[&str] = &[
    "github-action-injection",
    "github-injection",
    "github-injection-from-fork",
    "github-untrusted-checkout",
    "github-untrusted-checkout-unused",
];

/// Most things that builds take, in all.
const MOST_PINS: usize = 20_000;

/// What the pipelines of a project do.
#[derive(Debug, Clone, Default)]
pub struct Pipelines {
    /// The workflows that run.
    pub workflows: Vec<Workflow>,
    /// What builds take from elsewhere.
    pub pins: Vec<Pin>,
    /// What strangers could use, and where.
    pub dangers: Vec<(Place, String)>,
    /// Files that could not be understood whole.
    pub notes: Vec<linchpin_model::Note>,
}

/// A workflow.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Where it is.
    pub path: TargetPath,
    /// What its token may do.
    pub token: TokenRights,
    /// What the token of each job may do, by the line of the job.
    pub jobs: Vec<(u32, TokenRights)>,
    /// Whether it runs for proposed changes.
    pub runs_for_proposals: bool,
    /// Where it publishes something.
    pub publishes: Option<u32>,
    /// Which static analysis it makes, and where.
    pub analyses: Vec<(&'static str, u32)>,
    /// Whether it hands results of an analysis to the forge.
    pub uploads_analyses: bool,
}

/// What `permissions` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenRights {
    /// Nothing.
    Undeclared,
    /// That everything may be written, in this line.
    WriteAll(u32),
    /// Which scopes may be written, each with its line.
    Writes(Vec<(String, u32)>),
}

impl Pipelines {
    /// Whether documents of this kind are looked at.
    pub fn reads(kind: &Kind) -> bool {
        KINDS.contains(&kind.id)
    }

    /// Looks at what was read. Where `tracked` says which files are in the
    /// repository, no others count.
    pub fn of(
        checks: Checks<'_>,
        rules: &Rules,
        visited: &Visited,
        tracked: Option<&BTreeSet<String>>,
    ) -> Self {
        let (by_kind, notes) = checks.files(visited);
        let mut pipelines = Self {
            notes,
            ..Self::default()
        };
        for (kind, mut files) in by_kind {
            files.retain(|file| is_ours(&file.path, tracked));
            if kind.id == "github-workflow" {
                files.retain(|file| file.path.parent_str() == WORKFLOWS);
            }
            let files = (kind.prepare)(files);
            let dangers = rules.of(kind.id);
            let dangers: Vec<&Rule> = (dangers.into_iter())
                .filter(|rule| DANGERS.contains(&rule.id.as_str()))
                .collect();
            for answers in ask(kind, &dangers, &files) {
                for offence in answers.offences {
                    let place = Place::line(&offence.path, offence.at.line);
                    pipelines.dangers.push((place, offence.message));
                }
            }
            for file in &files {
                if kind.id == "github-workflow" {
                    pipelines.workflows.extend(workflow(file));
                }
                pipelines.count(kind, file);
            }
        }
        pipelines.dangers.sort();
        pipelines.dangers.dedup();
        pipelines
    }

    /// The files that make tests run for proposed changes, with the system that they are for.
    pub fn testers<'p>(&'p self, files: &'p Files) -> Vec<(&'static str, &'p TargetPath)> {
        let workflows = self.workflows.iter();
        let workflows = workflows
            .filter(|workflow| workflow.runs_for_proposals)
            .map(|workflow| ("GitHub Actions", &workflow.path));
        let others = files.known.iter();
        let others = others.filter_map(|(path, _)| Some((tester_of(path)?, path)));
        workflows.chain(others).collect()
    }

    /// Counts what a document takes from elsewhere.
    fn count(&mut self, kind: &Kind, file: &DocumentFile) {
        let mut subjects = Vec::new();
        (kind.find)(file, &mut subjects);
        let mut seen = BTreeSet::new();
        for subject in &subjects {
            let found = match subject.kind {
                "uses" | "call" => action(subject).into_iter().collect(),
                "image" if kind.id == "dockerfile" => image(subject).into_iter().collect(),
                "command" => command(subject.node).into_iter().collect(),
                "line" => of_line(subject),
                _ => Vec::new(),
            };
            for (kind, is_pinned, what, at) in found {
                let (path, _, _, line) = file.origin(at.line);
                let is_new = seen.insert((at, what.clone()));
                if is_new && self.pins.len() < MOST_PINS {
                    self.pins.push(Pin {
                        kind,
                        what,
                        place: Place::line(path, line),
                        is_pinned,
                    });
                }
            }
        }
    }
}

/// What is taken, whether it is pinned, its name, and where it stands.
type Taken = (PinKind, bool, String, Position);

/// A reference to an action or a workflow. Those of the project itself are no dependencies.
fn action(subject: &Subject<'_>) -> Option<Taken> {
    let node = subject.node;
    let text = node.find_text(&["text"])?;
    let owner = node.find_text(&["owner"]).unwrap_or_default();
    let is_pinned = match node.find_text(&["kind"])? {
        "action" => is_true(node, "is_commit"),
        "image" => text.contains("@sha256:"),
        _ => return None,
    };
    let kind = match owner {
        "actions" | "github" => PinKind::OfficialAction,
        _ => PinKind::Action,
    };
    Some((kind, is_pinned, text.to_owned(), node.start))
}

/// The image that a stage is built on. What a variable names is not known.
fn image(subject: &Subject<'_>) -> Option<Taken> {
    let node = subject.node;
    let is_fetched = node.find_text(&["refers_to"]) == Some("image");
    if subject.of != "FROM" || !is_fetched || is_true(node, "is_variable") {
        return None;
    }
    let is_pinned = !node.find_text(&["digest"]).unwrap_or_default().is_empty();
    let text = node.find_text(&["text"]).unwrap_or_default().to_owned();
    Some((PinKind::Image, is_pinned, text, node.start))
}

fn command(node: &Node) -> Option<Taken> {
    let (kind, is_pinned) = judge(node)?;
    let text = node.find_text(&["text"]).unwrap_or_default();
    let text: String = text.chars().take(200).collect();
    Some((kind, is_pinned, text, node.start))
}

/// The commands of a line of a step.
fn of_line(subject: &Subject<'_>) -> Vec<Taken> {
    let text = subject.node.find_text(&["text"]).unwrap_or_default();
    of_script(text, subject.node.start)
}

/// The commands of a script that begins at a place.
pub(super) fn of_script(text: &str, start: Position) -> Vec<Taken> {
    let commands = shell::commands(&shell::placed(text, start, 1));
    (0..commands.len())
        .filter_map(|place| command(&shell::node(&commands, place)?))
        .collect()
}

fn is_true(node: &Node, name: &str) -> bool {
    node.get(name)
        .is_some_and(|value| value.value == NodeValue::Boolean(true))
}

fn workflow(file: &DocumentFile) -> Option<Workflow> {
    let document = file.documents.first()?;
    let jobs = document.get("jobs").map_or(&[][..], Node::items);
    let steps = || {
        jobs.iter()
            .flat_map(|job| job.get("steps").map_or(&[][..], Node::items))
    };
    let actions = || steps().filter_map(|step| step.get("action"));
    let full_name = |action: &Node| {
        let text = action.find_text(&["text"]).unwrap_or_default();
        text.split('@').next().unwrap_or_default().to_owned()
    };
    let events = document.get("events").map_or(&[][..], Node::items);
    let publishing = jobs
        .iter()
        .chain(steps())
        .find(|node| is_true(node, "publishes"));
    Some(Workflow {
        path: file.path.clone(),
        token: rights(document),
        jobs: (jobs.iter())
            .map(|job| (job.start.line, rights(job)))
            .collect(),
        runs_for_proposals: events.iter().filter_map(Node::as_text).any(|event| {
            matches!(
                event,
                "pull_request" | "pull_request_target" | "merge_group"
            )
        }),
        publishes: publishing.map(|node| node.start.line),
        analyses: actions()
            .filter_map(|action| {
                let tool = analyser_of(&full_name(action))?;
                Some((tool.name.as_str(), action.start.line))
            })
            .collect(),
        uploads_analyses: actions().any(|action| {
            let name = full_name(action).to_ascii_lowercase();
            name.starts_with("github/codeql-action/")
        }),
    })
}

fn rights(node: &Node) -> TokenRights {
    let Some(Member {
        value, key_start, ..
    }) = node.member("permissions")
    else {
        return TokenRights::Undeclared;
    };
    match &value.value {
        NodeValue::Text(text) if text.as_str() == "read-all" => TokenRights::Writes(Vec::new()),
        NodeValue::Text(text) if !text.is_empty() => TokenRights::WriteAll(key_start.line),
        _ => TokenRights::Writes(
            (value.members().iter())
                .filter(|scope| scope.value.as_text() == Some("write"))
                .map(|scope| (scope.key.as_ref().clone(), scope.key_start.line))
                .collect(),
        ),
    }
}
