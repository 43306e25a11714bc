//! References to actions and reusable workflows, in their parts: `owner/repository/path@reference`,
//! `docker://image` and `./path`.

use linchpin_document::{Node, NodeValue};

use super::known_actions::{
    ARCHIVED, ATTESTERS, CACHES, COMPROMISED, POPULAR, PUBLISHERS, References,
};
use crate::pipeline::image::image;
use crate::pipeline::members::Members;
use crate::pipeline::places::Places;

/// Longest name that is compared with popular ones, in characters.
const LONGEST_NAME: usize = 100;

/// The view of a reference: its parts, and what is known of the action.
pub(super) fn uses(node: &Node, with: Option<&Node>, places: &Places<'_>) -> Option<Node> {
    let text = node.as_text()?.trim();
    let mut members = Members::at(node.start);
    members.text("text", text);
    let (place, reference) = text.rsplit_once('@').unwrap_or((text, ""));
    let kind = if text.starts_with("docker://") {
        "image"
    } else if text.starts_with("./") || text.starts_with("../") || text.starts_with('.') {
        "local"
    } else if text.contains("${{") {
        "unknown"
    } else {
        "action"
    };
    members.text("kind", kind);
    members.put(
        "with",
        with.cloned()
            .unwrap_or_else(|| Node::map(node.start, Vec::new())),
    );
    let is_action = kind == "action";
    let mut parts = place.splitn(3, '/');
    let mut part = || {
        if is_action {
            parts.next().unwrap_or_default()
        } else {
            ""
        }
    };
    let (owner, repository, path) = (part(), part(), part());
    let name = if is_action {
        format!("{owner}/{repository}").to_ascii_lowercase()
    } else {
        String::new()
    };
    let reference = if is_action { reference } else { "" };
    members.text("owner", owner.to_ascii_lowercase());
    members.text("repository", repository.to_ascii_lowercase());
    members.text("path", path);
    members.text("reference", reference);
    members.flag("is_commit", is_commit(reference));
    members.flag("is_version", version(reference).is_some());
    members.text("comment", comment(places.line(node.start.line)));
    let whole = place.to_ascii_lowercase();
    members.flag(
        "publishes",
        PUBLISHERS.contains(&name.as_str()) || pushes_image(&name, with),
    );
    members.flag(
        "attests",
        ATTESTERS.iter().any(|known| whole.starts_with(known)),
    );
    members.flag("caches", caches(&name, &whole, with));
    members.flag("archived", ARCHIVED.contains(&name.as_str()));
    members.text("compromised", compromised(&name, reference));
    members.text("imitates", imitated(&name).unwrap_or_default());
    members.text("name", name);
    if kind == "image" {
        members.put("image", image(node.start, text));
    }
    Some(members.finish())
}

/// Whether a reference is a whole commit: 40 or 64 hexadecimal digits.
fn is_commit(reference: &str) -> bool {
    matches!(reference.len(), 40 | 64) && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The parts of `v1.2.3`, `v1` or `1.2`; what is not said counts as the highest there may be, as
/// such tags move.
fn version(reference: &str) -> Option<[Option<u32>; 3]> {
    let text = reference.strip_prefix('v').unwrap_or(reference);
    let text = text.split(['-', '+']).next()?;
    let mut parts = text.split('.');
    let mut part = || parts.next().map(|part| part.parse().ok());
    let first = part()??;
    Some([Some(first), part().flatten(), part().flatten()])
}

/// What stands behind the reference as a comment, usually its version.
fn comment(line: &str) -> &str {
    line.split_once(" #")
        .map_or("", |(_, comment)| comment.trim())
}

fn input<'a>(with: Option<&'a Node>, name: &str) -> Option<&'a Node> {
    let mut members = with?.members().iter().rev();
    let found = members.find(|member| member.key.eq_ignore_ascii_case(name))?;
    Some(&found.value)
}

/// Whether an input is there and is not turned off.
fn is_set(with: Option<&Node>, name: &str) -> bool {
    input(with, name).is_some_and(|value| match &value.value {
        NodeValue::Boolean(flag) => *flag,
        NodeValue::Text(text) => !matches!(text.as_str(), "" | "false"),
        NodeValue::Null => false,
        _ => true,
    })
}

fn pushes_image(name: &str, with: Option<&Node>) -> bool {
    name == "docker/build-push-action" && is_set(with, "push")
}

/// Whether it restores a cache.
fn caches(name: &str, whole: &str, with: Option<&Node>) -> bool {
    let known = CACHES
        .iter()
        .find(|(known, _)| *known == whole || *known == name);
    match known {
        None => false,
        Some((_, "")) => true,
        // The one that caches unless it is told not to.
        Some(("actions/setup-go", cache)) => input(with, cache).is_none() || is_set(with, cache),
        Some((_, cache)) => is_set(with, cache),
    }
}

/// What happened to the code that a reference may point to; empty if nothing is known.
fn compromised(name: &str, reference: &str) -> &'static str {
    let found = COMPROMISED.iter().find(|known| {
        known.name == name
            && match known.references {
                References::These(references) => references.contains(&reference),
                References::Before(safe) => version(reference).is_some_and(|parts| {
                    let parts = parts.map(|part| part.unwrap_or(u32::MAX));
                    parts < safe
                }),
            }
    });
    found.map_or("", |known| known.what)
}

/// The popular action whose name this one nearly has, if it has another owner.
fn imitated(name: &str) -> Option<&'static str> {
    if name.len() > LONGEST_NAME || POPULAR.contains(&name) {
        return None;
    }
    let owner = name.split('/').next()?;
    let mut others = POPULAR.iter().filter(|popular| {
        let other = popular.split('/').next();
        other.is_some_and(|other| other != owner && other.len() >= 5)
    });
    others
        .find(|popular| is_one_mistake_away(name, popular))
        .copied()
}

/// Whether one letter was left out, added, changed, or changed places with its neighbour.
fn is_one_mistake_away(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    let same = short
        .iter()
        .zip(long)
        .take_while(|(one, other)| one == other)
        .count();
    let (short, long) = (&short[same..], &long[same..]);
    match long.len() - short.len() {
        0 => match (short, long) {
            ([_, short @ ..], [_, long @ ..]) if short == long => true,
            ([a, b, short @ ..], [c, d, long @ ..]) => (a, b) == (d, c) && short == long,
            _ => false,
        },
        1 => short == &long[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_document::Position;

    fn parts(text: &str) -> Node {
        let places = Places::new("");
        uses(&Node::text(Position::START, text), None, &places).unwrap()
    }

    #[test]
    fn references_have_parts() {
        let found = parts("Actions/Cache/restore@v4");
        for (key, value) in [
            ("kind", "action"),
            ("name", "actions/cache"),
            ("owner", "actions"),
            ("path", "restore"),
            ("reference", "v4"),
            ("compromised", ""),
        ] {
            assert_eq!(found.find_text(&[key]), Some(value), "{key}");
        }
        assert_eq!(parts("./x").find_text(&["kind"]), Some("local"));
        let image = parts("docker://alpine:3@sha256:00");
        assert_eq!(image.find_text(&["image", "digest"]), Some("sha256:00"));
        assert_eq!(image.find_text(&["reference"]), Some(""));
        assert_eq!(parts("${{ x }}@v1").find_text(&["kind"]), Some("unknown"));
        for text in ["", "@", "a", "a@b@c", "/", "docker://"] {
            parts(text);
        }
    }

    #[test]
    fn names_that_nearly_are_those_of_others() {
        for name in [
            "action/checkout",
            "actons/checkout",
            "acitons/checkout",
            "dockers/login-action",
        ] {
            assert!(imitated(name).is_some(), "{name}");
        }
        for name in [
            "actions/checkout",
            "actions/chekout",
            "someone/checkout",
            "dorney/paths",
            "",
        ] {
            assert_eq!(imitated(name), None, "{name}");
        }
    }

    #[test]
    fn versions_that_attackers_had() {
        for (name, reference, expected) in [
            ("tj-actions/changed-files", "v45", true),
            ("tj-actions/changed-files", "v46.0.0", true),
            ("tj-actions/changed-files", "v46", false),
            ("tj-actions/changed-files", "v46.0.1", false),
            (
                "tj-actions/changed-files",
                "0e58ed8671d6b60d0890c21b07f8835ace038e67",
                true,
            ),
            ("tj-actions/changed-files", "main", false),
            ("aquasecurity/trivy-action", "0.28.0", true),
            ("aquasecurity/trivy-action", "v0.35.0", false),
            ("reviewdog/action-setup", "v1", true),
            ("actions/checkout", "v1", false),
        ] {
            assert_eq!(
                !compromised(name, reference).is_empty(),
                expected,
                "{name} {reference}"
            );
        }
    }
}
