//! The form of a package's name under which its advisories are filed: one per ecosystem.
//!
//! Both the names in advisories and those in inventories go through here, so that the two meet.

use std::borrow::Cow;

use linchpin_model::Ecosystem;

/// The form under which a name is filed.
pub(crate) fn normalise(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    let name = name.trim();
    match ecosystem {
        Ecosystem::PyPi => normalise_python(name),
        // Go tells case apart, but package URLs of Go modules are in lower case, and no two
        // modules differ in case alone.
        Ecosystem::Go if name.chars().any(char::is_uppercase) => Cow::Owned(name.to_lowercase()),
        // npm, crates.io, Maven and RubyGems tell case and punctuation apart, as do the names of
        // source packages: an advisory for `foo_bar` says nothing of `foo-bar`.
        _ => Cow::Borrowed(name),
    }
}

/// <https://packaging.python.org/en/latest/specifications/name-normalization/>: runs of `-`, `_`
/// and `.` are one dash, letters are lower case.
fn normalise_python(name: &str) -> Cow<'_, str> {
    let settled = !name.contains("--")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if settled {
        return Cow::Borrowed(name);
    }
    let mut normalised = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '-' | '_' | '.' if normalised.ends_with('-') => {}
            '-' | '_' | '.' => normalised.push('-'),
            other => normalised.extend(other.to_lowercase()),
        }
    }
    Cow::Owned(normalised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet_in_one_form() {
        assert_eq!(
            normalise(Ecosystem::PyPi, "Zope.Interface__x"),
            "zope-interface-x"
        );
        assert_eq!(normalise(Ecosystem::PyPi, "a--b"), "a-b");
        assert_eq!(
            normalise(Ecosystem::Go, "github.com/Azure/go-autorest"),
            "github.com/azure/go-autorest"
        );
        assert_eq!(normalise(Ecosystem::Npm, "JSONStream"), "JSONStream");
        assert_eq!(normalise(Ecosystem::Cargo, "smallvec_x"), "smallvec_x");
        assert_eq!(
            normalise(Ecosystem::Maven, "org.apache:Commons"),
            "org.apache:Commons"
        );
    }
}
