//! Package URLs: <https://github.com/package-url/purl-spec>, standardised as ECMA-427.
//!
//! `components.rs` reads and writes them exactly as the specification says, `types.rs` is the table
//! of what each type demands, `validation.rs` says all that is wrong with one. Here is what a
//! package's identity is made of.

#[cfg(test)]
mod cases;
mod components;
mod encoding;
mod types;
mod validation;

pub use components::PackageUrlComponents;
pub use validation::{MessageSeverity, ValidationMessage, validate_package_url};

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use types::NamespaceRule;

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
        if name.is_empty() || name.len() > MAX_PART || version.is_some_and(|v| v.len() > MAX_PART) {
            return Err(InvalidPackageUrl {
                text: shortened(&format!("{kind}/{name}")).to_owned(),
                reason: format!("the name is empty, or a part is over {MAX_PART} bytes long"),
            });
        }
        let normalised;
        let name = if kind == "pypi" {
            normalised = normalise_python_name(name);
            &normalised
        } else {
            name
        };
        // `.` and `..` would be lost where a text is handled as a path.
        let namespace = namespace
            .map(|namespace| {
                let parts = namespace.split('/');
                let parts = parts.filter(|part| !matches!(*part, "" | "." | ".."));
                parts.collect::<Vec<_>>().join("/")
            })
            .filter(|namespace| !namespace.is_empty());
        let namespace = namespace.as_deref();
        let components = PackageUrlComponents::build(
            kind,
            namespace,
            name,
            version,
            qualifiers.iter().copied(),
            None,
        )?;
        let mut made = Self::from_components(components)?;
        match kind {
            // The specification writes these names in lower case. Go tells case apart, and so does
            // npm for packages of old such as `JSONStream`; advisories follow them.
            "golang" | "npm" => {
                made.name = name.into();
                made.namespace = namespace.map(Into::into);
            }
            // Likewise a Python version is shown as its distribution has it.
            "pypi" => {
                made.version = version
                    .filter(|version| !version.is_empty())
                    .map(Into::into);
            }
            _ => {}
        }
        Ok(made)
    }

    /// The identity that components give. Of the type's rules only that on namespaces that must
    /// not be is asked: what is missing in a package URL that others wrote is no reason to lose
    /// the package.
    fn from_components(components: PackageUrlComponents) -> Result<Self, InvalidPackageUrl> {
        let prohibited = types::rules(&components.kind)
            .is_some_and(|rules| rules.namespace == NamespaceRule::Prohibited);
        if prohibited && components.namespace.is_some() {
            return Err(InvalidPackageUrl {
                text: shortened(&components.to_string()).to_owned(),
                reason: format!("the type `{}` has no namespace", components.kind),
            });
        }
        let text = components.to_string().into();
        Ok(Self {
            kind: components.kind.into(),
            namespace: components.namespace.map(Into::into),
            name: components.name.into(),
            version: components.version.map(Into::into),
            qualifiers: components
                .qualifiers
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
            text,
        })
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

    /// All qualifiers, in the order of their keys.
    pub fn qualifiers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.qualifiers
            .iter()
            .map(|(key, value)| (key.as_ref(), value.as_ref()))
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

/// Longest name or version that is taken; the real ones are far shorter.
const MAX_PART: usize = 1024;

/// The beginning of a text, for a message.
fn shortened(text: &str) -> &str {
    match text.char_indices().nth(200) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

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
        let mut components = PackageUrlComponents::parse(text)?;
        // `.` and `..` would be lost where a text is handled as a path.
        components.namespace = components.namespace.and_then(|namespace| {
            let parts: Vec<&str> = namespace
                .split('/')
                .filter(|part| !matches!(*part, "." | ".."))
                .collect();
            Some(parts.join("/")).filter(|namespace| !namespace.is_empty())
        });
        // A part of a package is matched as the package.
        components.subpath = None;
        Self::from_components(components)
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
