//! Values of SPDX 2 whose form the specification gives in words, where no schema sees it: actors,
//! moments, download locations, and the types of references that each category has.
//!
//! <https://spdx.github.io/spdx-spec/v2.3/>, clauses 6.8, 7.7, 12 and annex F.

/// What the types of references by category may be; a category that is not here takes any.
const REFERENCE_TYPES: &[(&str, &[&str])] = &[
    (
        "PACKAGE-MANAGER",
        &["maven-central", "npm", "nuget", "bower", "purl"],
    ),
    (
        "SECURITY",
        &["cpe22Type", "cpe23Type", "advisory", "fix", "url", "swid"],
    ),
    ("PERSISTENT-ID", &["swh", "gitoid"]),
];

/// Older documents name a type by its place in the list of the specification.
const TYPES_ARE_AT: &str = "http://spdx.org/rdf/references/";

/// What is wrong with the type of a reference.
pub(super) fn reference_type(category: &str, kind: &str) -> Option<String> {
    let category = category.replace('_', "-");
    let kind = kind.strip_prefix(TYPES_ARE_AT).unwrap_or(kind);
    let (_, types) = REFERENCE_TYPES
        .iter()
        .find(|(found, _)| *found == category)?;
    (!types.contains(&kind)).then(|| {
        format!(
            "is `{}`; the category {category} has {}",
            shown(kind),
            types.join(", ")
        )
    })
}

/// What is wrong with somebody who made or said something.
pub(super) fn actor(text: &str) -> Option<String> {
    let right = ["Person:", "Organization:", "Tool:"]
        .iter()
        .any(|start| text.starts_with(start));
    (!right).then(|| {
        format!(
            "is `{}`, which begins with none of `Person:`, `Organization:`, `Tool:`",
            shown(text)
        )
    })
}

/// What is wrong with a moment: it is in UTC, to the second.
pub(super) fn moment(text: &str) -> Option<String> {
    let right = text.len() == 20
        && text.ends_with('Z')
        && text.parse::<linchpin_model::Timestamp>().is_ok();
    (!right).then(|| {
        format!(
            "is `{}`, which is no moment such as 2026-01-31T12:00:00Z",
            shown(text)
        )
    })
}

/// What is wrong with a place to fetch from: an address, with the tool in front of it for a
/// repository.
pub(crate) fn download(text: &str) -> Option<String> {
    if matches!(text, "NONE" | "NOASSERTION") {
        return None;
    }
    let has_scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
        // `git+git@host:path` is one of the forms in the specification.
        let mut letters = scheme.chars();
        let first = letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic());
        first
            && !rest.is_empty()
            && letters.all(|next| next.is_ascii_alphanumeric() || "+.-@_".contains(next))
    });
    let whole = !text
        .chars()
        .any(|next| next.is_whitespace() || next.is_control());
    (!(has_scheme && whole)).then(|| {
        format!(
            "is `{}`, which is neither an address nor NONE or NOASSERTION",
            shown(text)
        )
    })
}

fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_to_fetch_from() {
        for right in [
            "NONE",
            "NOASSERTION",
            "https://packages.example/x.tgz",
            "git+https://git.example/x.git@v1.0#src/lib",
            "git+ssh://git@git.example/x.git",
            "git+git@git.example:x/y",
            "svn+svn+ssh://svn.example/x/trunk",
            "bzr+lp:x",
            "cvs+:pserver:x@cvs.example:/x",
        ] {
            assert_eq!(download(right), None, "{right}");
        }
        for wrong in [
            "",
            "NOASSERTIONx",
            "x/y",
            "https:",
            "https://a b",
            ":x",
            "1:x",
        ] {
            assert!(download(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn references_have_types_by_category() {
        assert_eq!(reference_type("PACKAGE_MANAGER", "purl"), None);
        assert_eq!(reference_type("OTHER", "anything"), None);
        let by_place = "http://spdx.org/rdf/references/cpe23Type";
        assert_eq!(reference_type("SECURITY", by_place), None);
        assert!(reference_type("SECURITY", "purl").is_some());
        assert!(reference_type("PERSISTENT-ID", "").is_some());
    }
}
