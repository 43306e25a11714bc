//! Names of container images in pipelines, in their parts.

use linchpin_document::{Node, Position};

use super::members::Members;

/// A name of an image, in its parts: `registry`, `name`, `tag`, `digest`, each empty if it is not
/// there; `known` says whether it holds no variable.
pub(crate) fn image(start: Position, text: &str) -> Node {
    let mut members = Members::at(start);
    let text = text.trim();
    let text = text.strip_prefix("docker://").unwrap_or(text);
    let (name, digest) = text.split_once('@').unwrap_or((text, ""));
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    let (name, tag) = match name.get(last..).and_then(|part| part.find(':')) {
        Some(colon) => (
            name.get(..last + colon).unwrap_or_default(),
            name.get(last + colon + 1..).unwrap_or_default(),
        ),
        None => (name, ""),
    };
    let registry = match name.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        _ => "",
    };
    members.text("text", text);
    members.text("registry", registry);
    members.text("name", name);
    members.text("tag", tag);
    members.text("digest", digest);
    members.flag("known", !text.is_empty() && !text.contains(['$', '{', '<']));
    members.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        for (text, registry, name, tag, digest) in [
            ("node", "", "node", "", ""),
            ("docker://node:20", "", "node", "20", ""),
            (
                "host:5000/a/b@sha256:00",
                "host:5000",
                "host:5000/a/b",
                "",
                "sha256:00",
            ),
            (
                "ghcr.io/a/b:1@sha256:00",
                "ghcr.io",
                "ghcr.io/a/b",
                "1",
                "sha256:00",
            ),
            ("", "", "", "", ""),
        ] {
            let parts = image(Position::START, text);
            let part = |key: &str| parts.get(key).unwrap().as_text().unwrap().to_owned();
            assert_eq!(part("registry"), registry, "{text}");
            assert_eq!(part("name"), name, "{text}");
            assert_eq!(part("tag"), tag, "{text}");
            assert_eq!(part("digest"), digest, "{text}");
        }
        let known = image(Position::START, "node:${V}");
        assert_eq!(
            known.get("known").unwrap().value,
            linchpin_document::NodeValue::Boolean(false)
        );
    }
}
