//! Steps of a job or of a composite action.

use linchpin_document::{Node, NodeValue};

use super::expressions::{Scope, in_text, in_value};
use super::known_actions::CODE_INPUTS;
use super::uses::uses;
use crate::pipeline::members::{Members, written};
use crate::pipeline::places::Places;
use crate::pipeline::scripts::lines;

/// Commands that publish something.
const PUBLISHING: &[&str] = &[
    "npm publish",
    "yarn publish",
    "npm run release",
    "npx semantic-release",
    "twine upload",
    "poetry publish",
    "uv publish",
    "flit publish",
    "hatch publish",
    "cargo publish",
    "gem push",
    "docker push",
    "helm push",
    "gh release create",
    "gh release upload",
    "mvn deploy",
    "nuget push",
    "pod trunk push",
];

/// Commands that attest or sign.
const ATTESTING: &[&str] = &[
    "--provenance",
    "cosign sign",
    "cosign attest",
    "gpg --detach-sign",
];

/// What in a reference of a checkout names somebody else's commit.
const OUTSIDE_COMMITS: &[&str] = &[
    "github.event.pull_request.head",
    "github.event.pull_request.merge_commit_sha",
    "github.head_ref",
    "github.event.workflow_run.head",
    "github.event.workflow_run.pull_requests",
    "refs/pull/",
];

/// The views of steps.
pub(super) fn steps(nodes: &[Node], scope: Scope<'_>, places: &mut Places<'_>) -> Vec<Node> {
    let mut views = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let scope = Scope {
            step: Some(node),
            ..scope
        };
        views.push(step(index, node, scope, places));
    }
    views
}

fn step(index: usize, node: &Node, scope: Scope<'_>, places: &mut Places<'_>) -> Node {
    let mut members = Members::of(node);
    members.number("index", index);
    members.text(
        "condition",
        node.get("if").and_then(written).unwrap_or_default(),
    );
    let with = node.get("with");
    let action = node.get("uses").and_then(|text| uses(text, with, places));
    let name = action
        .as_ref()
        .and_then(|action| action.find_text(&["name"]));
    let name = name.unwrap_or_default().to_owned();
    let run = node
        .get("run")
        .map(|script| run(script, node, scope, places));
    let said = |words: &[&str], without: &str| {
        let lines = run.as_ref().and_then(|run| run.get("lines"));
        let mut lines = lines.map_or(&[][..], Node::items).iter();
        lines.any(|line| {
            let text = line.find_text(&["text"]).unwrap_or_default();
            words.iter().any(|word| text.contains(word))
                && (without.is_empty() || !text.contains(without))
        })
    };
    let flag = |action: Option<&Node>, key: &str| {
        action
            .and_then(|action| action.get(key))
            .map(|flag| &flag.value)
            == Some(&NodeValue::Boolean(true))
    };
    let publishes = flag(action.as_ref(), "publishes") || said(PUBLISHING, "--dry-run");
    let attests = flag(action.as_ref(), "attests")
        || said(ATTESTING, "")
        || (name == "docker/build-push-action"
            && with.is_some_and(|with| {
                with.get("provenance").is_some() || with.get("sbom").is_some()
            }));
    members.flag("publishes", publishes);
    members.flag("attests", attests);
    members.flag(
        "checks_out_outside",
        checks_out_outside(&name, with, run.as_ref()),
    );
    members.list("variables", variables(node, "step"));
    members.list("expressions", expressions(node, &name, scope, places));
    if let Some(action) = action {
        members.put("action", action);
    }
    if let Some(run) = run {
        members.put("script", run);
    }
    members.finish()
}

/// A script with its shell and its lines.
fn run(script: &Node, step: &Node, scope: Scope<'_>, places: &mut Places<'_>) -> Node {
    let mut members = Members::at(script.start);
    let shells = [
        step.find_text(&["shell"]),
        scope
            .job
            .and_then(|job| job.find_text(&["defaults", "run", "shell"])),
        scope.document.find_text(&["defaults", "run", "shell"]),
    ];
    let shell = shells.into_iter().flatten().next().unwrap_or_default();
    members.text("text", script.as_text().unwrap_or_default());
    members.text("shell", shell);
    members.list("lines", lines(script, places));
    members.finish()
}

fn checks_out_outside(name: &str, with: Option<&Node>, run: Option<&Node>) -> bool {
    let is_outside = |text: &str| {
        let text = text.to_ascii_lowercase();
        OUTSIDE_COMMITS.iter().any(|known| text.contains(known))
    };
    if name == "actions/checkout" {
        let inputs = ["ref", "repository"].into_iter();
        return inputs
            .filter_map(|input| with?.find_text(&[input]))
            .any(is_outside);
    }
    let lines = run.and_then(|run| run.get("lines"));
    lines.map_or(&[][..], Node::items).iter().any(|line| {
        let text = line.find_text(&["text"]).unwrap_or_default();
        text.contains("gh pr checkout")
            || text.contains("hub pr checkout")
            || (text.contains("git ") && text.contains("pull/") && text.contains("fetch"))
            || (text.contains("git checkout") && is_outside(text))
    })
}

/// Environment variables that a thing sets: `name`, `value` as text, `scope`.
pub(super) fn variables(node: &Node, scope: &str) -> Vec<Node> {
    let members = node.get("env").map_or(&[][..], Node::members).iter();
    let views = members.map(|member| {
        let mut view = Members::at(member.key_start);
        view.text("name", member.key.as_str());
        view.text("value", written(&member.value).unwrap_or_default());
        view.text("scope", scope);
        view.finish()
    });
    views.collect()
}

/// The expressions of a step.
fn expressions(node: &Node, action: &str, scope: Scope<'_>, places: &mut Places<'_>) -> Vec<Node> {
    let mut found = Vec::new();
    let code = CODE_INPUTS.iter().find(|(known, _)| *known == action);
    let code = code.map_or(&[][..], |(_, inputs)| inputs);
    for member in node.members() {
        let (key, value) = (member.key.as_str(), &member.value);
        match key {
            "run" => in_text(value, "run", key, scope, places, &mut found),
            "if" => in_text(value, "if", key, scope, places, &mut found),
            "env" => in_value(value, "env", key, scope, places, &mut found),
            "with" => {
                for input in value.members() {
                    let name = input.key.to_ascii_lowercase();
                    let place = if code.contains(&name.as_str()) {
                        "code"
                    } else {
                        "with"
                    };
                    in_value(&input.value, place, &input.key, scope, places, &mut found);
                }
            }
            _ => in_value(value, "other", key, scope, places, &mut found),
        }
    }
    found
}
