//! Package URLs: <https://github.com/package-url/purl-spec>.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::Ecosystem;

/// The identity of a package: type, namespace, name, version and qualifiers.
///
/// Two packages are the same exactly if their package URLs are. The canonical text is made once
/// and compared, ordered and hashed.
#[derive(Debug, Clone)]
pub struct PackageUrl {
    kind: Box<str>,
    namespace: Option<Box<str>>,
    name: Box<str>,
    version: Option<Box<str>>,
    qualifiers: Vec<(Box<str>, Box<str>)>,
    text: Box<str>,
}

/// Why a package has no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` makes no package URL: {reason}")]
pub struct InvalidPackageUrl {
    /// What was given.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

impl PackageUrl {
    /// A package URL from its parts. An empty version counts as none.
    ///
    /// Names are normalised as the purl specification demands for the type (Python names in
    /// lower case with dashes, for example).
    pub fn new(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
    ) -> Result<Self, InvalidPackageUrl> {
        Self::with_qualifiers(kind, namespace, name, version, &[])
    }

    /// A package URL with qualifiers, such as `arch` or `distro`.
    pub fn with_qualifiers(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
        qualifiers: &[(&str, &str)],
    ) -> Result<Self, InvalidPackageUrl> {
        let invalid = |reason: String| InvalidPackageUrl {
            text: format!("{kind}/{name}").chars().take(200).collect(),
            reason,
        };
        if name.is_empty() || name.len() > MAX_PART || version.is_some_and(|v| v.len() > MAX_PART) {
            return Err(invalid(format!(
                "the name is empty, or a part is over {MAX_PART} bytes long"
            )));
        }
        let normalised;
        let name = if kind == "pypi" {
            normalised = normalise_python_name(name);
            &normalised
        } else {
            name
        };
        // Empty parts, `.` and `..` are no parts of a namespace; they would be lost when it is read.
        let namespace = namespace
            .map(|namespace| {
                let parts = namespace.split('/');
                let parts = parts.filter(|part| !matches!(*part, "" | "." | ".."));
                parts.collect::<Vec<_>>().join("/")
            })
            .filter(|namespace| !namespace.is_empty());
        let namespace = namespace.as_deref();
        let mut url =
            packageurl::PackageUrl::new(kind, name).map_err(|error| invalid(error.to_string()))?;
        if let Some(namespace) = namespace {
            url.with_namespace(namespace)
                .map_err(|error| invalid(error.to_string()))?;
        }
        if let Some(version) = version.filter(|version| !version.is_empty()) {
            url.with_version(version)
                .map_err(|error| invalid(error.to_string()))?;
        }
        for (key, value) in qualifiers {
            if !value.is_empty() {
                url.add_qualifier((*key).to_owned(), (*value).to_owned())
                    .map_err(|error| invalid(error.to_string()))?;
            }
        }
        let mut made = Self::from_library(&url);
        if matches!(kind, "golang" | "npm") {
            // The specification writes these names in lower case. Go tells case apart, and so does
            // npm for packages of old such as `JSONStream`; advisories follow them.
            made.name = name.into();
            made.namespace = namespace.map(Into::into);
        }
        Ok(made)
    }

    fn from_library(url: &packageurl::PackageUrl<'_>) -> Self {
        let mut qualifiers: Vec<(Box<str>, Box<str>)> = url
            .qualifiers()
            .iter()
            .map(|(key, value)| (key.as_ref().into(), value.as_ref().into()))
            .collect();
        qualifiers.sort();
        Self {
            kind: url.ty().into(),
            namespace: url.namespace().map(Into::into),
            name: url.name().into(),
            version: url.version().map(Into::into),
            qualifiers,
            text: canonical_text(url).into(),
        }
    }

    /// The type: `npm`, `deb`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace: `@babel`, `debian`.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The name without its namespace.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version, decoded.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The value of a qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers
            .iter()
            .find(|(found, _)| found.as_ref() == key)
            .map(|(_, value)| value.as_ref())
    }

    /// The canonical text: `pkg:npm/lodash@4.17.20`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The ecosystem whose advisories speak about this package, if we know one.
    pub fn ecosystem(&self) -> Option<Ecosystem> {
        Ecosystem::from_purl(&self.kind, self.namespace())
    }

    /// The name as the ecosystem's own users write it: `@babel/core`, `golang.org/x/net`,
    /// `org.apache:commons`, `openssl`.
    pub fn full_name(&self) -> String {
        match (self.kind.as_ref(), self.namespace()) {
            ("deb" | "apk" | "rpm" | "alpm" | "opkg", _) | (_, None) => self.name.to_string(),
            ("maven", Some(group)) => format!("{group}:{}", self.name),
            (_, Some(namespace)) => format!("{namespace}/{}", self.name),
        }
    }
}

/// The canonical text. The library leaves a slash in a version as it is, which would be read back
/// as the end of a namespace: the specification has it encoded.
fn canonical_text(url: &packageurl::PackageUrl<'_>) -> String {
    let mut text = url.to_string();
    if url.version().is_some_and(|version| version.contains('/'))
        && let Some(start) = text.find('@')
    {
        // What stands before the version has its at signs encoded, the version its question marks.
        let end = text[start..].find('?').map_or(text.len(), |at| start + at);
        let version = text[start..end].replace('/', "%2F");
        text.replace_range(start..end, &version);
    }
    text
}

/// Longest name or version that is taken; the real ones are far shorter.
const MAX_PART: usize = 1024;

/// PEP 503: runs of `-`, `_` and `.` are one dash, letters are lower case.
fn normalise_python_name(name: &str) -> String {
    let mut normalised = String::with_capacity(name.len());
    for character in name.trim().chars() {
        match character {
            '-' | '_' | '.' if normalised.ends_with('-') => {}
            '-' | '_' | '.' => normalised.push('-'),
            other => normalised.extend(other.to_lowercase()),
        }
    }
    normalised
}

impl FromStr for PackageUrl {
    type Err = InvalidPackageUrl;

    fn from_str(text: &str) -> Result<Self, InvalidPackageUrl> {
        let invalid = |reason: String| InvalidPackageUrl {
            text: text.chars().take(200).collect(),
            reason,
        };
        if text.len() > 4 * MAX_PART {
            return Err(invalid("it is too long".to_owned()));
        }
        let mut url =
            packageurl::PackageUrl::from_str(text).map_err(|error| invalid(error.to_string()))?;
        if url.namespace() == Some("") {
            // `pkg:npm//name` has a namespace without parts, which is none.
            url.without_namespace();
        }
        // A part of a package is matched as the package.
        url.without_subpath();
        Ok(Self::from_library(&url))
    }
}

impl fmt::Display for PackageUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl PartialEq for PackageUrl {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PackageUrl {}

impl PartialOrd for PackageUrl {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PackageUrl {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl std::hash::Hash for PackageUrl {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_canonical() {
        let url = PackageUrl::new("npm", Some("@babel"), "core", Some("7.0.0")).unwrap();
        assert_eq!(url.as_str(), "pkg:npm/%40babel/core@7.0.0");
        assert_eq!(url.full_name(), "@babel/core");
        let url = PackageUrl::with_qualifiers(
            "deb",
            Some("debian"),
            "libc6",
            Some("1:2.36-9+deb12u1"),
            &[("distro", "debian-12"), ("arch", "amd64")],
        )
        .unwrap();
        assert_eq!(url.version(), Some("1:2.36-9+deb12u1"));
        assert_eq!(url.as_str().parse::<PackageUrl>().unwrap(), url);
        assert_eq!(
            PackageUrl::new("pypi", None, "Zope.Interface__x", None)
                .unwrap()
                .name(),
            "zope-interface-x"
        );
    }

    #[test]
    fn a_go_module_keeps_its_path_and_case() {
        let url = PackageUrl::new(
            "golang",
            Some("github.com/Azure"),
            "go-autorest",
            Some("v14.2.0"),
        )
        .unwrap();
        assert_eq!(url.full_name(), "github.com/Azure/go-autorest");
    }

    #[test]
    fn a_slash_in_a_version_does_not_end_it() {
        let url = PackageUrl::with_qualifiers(
            "cargo",
            None,
            "serde",
            Some("1/2@3?4"),
            &[("repository_url", "packages.example/a@b")],
        )
        .unwrap();
        let again: PackageUrl = url.as_str().parse().unwrap();
        assert_eq!(again, url);
        assert_eq!(again.name(), "serde");
        assert_eq!(again.version(), Some("1/2@3?4"));
    }

    #[test]
    fn a_namespace_has_no_empty_parts() {
        let url = PackageUrl::new("golang", Some("/a//b/./../"), "c", None).unwrap();
        assert_eq!(url.as_str(), "pkg:golang/a/b/c");
        assert_eq!(url.full_name(), "a/b/c");
        let url: PackageUrl = "pkg:generic//c".parse().unwrap();
        assert_eq!(url.as_str(), "pkg:generic/c");
        assert_eq!(
            PackageUrl::new("npm", Some("/"), "c", None)
                .unwrap()
                .namespace(),
            None
        );
    }

    #[test]
    fn a_subpath_is_left_out() {
        let url: PackageUrl = "pkg:golang/example.com/module@v1.0.0#a/b".parse().unwrap();
        assert_eq!(url.as_str(), "pkg:golang/example.com/module@v1.0.0");
        assert_eq!(url.as_str().parse::<PackageUrl>().unwrap(), url);
    }

    #[test]
    fn an_empty_name_is_refused() {
        assert!(PackageUrl::new("npm", None, "", Some("1")).is_err());
    }
}
