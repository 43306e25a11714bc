//! The components of a package URL, read from text and written as canonical text, exactly as
//! ECMA-427 has it: <https://ecma-tc54.github.io/ECMA-427/>.
//!
//! [`PackageUrl`](super::PackageUrl) is the identity of a package and has what identity needs;
//! here is the whole of it, subpath included.

use std::collections::BTreeMap;
use std::fmt;

use super::encoding::{decode, encode, encode_segments};
use super::types::{NamespaceRule, rules};
use super::{InvalidPackageUrl, shortened};

/// The decoded components of a package URL, in their canonical form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PackageUrlComponents {
    /// The type.
    pub kind: String,
    /// The namespace, its segments with slashes between them.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
    /// The version.
    pub version: Option<String>,
    /// The qualifiers. None of the values is empty.
    pub qualifiers: BTreeMap<String, String>,
    /// The path within the package.
    pub subpath: Option<String>,
}

/// The components as they stand in the text, encoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pieces<'a> {
    pub(super) scheme: &'a str,
    /// How many slashes stand after the scheme.
    pub(super) slashes: usize,
    pub(super) kind: &'a str,
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
    pub(super) version: Option<&'a str>,
    pub(super) qualifiers: Option<&'a str>,
    pub(super) subpath: Option<&'a str>,
}

impl<'a> Pieces<'a> {
    /// Splits a text as the specification's "how to parse" says, from right to left.
    pub(super) fn split(text: &'a str) -> Result<Self, String> {
        let (rest, subpath) = text
            .rsplit_once('#')
            .map_or((text, None), |(rest, subpath)| (rest, Some(subpath)));
        let (rest, qualifiers) = rest
            .rsplit_once('?')
            .map_or((rest, None), |(rest, qualifiers)| (rest, Some(qualifiers)));
        let (scheme, rest) = rest
            .split_once(':')
            .ok_or("there is no scheme; it begins with `pkg:`")?;
        if !scheme.eq_ignore_ascii_case("pkg") {
            return Err(format!("the scheme is `{}`, not `pkg`", shortened(scheme)));
        }
        let path = rest.trim_start_matches('/');
        let slashes = rest.len() - path.len();
        let (kind, rest) = path
            .split_once('/')
            .ok_or("there is no type and name, as in `pkg:type/name`")?;
        check_kind(kind)?;
        let (rest, version) = split_version(rest)?;
        let rest = rest.trim_end_matches('/');
        let (namespace, name) = rest.rsplit_once('/').unwrap_or(("", rest));
        if name.is_empty() {
            return Err("there is no name".to_owned());
        }
        Ok(Self {
            scheme,
            slashes,
            kind,
            namespace,
            name,
            version,
            qualifiers,
            subpath,
        })
    }
}

/// The path and the version. An at sign at the beginning of a segment that is not the last one is
/// the unencoded scope of an npm package, and no separator.
fn split_version(path: &str) -> Result<(&str, Option<&str>), String> {
    let Some((before, after)) = path.rsplit_once('@') else {
        return Ok((path, None));
    };
    if !(before.is_empty() || before.ends_with('/')) {
        return Ok((before, Some(after)));
    }
    if after.contains('/') {
        return Ok((path, None));
    }
    Err("there is no name before the `@`".to_owned())
}

fn check_kind(kind: &str) -> Result<(), String> {
    let fits = kind
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
    if kind.is_empty() {
        Err("there is no type".to_owned())
    } else if !fits {
        Err(format!(
            "the type `{}` has other characters than letters, digits, `.` and `-`",
            shortened(kind)
        ))
    } else if !kind.starts_with(|first: char| first.is_ascii_alphabetic()) {
        Err(format!(
            "the type `{}` does not begin with a letter",
            shortened(kind)
        ))
    } else {
        Ok(())
    }
}

pub(super) fn check_key(key: &str) -> Result<(), String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if key.starts_with(|first: char| first.is_ascii_alphabetic()) && key.bytes().all(fits) {
        Ok(())
    } else {
        Err(format!(
            "the qualifier key `{}` is not a letter followed by letters, digits, `.`, `-` and `_`",
            shortened(key)
        ))
    }
}

impl PackageUrlComponents {
    /// Reads a package URL. Whatever the specification forgives is brought into canonical form.
    ///
    /// The rules of the type are applied as far as they say how a part is written. Those that it
    /// may break are asked with [`Self::broken_rule`].
    pub fn parse(text: &str) -> Result<Self, InvalidPackageUrl> {
        Self::read(text).map_err(|reason| InvalidPackageUrl {
            text: shortened(text).to_owned(),
            reason,
        })
    }

    fn read(text: &str) -> Result<Self, String> {
        let pieces = Pieces::split(text)?;
        let mut qualifiers = Vec::new();
        for pair in pieces.qualifiers.unwrap_or_default().split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !value.is_empty() {
                qualifiers.push((key, decode(value)?));
            }
        }
        let read = |path: &str| -> Result<Vec<String>, String> {
            path.split('/')
                .filter(|segment| !segment.is_empty())
                .map(decode)
                .collect()
        };
        let namespace = read(pieces.namespace)?;
        let subpath = read(pieces.subpath.unwrap_or_default())?;
        Self::from_decoded(
            pieces.kind,
            namespace,
            decode(pieces.name)?,
            decode(pieces.version.unwrap_or_default())?,
            qualifiers,
            subpath,
        )
    }

    /// A package URL from its components as they are, not encoded. What is empty counts as not
    /// there.
    pub fn build<'a>(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
        qualifiers: impl IntoIterator<Item = (&'a str, &'a str)>,
        subpath: Option<&str>,
    ) -> Result<Self, InvalidPackageUrl> {
        let split = |path: Option<&str>| {
            let segments = path.unwrap_or_default().split('/');
            segments.map(str::to_owned).collect::<Vec<String>>()
        };
        let qualifiers = qualifiers
            .into_iter()
            .map(|(key, value)| (key, value.to_owned()))
            .collect();
        check_kind(kind)
            .and_then(|()| {
                Self::from_decoded(
                    kind,
                    split(namespace),
                    name.to_owned(),
                    version.unwrap_or_default().to_owned(),
                    qualifiers,
                    split(subpath),
                )
            })
            .map_err(|reason| InvalidPackageUrl {
                text: shortened(&format!("{kind}/{name}")).to_owned(),
                reason,
            })
    }

    fn from_decoded(
        kind: &str,
        namespace: Vec<String>,
        name: String,
        version: String,
        pairs: Vec<(&str, String)>,
        subpath: Vec<String>,
    ) -> Result<Self, String> {
        let kind = kind.to_ascii_lowercase();
        let mut qualifiers = BTreeMap::new();
        for (key, value) in pairs {
            check_key(key)?;
            let key = key.to_ascii_lowercase();
            if value.is_empty() {
                continue;
            }
            if qualifiers.insert(key.clone(), value).is_some() {
                return Err(format!(
                    "the qualifier `{}` is there twice",
                    shortened(&key)
                ));
            }
        }
        let namespace = joined(namespace, "namespace", |segment| !segment.is_empty())?;
        let subpath = joined(subpath, "subpath", |segment| {
            !matches!(segment, "" | "." | "..")
        })?;
        let mut name = name.trim_matches('/').to_owned();
        let mut namespace = namespace;
        let mut version = Some(version).filter(|version| !version.is_empty());
        if let Some(rules) = rules(&kind) {
            let server = qualifiers.get("repository_url").map(String::as_str);
            name = rules.name_form.apply(name, server);
            namespace = namespace.map(|text| rules.namespace_form.apply(text, server));
            version = version.map(|text| rules.version_form.apply(text, server));
        }
        if name.is_empty() {
            return Err("there is no name".to_owned());
        }
        Ok(Self {
            kind,
            namespace,
            name,
            version,
            qualifiers,
            subpath,
        })
    }

    /// The first rule of its type that it breaks so badly that it means nothing.
    pub fn broken_rule(&self) -> Option<String> {
        self.broken_rules(false).into_iter().next()
    }

    /// All rules of its type that it breaks; with `exactly` also those that are often broken and
    /// leave no doubt about what is meant.
    pub(super) fn broken_rules(&self, exactly: bool) -> Vec<String> {
        let Some(rules) = rules(&self.kind) else {
            return Vec::new();
        };
        let kind = &self.kind;
        let mut broken = Vec::new();
        match (rules.namespace, &self.namespace) {
            (NamespaceRule::Prohibited, Some(namespace)) => broken.push(format!(
                "the type `{kind}` has no namespace, and here is `{}`",
                shortened(namespace)
            )),
            (NamespaceRule::Required, None) => {
                broken.push(format!("the type `{kind}` demands a namespace"));
            }
            (NamespaceRule::Expected, None) if exactly => {
                broken.push(format!("the type `{kind}` demands a namespace"));
            }
            _ => {}
        }
        for key in rules.required_qualifiers {
            if !self.qualifiers.contains_key(*key) {
                broken.push(format!("the type `{kind}` demands the qualifier `{key}`"));
            }
        }
        broken.extend(self.wrong_text(exactly));
        broken
    }

    /// What the definition of the type says of the characters of name and version.
    fn wrong_text(&self, exactly: bool) -> Option<String> {
        let name = &self.name;
        match self.kind.as_str() {
            "chrome-extension" => {
                let letters = name.bytes().all(|byte| (b'a'..=b'p').contains(&byte));
                if name.len() != 32 || !letters {
                    return Some("the name is not 32 letters from `a` to `p`".to_owned());
                }
                let version = self.version.as_deref()?;
                let numbers: Vec<&str> = version.split('.').collect();
                let right = numbers.len() <= 4
                    && numbers.iter().all(|number| {
                        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
                    });
                (!right).then(|| "the version is not one to four numbers".to_owned())
            }
            "cpan" if name.contains("::") => {
                Some("the name is that of a module; it must be that of a distribution".to_owned())
            }
            "cocoapods" if exactly => {
                let wrong = name.starts_with('.')
                    || name.contains('+')
                    || name.contains(char::is_whitespace);
                wrong.then(|| "the name begins with `.`, or has a blank or `+` in it".to_owned())
            }
            "swid" if exactly => {
                let namespace = self.namespace.as_deref().unwrap_or_default();
                (namespace.matches('/').count() > 1)
                    .then(|| "the namespace has more than two segments".to_owned())
            }
            _ => None,
        }
    }

    /// Appends the qualifiers as they are written, without the question mark.
    pub(super) fn qualifiers_text(&self, text: &mut String) {
        for (place, (key, value)) in self.qualifiers.iter().enumerate() {
            if place > 0 {
                text.push('&');
            }
            text.push_str(key);
            text.push('=');
            encode(value, text);
        }
    }
}

/// The segments that count, with slashes between them.
fn joined(
    segments: Vec<String>,
    part: &str,
    counts: impl Fn(&str) -> bool,
) -> Result<Option<String>, String> {
    let mut text = String::new();
    for segment in segments.iter().filter(|segment| counts(segment)) {
        if segment.contains('/') {
            return Err(format!("a segment of the {part} has a slash in it"));
        }
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(segment);
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

impl fmt::Display for PackageUrlComponents {
    /// The canonical text.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(64);
        text.push_str("pkg:");
        text.push_str(&self.kind);
        text.push('/');
        if let Some(namespace) = &self.namespace {
            encode_segments(namespace, &mut text);
            text.push('/');
        }
        encode(&self.name, &mut text);
        if let Some(version) = &self.version {
            text.push('@');
            encode(version, &mut text);
        }
        if !self.qualifiers.is_empty() {
            text.push('?');
            self.qualifiers_text(&mut text);
        }
        if let Some(subpath) = &self.subpath {
            text.push('#');
            encode_segments(subpath, &mut text);
        }
        formatter.write_str(&text)
    }
}
