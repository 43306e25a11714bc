//! Workflows and actions as rules see them: what the document holds, and beside it what is worked
//! out from it.

use linchpin_document::{Member, Node, NodeValue};

use super::expressions::{Scope, in_text, in_value};
use super::permissions::granted;
use super::steps::{steps, variables};
use super::triggers::{names, privileged, public, triggers};
use super::uses::uses;
use crate::pipeline::image::image;
use crate::pipeline::members::{Members, texts};
use crate::pipeline::places::Places;

/// Most jobs of a workflow that are looked at.
const MOST_JOBS: usize = 2_000;

/// The view of a workflow.
pub(crate) fn workflow(document: &Node, text: &str) -> Node {
    let mut places = Places::new(text);
    let triggers = triggers(document);
    let events = names(&triggers);
    let events_texts: Vec<&str> = events.iter().map(String::as_str).collect();
    let scope = Scope {
        events: &events_texts,
        document,
        job: None,
        step: None,
    };
    let mut found = Vec::new();
    for member in document.members() {
        if !matches!(member.key.as_str(), "jobs" | "on") {
            let place = if member.key.as_str() == "env" {
                "env"
            } else {
                "other"
            };
            in_value(
                &member.value,
                place,
                &member.key,
                scope,
                &mut places,
                &mut found,
            );
        }
    }
    let mut members = Members::of(document);
    members.put("triggers", triggers);
    members.texts("events", events.iter().cloned());
    members.texts("privileged_events", privileged(&events));
    members.texts("public_events", public(&events));
    members.put("granted", granted(None, document));
    members.list("variables", variables(document, "workflow"));
    members.list("expressions", found);
    let jobs = document.get("jobs").map_or(&[][..], Node::members).iter();
    let jobs = jobs
        .take(MOST_JOBS)
        .map(|member| job(member, scope, &mut places));
    let jobs = jobs.collect();
    members.list("jobs", jobs);
    members.finish()
}

/// The view of an action: `runs` has the views of its steps.
pub(crate) fn action(document: &Node, text: &str) -> Node {
    let mut places = Places::new(text);
    let mut members = Members::of(document);
    let Some(runs) = document.get("runs") else {
        return members.finish();
    };
    let scope = Scope {
        events: &[],
        document,
        job: Some(runs),
        step: None,
    };
    let mut view = Members::of(runs);
    let nodes = runs.get("steps").map_or(&[][..], Node::items);
    view.list("steps", steps(nodes, scope, &mut places));
    let images = runs.get("image").filter(|node| {
        node.as_text()
            .is_some_and(|text| text.starts_with("docker://"))
    });
    let images = images
        .into_iter()
        .map(|node| image_of(node, "action", None));
    view.list("images", images.collect());
    members.put("runs", view.finish());
    members.finish()
}

fn job(member: &Member, scope: Scope<'_>, places: &mut Places<'_>) -> Node {
    let node = &member.value;
    let scope = Scope {
        job: Some(node),
        ..scope
    };
    let mut found = Vec::new();
    for member in node.members() {
        let (key, value) = (member.key.as_str(), &member.value);
        match key {
            "steps" => {}
            "if" => in_text(value, "if", key, scope, places, &mut found),
            "env" | "with" => in_value(value, key, key, scope, places, &mut found),
            _ => in_value(value, "other", key, scope, places, &mut found),
        }
    }
    let nodes = node.get("steps").map_or(&[][..], Node::items);
    let steps = steps(nodes, scope, places);
    let mut members = Members::of(node);
    // A job is shown where its name stands.
    members = members.starting(member.key_start);
    members.text("id", member.key.as_str());
    members.put("granted", granted(Some(node), scope.document));
    let labels = labels(node);
    let is_own = labels.iter().any(|label| label == "self-hosted");
    members.flag("self_hosted", is_own);
    members.texts("labels", labels);
    for (key, of_step) in [
        ("publishes", "publishes"),
        ("attests", "attests"),
        ("checks_out_outside", "checks_out_outside"),
    ] {
        let holds = |step: &Node| {
            step.get(of_step).map(|flag| &flag.value) == Some(&NodeValue::Boolean(true))
        };
        members.flag(key, steps.iter().any(holds));
    }
    let environment = node
        .get("environment")
        .map(|node| node.get("name").unwrap_or(node));
    members.text(
        "environment_name",
        environment.and_then(Node::as_text).unwrap_or_default(),
    );
    members.list("images", images(node));
    members.list("variables", variables(node, "job"));
    members.list("expressions", found);
    if let Some(called) = node
        .get("uses")
        .and_then(|text| uses(text, node.get("with"), places))
    {
        members.put("called", called);
    }
    members.list("steps", steps);
    members.finish()
}

/// What `runs-on` asks for: a label, a list of them, or a map with them.
fn labels(job: &Node) -> Vec<String> {
    let Some(runner) = job.get("runs-on") else {
        return Vec::new();
    };
    let runner = runner.get("labels").unwrap_or(runner);
    let labels = texts(runner).into_iter().filter_map(Node::as_text);
    labels.map(str::to_owned).collect()
}

/// The images of a job: its container and its services.
fn images(job: &Node) -> Vec<Node> {
    let mut images = Vec::new();
    let services = job.get("services").map_or(&[][..], Node::members).iter();
    let all = job
        .get("container")
        .map(|container| ("container", container));
    for (role, node) in all
        .into_iter()
        .chain(services.map(|service| ("service", &service.value)))
    {
        let name = node.get("image").unwrap_or(node);
        images.push(image_of(name, role, Some(node)));
    }
    images
}

fn image_of(name: &Node, role: &str, around: Option<&Node>) -> Node {
    let parts = image(name.start, name.as_text().unwrap_or_default());
    let mut members = Members::of(&parts);
    members.text("role", role);
    let credentials = around.and_then(|around| around.get("credentials"));
    if let Some(credentials) = credentials {
        members.put("credentials", credentials.clone());
    }
    members.text(
        "options",
        around
            .and_then(|node| node.find_text(&["options"]))
            .unwrap_or_default(),
    );
    members.finish()
}
