//! Requirements by the real grammar:
//! <https://packaging.python.org/en/latest/specifications/dependency-specifiers/>.
//!
//! Also what was written before it: the version in parentheses, `foo (>=1)`. The reader is our own
//! rather than a crate's: those that exist keep every marker that they ever saw in a table for
//! the life of the process and descend by recursion, both of which hostile input can use.

use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};

use super::{Marker, normalise_name};

/// One requirement: a name, and what narrows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requirement {
    /// The name in its normal form.
    pub(crate) name: Box<str>,
    /// The extras asked for, in their normal form.
    pub(crate) extras: Vec<Box<str>>,
    /// The version specifiers as written, without parentheses: `>=2.8.1,==2.8.*`.
    pub(crate) specifiers: Box<str>,
    /// The address after `@`.
    pub(crate) url: Option<Box<str>>,
    /// The condition after `;`.
    pub(crate) marker: Option<Marker>,
}

/// The longest requirement that is read. Lockfile tools write long markers, of some thousand bytes.
const LONGEST: usize = 64 * 1024;

impl Requirement {
    /// A requirement of a name and nothing else.
    pub(crate) fn of_name(name: &str) -> Self {
        Self {
            name: normalise_name(name),
            extras: Vec::new(),
            specifiers: "".into(),
            url: None,
            marker: None,
        }
    }

    /// Reads one requirement.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(format!("`{}` is over {LONGEST} bytes long", shorten(text)));
        }
        let (name, rest) = split_name(text)?;
        let mut requirement = Self::of_name(name);
        let mut rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('[') {
            let (extras, after) = inner
                .split_once(']')
                .ok_or_else(|| "`[` is not closed".to_owned())?;
            for extra in extras
                .split(',')
                .map(str::trim)
                .filter(|extra| !extra.is_empty())
            {
                match split_name(extra)? {
                    (name, "") => requirement.extras.push(normalise_name(name)),
                    _ => return Err(format!("`{}` is no extra", shorten(extra))),
                }
            }
            rest = after.trim_start();
        }
        let marker = if let Some(address) = rest.strip_prefix('@') {
            // A `;` may be part of an address; only after a space it ends it.
            let address = address.trim_start();
            let end = address.find(char::is_whitespace).unwrap_or(address.len());
            let (url, after) = address.split_at(end);
            if url.is_empty() {
                return Err("the address after `@` is missing".to_owned());
            }
            requirement.url = Some(url.into());
            match after.trim_start() {
                "" => None,
                after => Some(
                    after
                        .strip_prefix(';')
                        .ok_or_else(|| format!("`{}` follows the address", shorten(after)))?,
                ),
            }
        } else {
            let (versions, marker) = match rest.split_once(';') {
                Some((versions, marker)) => (versions, Some(marker)),
                None => (rest, None),
            };
            requirement.specifiers = specifiers(versions)?.into();
            marker
        };
        requirement.marker = marker
            .map(str::trim)
            .filter(|marker| !marker.is_empty())
            .map(Marker::parse)
            .transpose()?;
        Ok(requirement)
    }

    /// The version of a requirement that allows only one: `==1.2` or `===1.2`.
    pub(crate) fn pinned(&self) -> Option<&str> {
        let version = self
            .specifiers
            .strip_prefix("===")
            .or_else(|| self.specifiers.strip_prefix("=="))?
            .trim();
        let one = !version.is_empty() && !version.contains([',', '*', '=', '<', '>', '!', '~']);
        one.then_some(version)
    }

    /// Whether a version is allowed. True where either can not be understood: then there is no
    /// reason to say no.
    pub(crate) fn allows(&self, version: &str) -> bool {
        if self.specifiers.is_empty() {
            return true;
        }
        match (
            VersionSpecifiers::from_str(&self.specifiers),
            Version::from_str(version),
        ) {
            (Ok(specifiers), Ok(version)) => specifiers.contains(&version),
            _ => true,
        }
    }

    /// Adds a condition.
    pub(crate) fn only_if(mut self, condition: Marker) -> Self {
        self.marker = Some(match self.marker.take() {
            Some(marker) => marker.and(condition),
            None => condition,
        });
        self
    }
}

/// A name at the start, and what comes after it.
fn split_name(text: &str) -> Result<(&str, &str), String> {
    let end = text
        .find(|next: char| !(next.is_ascii_alphanumeric() || matches!(next, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let first_and_last = [name.chars().next(), name.chars().next_back()];
    if name.len() > 256
        || !first_and_last
            .iter()
            .all(|end| end.is_some_and(|end| end.is_ascii_alphanumeric()))
    {
        return Err(format!("`{}` does not begin with a name", shorten(text)));
    }
    Ok((name, rest))
}

/// Version specifiers, with or without parentheses around them.
fn specifiers(text: &str) -> Result<String, String> {
    let text = text.trim();
    let inner = match text.strip_prefix('(') {
        Some(inner) => inner
            .strip_suffix(')')
            .ok_or_else(|| "`(` is not closed".to_owned())?
            .trim(),
        None => text,
    };
    let fine = |next: char| {
        next.is_ascii_alphanumeric()
            || next.is_whitespace()
            || matches!(
                next,
                '<' | '>' | '=' | '!' | '~' | ',' | '.' | '*' | '+' | '-' | '_'
            )
    };
    let starts = inner.is_empty() || inner.starts_with(['<', '>', '=', '!', '~']);
    if !starts || !inner.chars().all(fine) || inner.len() > 1000 {
        return Err(format!("`{}` is no version specifier", shorten(text)));
    }
    Ok(inner
        .split(',')
        .map(|part| part.split_whitespace().collect::<String>())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(","))
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_read() {
        let parse = |text: &str| Requirement::parse(text).unwrap();
        let requests =
            parse("Requests [security,Tests] >= 2.8.1, == 2.8.* ; python_version > \"3.8\"");
        assert_eq!(requests.name.as_ref(), "requests");
        assert_eq!(requests.extras, ["security".into(), "tests".into()]);
        assert_eq!(requests.specifiers.as_ref(), ">=2.8.1,==2.8.*");
        assert!(requests.marker.is_some());
        assert_eq!(
            parse("PySocks (!=1.5.7,>=1.5.6)").specifiers.as_ref(),
            "!=1.5.7,>=1.5.6"
        );
        assert_eq!(parse("zope.interface").name.as_ref(), "zope-interface");
        assert_eq!(parse("a==1.0").pinned(), Some("1.0"));
        assert_eq!(parse("a == 1.0").pinned(), Some("1.0"));
        assert_eq!(parse("a==1.*").pinned(), None);
        assert_eq!(parse("a==1.0,!=2").pinned(), None);
        let url = parse("pip @ file:///a;b.whl ; os_name == 'nt'");
        assert_eq!(url.url.as_deref(), Some("file:///a;b.whl"));
        assert!(url.marker.is_some());
        assert!(parse("a>=1,<2").allows("1.5") && !parse("a>=1,<2").allows("2.0"));
    }

    #[test]
    fn what_is_no_requirement_is_refused() {
        for text in [
            "", "-a", "a-", "a[b", "a (>=1", "a ?", "a b", "a @", "./path", "a; b",
        ] {
            assert!(Requirement::parse(text).is_err(), "{text}");
        }
    }
}
