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

/// What is wrong with the version of the list of licences: two numbers with a point between them.
pub(super) fn license_list_version(text: &str) -> Option<String> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let right = text.split('.').count() >= 2 && text.split('.').all(is_number);
    (!right).then(|| format!("is `{}`, which is no version such as 3.25", shown(text)))
}

/// What is wrong with a name in the dictionary of platforms: of its second form 13 parts with colons
/// between them (NIST IR 7695), of its first at most seven parts after `cpe:/` (section 6.1 of the
/// same).
pub(super) fn platform(kind: &str, text: &str) -> Option<String> {
    let has_no_blank = !text
        .chars()
        .any(|next| next.is_whitespace() || next.is_control());
    let right = match kind {
        "cpe22Type" => {
            has_no_blank
                && text.strip_prefix("cpe:/").is_some_and(|rest| {
                    let mut parts = rest.split(':');
                    let part = parts.next().unwrap_or_default();
                    matches!(part, "" | "a" | "h" | "o") && parts.count() <= 6
                })
        }
        "cpe23Type" => {
            let parts = platform_parts(text);
            has_no_blank
                && text.starts_with("cpe:2.3:")
                && parts.len() == 13
                && parts
                    .get(2)
                    .is_some_and(|part| matches!(*part, "a" | "h" | "o" | "*" | "-"))
                && parts.iter().all(|part| !part.is_empty())
        }
        _ => true,
    };
    (!right).then(|| format!("is `{}`, which is no CPE of its type", shown(text)))
}

/// The parts between colons; a colon after a backslash belongs to its part.
fn platform_parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut is_quoted = false;
    for (place, letter) in text.char_indices() {
        if letter == ':' && !is_quoted {
            parts.push(text.get(start..place).unwrap_or_default());
            start = place + 1;
        }
        is_quoted = letter == '\\' && !is_quoted;
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
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
    fn names_of_platforms() {
        for (kind, right) in [
            ("cpe23Type", "cpe:2.3:a:example:shop:1.0.0:*:*:*:*:*:*:*"),
            ("cpe23Type", r"cpe:2.3:o:a\:b:c:-:*:*:*:*:*:*:*"),
            ("cpe22Type", "cpe:/a:example:shop:1.0"),
            ("purl", "anything"),
        ] {
            assert_eq!(platform(kind, right), None, "{right}");
        }
        for (kind, wrong) in [
            ("cpe23Type", ""),
            ("cpe23Type", "cpe:2.3:a:example:shop:1.0.0"),
            ("cpe23Type", "cpe:2.3:x:example:shop:1.0.0:*:*:*:*:*:*:*"),
            ("cpe23Type", r"cpe:2.3:o:a:b:c\:-:*:*:*:*:*:*"),
            ("cpe22Type", "cpe:2.3:a:b:c"),
            ("cpe22Type", "cpe:/a:b:c:d:e:f:g:h"),
        ] {
            assert!(platform(kind, wrong).is_some(), "{wrong}");
        }
        assert_eq!(license_list_version("3.25"), None);
        assert!(license_list_version("3.25x").is_some());
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
