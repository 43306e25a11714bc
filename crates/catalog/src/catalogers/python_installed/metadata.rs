//! The metadata of one installed package: `METADATA` of a `.dist-info`, `PKG-INFO` of an
//! `.egg-info`. <https://packaging.python.org/en/latest/specifications/core-metadata/>
//!
//! Only the header is read; the description after the first empty line is not.

use linchpin_model::LicenseExpression;

use crate::licenses::python::from_metadata;
use crate::python::{Marker, Requirement, normalise_name};

/// What the metadata says.
#[derive(Debug)]
pub(in crate::catalogers) struct Metadata {
    /// The name as written.
    pub(in crate::catalogers) name: Box<str>,
    pub(in crate::catalogers) version: Option<Box<str>>,
    pub(in crate::catalogers) license: Option<LicenseExpression>,
    pub(in crate::catalogers) supplier: Option<String>,
    pub(in crate::catalogers) summary: Option<String>,
    /// What it needs, each with its condition.
    pub(in crate::catalogers) requirements: Vec<Requirement>,
}

/// How many requirements of a package are read. The largest real packages have some hundreds.
const MOST_REQUIREMENTS: usize = 5000;

impl Metadata {
    /// Reads the header. `folder` is the name of the folder or file with the metadata, which
    /// holds the name and version once more.
    pub(super) fn parse(bytes: &[u8], folder: &str, problems: &mut Vec<String>) -> Option<Self> {
        let text = String::from_utf8_lossy(header(bytes));
        let fields = fields(&text);
        let field = |name: &str| {
            let (_, value) = fields
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
            let value = value.trim();
            (!value.is_empty() && value != "UNKNOWN").then_some(value)
        };
        let all = |name: &'static str| {
            let named = move |(key, _): &&(&str, String)| key.eq_ignore_ascii_case(name);
            fields.iter().filter(named).map(|(_, value)| value.trim())
        };

        let told = folder
            .strip_suffix(".dist-info")
            .or_else(|| folder.strip_suffix(".egg-info"))
            .or_else(|| folder.strip_suffix(".egg"))
            .unwrap_or_default();
        let (told_name, told_version) = match told.split_once('-') {
            Some((name, rest)) => (name, rest.split('-').next()),
            None => (told, None),
        };
        let name = field("Name").unwrap_or(told_name);
        if name.is_empty() {
            problems.push("it names no package: there is no field `Name`".to_owned());
            return None;
        }
        let version = field("Version").or(told_version);
        if version.is_none() {
            problems.push(format!(
                "`{name}` has no version: there is no field `Version`"
            ));
        }
        let mut requirements = Vec::new();
        for text in all("Requires-Dist").take(MOST_REQUIREMENTS) {
            match Requirement::parse(text) {
                Ok(requirement) => requirements.push(requirement),
                Err(problem) => problems.push(format!("`{name}`: {problem}")),
            }
        }
        Some(Self {
            name: name.into(),
            version: version.map(Into::into),
            license: from_metadata(
                field("License-Expression"),
                field("License"),
                all("Classifier"),
            ),
            supplier: supplier(field("Author"), field("Author-email"))
                .or_else(|| supplier(field("Maintainer"), field("Maintainer-email"))),
            summary: field("Summary")
                .map(|summary| summary.lines().next().unwrap_or("").to_owned()),
            requirements,
        })
    }
}

/// `requires.txt` of an egg: requirements, and sections `[extra]`, `[:marker]` or `[extra:marker]`
/// that hold for the lines below them.
/// <https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html#requires-txt>
pub(super) fn parse_requires(bytes: &[u8], problems: &mut Vec<String>) -> Vec<Requirement> {
    let text = String::from_utf8_lossy(bytes);
    let mut requirements = Vec::new();
    let mut conditions: Vec<Marker> = Vec::new();
    for line in text.lines().map(str::trim).take(MOST_REQUIREMENTS) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(section) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            let (extra, marker) = section.split_once(':').unwrap_or((section, ""));
            conditions.clear();
            if !extra.trim().is_empty() {
                conditions.push(Marker::of_extra(&normalise_name(extra)));
            }
            if !marker.trim().is_empty() {
                match Marker::parse(marker) {
                    Ok(marker) => conditions.push(marker),
                    Err(problem) => problems.push(problem),
                }
            }
            continue;
        }
        match Requirement::parse(line) {
            Ok(requirement) => requirements.push(
                conditions
                    .iter()
                    .cloned()
                    .fold(requirement, Requirement::only_if),
            ),
            Err(problem) => problems.push(problem),
        }
    }
    requirements
}

/// The bytes before the first empty line.
fn header(bytes: &[u8]) -> &[u8] {
    let mut start = 0;
    while let Some(rest) = bytes.get(start..) {
        let Some(end) = rest.iter().position(|&byte| byte == b'\n') else {
            break;
        };
        if matches!(rest.get(..end), Some(b"" | b"\r")) {
            return bytes.get(..start).unwrap_or(bytes);
        }
        start += end + 1;
    }
    bytes
}

/// The fields of a header: lines that begin with a space go on with the one before.
fn fields(text: &str) -> Vec<(&str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push('\n');
                // Old tools marked continued lines with `|`, later ones indent by eight spaces.
                value.push_str(line.trim_start().trim_start_matches('|'));
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim(), value.to_owned()));
        }
    }
    fields
}

/// `Name <address>`, from a name, an address, or an address field that holds both.
fn supplier(name: Option<&str>, email: Option<&str>) -> Option<String> {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (name, email) {
        (None, None) => None,
        (Some(name), None) => Some(one_line(name)),
        (None, Some(email)) => Some(one_line(email)),
        (Some(name), Some(email)) if email.contains(['<', ',']) || name.contains('@') => {
            Some(one_line(if email.contains(name) { email } else { name }))
        }
        (Some(name), Some(email)) => Some(format!("{} <{}>", one_line(name), one_line(email))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_up_to_the_description() {
        let mut problems = Vec::new();
        let text = b"Metadata-Version: 2.1\r\nname: Foo_Bar\r\nVersion: 1.0\r\nLicense: MIT\r\n\
            \x20       more text\r\nAuthor: A\r\nAuthor-email: a@packages.example\r\n\
            Requires-Dist: b (>=1) ; extra == 'x'\r\n\r\nRequires-Dist: c\r\n";
        let metadata = Metadata::parse(text, "Foo_Bar-1.0.dist-info", &mut problems).unwrap();
        assert_eq!(metadata.name.as_ref(), "Foo_Bar");
        assert_eq!(metadata.license.unwrap().as_str(), "MIT");
        assert_eq!(metadata.supplier.as_deref(), Some("A <a@packages.example>"));
        assert_eq!(metadata.requirements.len(), 1);
        assert!(problems.is_empty());
    }

    #[test]
    fn the_folder_names_what_the_header_does_not() {
        let mut problems = Vec::new();
        let metadata = Metadata::parse(b"", "foo-1.0-py3.9.egg-info", &mut problems).unwrap();
        assert_eq!(metadata.version.as_deref(), Some("1.0"));
        assert!(Metadata::parse(b"", "EGG-INFO", &mut problems).is_none());
    }

    #[test]
    fn sections_of_requires_are_conditions() {
        let mut problems = Vec::new();
        let text = b"six\n\n[:python_version < '3']\nenum34\n\n[Sec_urity]\nidna>=2\n[x:os_name=='nt']\ny\n";
        let found = parse_requires(text, &mut problems);
        let extras = |at: usize| {
            let marker = found[at].marker.as_ref();
            marker.map_or(0, |marker| marker.extras().count())
        };
        assert_eq!(found.len(), 4);
        assert!(found[0].marker.is_none());
        assert_eq!((extras(1), extras(2), extras(3)), (0, 1, 1));
        assert!(problems.is_empty());
    }
}
