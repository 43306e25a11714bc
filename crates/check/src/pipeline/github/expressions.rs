//! The expressions in a workflow or an action: where each stands, what it reads, and who decides
//! what its value is.
//!
//! An expression that reads a variable, the output of another job or a value of the matrix is
//! followed to what these are set to, a few steps far. What scripts compute is not followed: a
//! script may have made it harmless, and a finding that is wrong costs more than it helps.

use linchpin_document::{Member, Node, NodeValue, Position};

use super::contexts::{Decides, decides};
use super::expression::{Term, parse};
use super::known_actions::OUTSIDE_OUTPUTS;
use crate::pipeline::members::Members;
use crate::pipeline::places::Places;

/// Longest expression that is read, in bytes.
const LONGEST: usize = 20_000;

/// How many steps a value is followed.
const FARTHEST: usize = 3;

/// Most steps, jobs or variables among which one is looked for.
const MOST_PLACES: usize = 200;

/// Contexts that tell who caused a run.
const ACTORS: &[&str] = &[
    "github.actor",
    "github.triggering_actor",
    "github.event.sender.login",
    "github.event.pull_request.sender.login",
];

/// What is around an expression.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The events of the workflow; none in an action.
    pub(super) events: &'a [&'a str],
    /// The whole document.
    pub(super) document: &'a Node,
    /// The job, or what of an action has the steps.
    pub(super) job: Option<&'a Node>,
    /// The step.
    pub(super) step: Option<&'a Node>,
}

/// The expressions in a text.
pub(super) fn in_text(
    node: &Node,
    place: &str,
    key: &str,
    scope: Scope<'_>,
    places: &mut Places<'_>,
    found: &mut Vec<Node>,
) {
    let Some(text) = node.as_text() else { return };
    if memchr::memmem::find(text.as_bytes(), b"${{").is_none() {
        if place == "if" && !text.is_empty() && places.may_find() {
            found.push(view(node.start, text, place, key, true, scope));
        }
        return;
    }
    if !places.may_look_at(text.len()) {
        return;
    }
    let insides = insides(text);
    let is_alone = |inside: &str| {
        let length = text.len();
        text.starts_with("${{") && text.ends_with("}}") && inside.len() + 5 == length
    };
    let mut positions = Vec::new();
    let mut within = places.within(node);
    for _ in &insides {
        positions.push(within.next("${{"));
    }
    for (inside, position) in insides.into_iter().zip(positions) {
        if !places.may_find() {
            return;
        }
        found.push(view(position, inside, place, key, is_alone(inside), scope));
    }
}

/// The expressions in a value and all that it holds.
pub(super) fn in_value(
    node: &Node,
    place: &str,
    key: &str,
    scope: Scope<'_>,
    places: &mut Places<'_>,
    found: &mut Vec<Node>,
) {
    let mut waiting = vec![(node, key)];
    while let Some((node, key)) = waiting.pop() {
        match &node.value {
            NodeValue::Text(_) => in_text(node, place, key, scope, places, found),
            NodeValue::List(items) => waiting.extend(items.iter().rev().map(|item| (item, key))),
            NodeValue::Map(members) => {
                let inner = members.iter().rev();
                waiting.extend(inner.map(|member| (&member.value, member.key.as_str())));
            }
            _ => {}
        }
    }
}

/// What stands between `${{` and `}}`, each time.
pub(super) fn insides(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("${{") {
        let Some(end) = end(after) else { break };
        found.push(&after[..end]);
        rest = &after[end + 2..];
    }
    found
}

/// Where `}}` stands, outside of quotes.
fn end(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().take(LONGEST) {
        match byte {
            b'\'' => is_quoted = !is_quoted,
            b'}' if !is_quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
    }
    None
}

fn view(
    start: Position,
    inside: &str,
    place: &str,
    key: &str,
    is_alone: bool,
    scope: Scope<'_>,
) -> Node {
    let mut members = Members::at(start);
    let text = inside.trim();
    members.text("text", text);
    members.text("place", place);
    members.text("key", key);
    members.flag("alone", is_alone);
    let term = parse(text);
    let empty = Term::Literal(String::new(), true);
    let term = term.as_ref().unwrap_or(&empty);
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
    members.texts("contexts", owned(term.contexts()));
    let flowing = term.flowing();
    let decided = flowing
        .iter()
        .filter_map(|path| follow(path, scope, FARTHEST));
    let worst = decided.max_by_key(|(decides, _)| match decides {
        Decides::AnybodyPrivileged => 2,
        Decides::AnybodyFromFork => 1,
        Decides::Insider => 0,
    });
    members.texts("flowing", owned(flowing));
    let (decides, source) = worst.map_or(("nobody", String::new()), |(decides, source)| {
        let word = match decides {
            Decides::AnybodyPrivileged => "anybody",
            Decides::AnybodyFromFork => "anybody-from-fork",
            Decides::Insider => "insider",
        };
        (word, source)
    });
    members.text("decides", decides);
    members.text("source", source);
    members.flag("constant", term.is_disguised_constant());
    members.flag("lost_choice", term.has_lost_choice());
    members.text(
        "searched_text",
        term.looked_for_in_text().unwrap_or_default(),
    );
    let actors = term.compared_with(|path| ACTORS.contains(&path));
    members.texts("actors", owned(actors));
    members.finish()
}

/// Who decides what a context holds, and what it is in the end, for the message.
fn follow(path: &str, scope: Scope<'_>, steps: usize) -> Option<(Decides, String)> {
    if let Some(name) = path.strip_prefix("github.event.inputs.") {
        return is_free_text(name, scope).then(|| (Decides::Insider, path.to_owned()));
    }
    if let Some(decides) = decides(path, scope.events) {
        return Some((decides, path.to_owned()));
    }
    let steps = steps.checked_sub(1)?;
    let mut parts = path.splitn(4, '.');
    let (context, name) = (parts.next()?, parts.next()?);
    match context {
        "inputs" => is_free_text(name, scope).then(|| (Decides::Insider, path.to_owned())),
        "env" => {
            let around = [scope.step, scope.job, Some(scope.document)];
            let mut set = around.into_iter().flatten();
            let value = set.find_map(|node| member(node.get("env")?, name))?;
            set_to(&value.value, path, scope, steps)
        }
        "matrix" => {
            let matrix = scope.job?.find(&["strategy", "matrix"])?;
            let value = member(matrix, name).map_or(matrix, |member| &member.value);
            match &value.value {
                NodeValue::List(items) => items
                    .iter()
                    .find_map(|item| set_to(item, path, scope, steps)),
                _ => set_to(value, path, scope, steps),
            }
        }
        "needs" => {
            let output = path.splitn(4, '.').nth(3)?;
            let job = &member(scope.document.get("jobs")?, name)?.value;
            let value = &member(job.get("outputs")?, output)?.value;
            let there = Scope {
                job: Some(job),
                step: None,
                ..scope
            };
            set_to(value, path, there, steps)
        }
        "steps" => {
            let output = path.splitn(4, '.').nth(3)?;
            output_of(name, output, scope).map(|decides| (decides, path.to_owned()))
        }
        _ => None,
    }
}

/// Who decides a value that is set to expressions.
fn set_to(value: &Node, path: &str, scope: Scope<'_>, steps: usize) -> Option<(Decides, String)> {
    let text = value.as_text().filter(|text| text.len() < LONGEST)?;
    let terms = insides(text)
        .into_iter()
        .filter_map(|inside| parse(inside.trim()));
    let found = terms.take(10).find_map(|term| {
        let flowing = term.flowing().into_iter().take(10);
        flowing
            .into_iter()
            .find_map(|inner| follow(inner, scope, steps))
    });
    found.map(|(decides, source)| (decides, format!("{path}, which is set to {source}")))
}

/// Whether an input can be any text: what is said of its type.
fn is_free_text(name: &str, scope: Scope<'_>) -> bool {
    let declared = ["workflow_call", "workflow_dispatch"]
        .into_iter()
        .filter_map(|event| {
            let inputs = scope.document.find(&["on", event, "inputs"])?;
            Some(&member(inputs, name)?.value)
        });
    let mut types = declared.map(|input| input.find_text(&["type"])).peekable();
    types.peek().is_none() || types.any(|of_type| matches!(of_type, None | Some("string")))
}

/// Who decides the output of a step that uses a known action.
fn output_of(id: &str, output: &str, scope: Scope<'_>) -> Option<Decides> {
    let mut steps = scope.job?.get("steps")?.items().iter().take(MOST_PLACES);
    let step = steps.find(|step| {
        let known = step.find_text(&["id"]);
        known.is_some_and(|known| known.eq_ignore_ascii_case(id))
    })?;
    let name = step
        .find_text(&["uses"])?
        .split('@')
        .next()?
        .to_ascii_lowercase();
    let (_, outputs) = OUTSIDE_OUTPUTS.iter().find(|(known, _)| *known == name)?;
    let is_meant = outputs.iter().any(|known| match known.strip_prefix('*') {
        Some(end) => output.ends_with(end),
        None => *known == output,
    });
    if !is_meant {
        return None;
    }
    // It is the branch, or the files of the branch, of whoever opened the pull request.
    let by_branch = decides("github.event.pull_request.head.ref", scope.events);
    let by_comment = decides("github.event.comment.body", scope.events);
    match (by_branch, by_comment) {
        (Some(Decides::AnybodyPrivileged), _) | (_, Some(Decides::AnybodyPrivileged)) => {
            Some(Decides::AnybodyPrivileged)
        }
        (by_branch, by_comment) => by_branch.or(by_comment),
    }
}

/// The member of this name in any case.
fn member<'a>(node: &'a Node, name: &str) -> Option<&'a Member> {
    let mut members = node.members().iter().rev().take(MOST_PLACES);
    members.find(|member| member.key.eq_ignore_ascii_case(name))
}
