//! What the formats of the Java world share: coordinates, and package URLs made of them.

use linchpin_model::PackageUrl;

/// The package URL of an artifact. What is not the main jar says so.
pub(crate) fn package_url(
    group: &str,
    artifact: &str,
    version: Option<&str>,
    kind: Option<&str>,
    classifier: Option<&str>,
) -> Option<PackageUrl> {
    let is_plain = |text: &str| {
        !text.is_empty() && !text.contains(['$', '/', ':']) && !text.contains(char::is_whitespace)
    };
    if !is_plain(group) || !is_plain(artifact) {
        return None;
    }
    let kind = kind.filter(|kind| !matches!(*kind, "" | "jar" | "bundle" | "maven-plugin"));
    let qualifiers = [
        ("classifier", classifier.unwrap_or_default()),
        ("type", kind.unwrap_or_default()),
    ];
    PackageUrl::with_qualifiers("maven", Some(group), artifact, version, &qualifiers).ok()
}

/// The version that a requirement names, if it is only one: `1.0` or `[1.0]`.
pub(crate) fn exact_version(requirement: &str) -> Option<&str> {
    let version = requirement.trim();
    let inner = version
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let version = inner.unwrap_or(version);
    let is_open = version.contains(['[', ']', '(', ')', ',', '+', '$', '{', '*'])
        || version.contains(char::is_whitespace)
        || version.starts_with("latest.")
        || matches!(version, "" | "LATEST" | "RELEASE");
    (!is_open).then_some(version)
}

/// A coordinate as Gradle and sbt write it, `group:artifact:version[:classifier][@type]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Coordinate {
    pub(crate) group: String,
    pub(crate) artifact: String,
    pub(crate) version: Option<String>,
    pub(crate) classifier: Option<String>,
}

impl Coordinate {
    /// Reads a coordinate; the version may be left out.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.split('@').next().unwrap_or_default();
        let mut parts = text.split(':').map(str::trim);
        let (group, artifact) = (parts.next()?, parts.next()?);
        let mut next = || {
            parts
                .next()
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
        };
        let (version, classifier) = (next(), next());
        if group.is_empty() || artifact.is_empty() {
            return None;
        }
        Some(Self {
            group: group.to_owned(),
            artifact: artifact.to_owned(),
            version,
            classifier,
        })
    }

    /// The name by which lockfiles know it.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.group, self.artifact)
    }

    /// Its package URL, with the version only if it is an exact one.
    pub(crate) fn package_url(&self) -> Option<PackageUrl> {
        let version = self.version.as_deref().and_then(exact_version);
        let classifier = self.classifier.as_deref();
        package_url(&self.group, &self.artifact, version, None, classifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_exact_or_not() {
        for (text, exact) in [
            ("1.0", Some("1.0")),
            ("[1.0]", Some("1.0")),
            ("[1.0,2.0)", None),
            ("1.+", None),
            ("${x}", None),
            ("LATEST", None),
        ] {
            assert_eq!(exact_version(text), exact, "{text}");
        }
        let found = Coordinate::parse("g.h:a:1.0:sources@jar").unwrap();
        assert_eq!(
            found.package_url().unwrap().as_str(),
            "pkg:maven/g.h/a@1.0?classifier=sources"
        );
        assert_eq!(Coordinate::parse("not a coordinate"), None);
    }
}
