//! What the name of an archive says: `commons-lang3-3.12.0.jar`.

/// Words after a version that say what else the archive is, and are no part of the version.
const CLASSIFIERS: &[&str] = &[
    "all",
    "bin",
    "exec",
    "executable",
    "fat",
    "jar-with-dependencies",
    "javadoc",
    "no_aop",
    "runner",
    "shaded",
    "sources",
    "standalone",
    "test-sources",
    "tests",
    "uber",
];

/// The name of an archive, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName<'a> {
    /// What stands before the version: as a rule the artifact.
    pub(super) stem: &'a str,
    pub(super) version: Option<&'a str>,
    pub(super) classifier: Option<&'a str>,
    /// All of it but the ending.
    pub(super) base: &'a str,
    /// The ending, in lower case.
    pub(super) ending: String,
}

impl<'a> FileName<'a> {
    /// Takes a file name apart.
    pub(super) fn parse(name: &'a str) -> Self {
        let (whole, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let ending = ending.to_ascii_lowercase();
        let (base, classifier) = split_classifier(whole);
        // The version is the last run of parts that begin with a digit, and what follows it:
        // `log4j-1.2-api-2.17.1`, `guava-31.1-jre`, `x-1.0-20200101.123456-1`.
        let starts: Vec<usize> = base.match_indices('-').map(|(at, _)| at).collect();
        let begins_with_digit =
            |at: usize| base.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
        let mut version_at = None;
        for &at in starts.iter().rev() {
            match (begins_with_digit(at), version_at) {
                (true, _) => version_at = Some(at),
                (false, None) => {}
                (false, Some(_)) => break,
            }
        }
        match version_at.filter(|at| *at > 0) {
            Some(at) => Self {
                stem: &base[..at],
                version: Some(&base[at + 1..]),
                classifier,
                base: whole,
                ending,
            },
            None => Self {
                stem: base,
                version: None,
                classifier,
                base: whole,
                ending,
            },
        }
    }
}

fn split_classifier(base: &str) -> (&str, Option<&str>) {
    for classifier in CLASSIFIERS {
        if let Some(rest) = base.strip_suffix(classifier)
            && let Some(rest) = rest.strip_suffix('-')
            && rest.contains(|character: char| character.is_ascii_digit())
        {
            return (rest, Some(classifier));
        }
    }
    (base, None)
}

/// A name with capitals, dots, underscores and spaces evened out, so that `Maven Core` and
/// `maven-core` are one.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .map(|character| match character {
            '.' | '_' | ' ' | '+' => '-',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// The letters of a name alone: `maven3-core` and `maven-core` are one.
pub(super) fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphabetic)
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, stem, version, classifier) in [
            (
                "commons-lang3-3.12.0.jar",
                "commons-lang3",
                Some("3.12.0"),
                None,
            ),
            (
                "log4j-1.2-api-2.17.1.jar",
                "log4j-1.2-api",
                Some("2.17.1"),
                None,
            ),
            ("guava-31.1-jre.jar", "guava", Some("31.1-jre"), None),
            (
                "x-1.0-20200101.123456-1.jar",
                "x",
                Some("1.0-20200101.123456-1"),
                None,
            ),
            (
                "app-1.0-SNAPSHOT-tests.jar",
                "app",
                Some("1.0-SNAPSHOT"),
                Some("tests"),
            ),
            ("guice.jar", "guice", None, None),
            ("commons-all.jar", "commons-all", None, None),
            ("-1.jar", "-1", None, None),
            ("a", "a", None, None),
        ] {
            let found = FileName::parse(name);
            assert_eq!(
                (found.stem, found.version, found.classifier),
                (stem, version, classifier),
                "{name}"
            );
        }
    }
}
