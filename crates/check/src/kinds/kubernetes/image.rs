//! References to images in parts, as container runtimes understand them:
//! <https://github.com/distribution/reference>.

use linchpin_document::{Member, Node};

/// Longest reference that is looked at, in bytes.
const LONGEST: usize = 4096;

/// The parts of a reference as a map: `registry`, `repository`, `name`, `tag`, `digest`, each
/// empty where the reference does not say it, except for the registry, which is Docker's then.
/// Nothing if the reference is not known before it is used.
pub(super) fn parts(image: &Node) -> Option<Node> {
    let text = image.as_text()?.trim();
    let unknown = ["{{", "${", "$(", "<", " "];
    if text.is_empty() || text.len() > LONGEST || unknown.iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let (text, digest) = text.split_once('@').unwrap_or((text, ""));
    let last = text.rfind('/').map_or(0, |slash| slash + 1);
    let colon = text.get(last..)?.find(':').map(|colon| last + colon);
    let (text, tag) = match colon {
        None => (text, ""),
        Some(colon) => (text.get(..colon)?, text.get(colon + 1..)?),
    };
    let (registry, repository) = match text.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (first, rest),
        _ => ("docker.io", text),
    };
    let name = repository.rsplit('/').next().unwrap_or(repository);
    let part = |key: &str, value: &str| Member::added(key, Node::text(image.start, value));
    Some(Node::map(
        image.start,
        vec![
            part("registry", registry),
            part("repository", repository),
            part("name", name),
            part("tag", tag),
            part("digest", digest),
        ],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_document::Position;

    #[test]
    fn references_have_parts() {
        for (text, expected) in [
            ("nginx", ["docker.io", "nginx", "nginx", "", ""]),
            ("a/b:1", ["docker.io", "a/b", "b", "1", ""]),
            ("h.io:5000/x/y", ["h.io:5000", "x/y", "y", "", ""]),
            (
                "localhost/y@sha256:00",
                ["localhost", "y", "y", "", "sha256:00"],
            ),
            ("h.io/x:1@sha256:00", ["h.io", "x", "x", "1", "sha256:00"]),
        ] {
            let parts = parts(&Node::text(Position::START, text)).unwrap();
            let found: Vec<_> = ["registry", "repository", "name", "tag", "digest"]
                .iter()
                .map(|key| parts.find_text(&[key]).unwrap())
                .collect();
            assert_eq!(found, expected, "{text}");
        }
        for unknown in ["{{ .Values.image }}", "${IMAGE}", "", "<your image>"] {
            assert!(parts(&Node::text(Position::START, unknown)).is_none());
        }
    }
}
