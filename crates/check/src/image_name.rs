//! Names of container images as rules see them: `ghcr.io/owner/app:1.2@sha256:…`.
//!
//! The grammar is that of <https://github.com/distribution/reference>. What a tag points to is not
//! looked up.

use linchpin_document::{Member, Node, NodeValue, Position};

/// The registry that is meant where none is written.
const DEFAULT_REGISTRY: &str = "docker.io";

/// Ways to write it.
const DEFAULT_REGISTRIES: &[&str] = &[
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
    DEFAULT_REGISTRY,
];

/// The parts of a name: `text`, `registry`, `repository`, `name` (the last part of the repository),
/// `tag`, `digest`, each empty where it is not there, and whether some of it `is_variable`.
pub(crate) fn node(text: &str, start: Position, end: Position) -> Node {
    let is_variable = ["$", "{", "<%", "%("]
        .iter()
        .any(|mark| text.contains(mark));
    let (rest, digest) = text.split_once('@').unwrap_or((text, ""));
    // A colon in the first part belongs to the port of the registry, and one in a variable to it.
    let (path, tag) = match rest.rsplit_once(':') {
        Some((path, tag)) if !tag.contains(['/', '}']) => (path, tag),
        _ => (rest, ""),
    };
    let (registry, repository) = match path.split_once('/') {
        Some((first, after)) if first.contains(['.', ':', '$']) || first == "localhost" => {
            (first, after)
        }
        _ => (DEFAULT_REGISTRY, path),
    };
    let registry = if DEFAULT_REGISTRIES.contains(&registry) {
        DEFAULT_REGISTRY
    } else {
        registry
    };
    let repository = repository.strip_prefix("library/").unwrap_or(repository);
    let name = repository.rsplit('/').next().unwrap_or(repository);
    let text_member = |key: &str, value: &str| Member::added(key, Node::text(start, value));
    Node {
        end,
        ..Node::map(
            start,
            vec![
                text_member("text", text),
                text_member("registry", registry),
                text_member("repository", repository),
                text_member("name", name),
                text_member("tag", tag),
                text_member("digest", digest),
                Member::added(
                    "is_variable",
                    Node::at(start, NodeValue::Boolean(is_variable)),
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (text, parts) in [
            ("nginx", ["docker.io", "nginx", "nginx", "", ""]),
            (
                "docker.io/library/nginx:1",
                ["docker.io", "nginx", "nginx", "1", ""],
            ),
            (
                "x:5000/a/b@sha256:c",
                ["x:5000", "a/b", "b", "", "sha256:c"],
            ),
            ("localhost/a:b", ["localhost", "a", "a", "b", ""]),
            ("a/b:c@d", ["docker.io", "a/b", "b", "c", "d"]),
            ("a:${X:-1}", ["docker.io", "a:${X:-1}", "a:${X:-1}", "", ""]),
            ("", ["docker.io", "", "", "", ""]),
        ] {
            let node = node(text, Position::START, Position::START);
            let names = ["registry", "repository", "name", "tag", "digest"];
            let found = names.map(|name| node.find_text(&[name]).unwrap());
            assert_eq!(found, parts, "{text}");
        }
    }
}
