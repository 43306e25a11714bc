//! A package as dpkg's database describes it: deb-control(5), dpkg-query(1).

use crate::debian_control::{Paragraph, paragraphs};

/// An installed package.
#[derive(Debug)]
pub(in crate::catalogers) struct DpkgPackage {
    pub(super) name: Box<str>,
    pub(super) version: Box<str>,
    pub(super) architecture: Box<str>,
    /// `Source`, where it differs from the package: its name, and its version if that differs too.
    pub(super) source: Option<(Box<str>, Option<Box<str>>)>,
    pub(super) maintainer: Option<Box<str>>,
    pub(super) description: Option<Box<str>>,
    /// `Pre-Depends` and `Depends`, as written.
    pub(super) depends: Box<str>,
    /// `Provides`, as written.
    pub(super) provides: Box<str>,
    /// `Conffiles`, as written: a path and a digest per line.
    pub(super) conffiles: Box<str>,
    /// The state where the installation was not finished: `half-installed`, `unpacked`.
    pub(super) unfinished: Option<Box<str>>,
}

/// Whether paragraphs without a `Status` are installed packages, as in `status.d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoStatus {
    Installed,
    Broken,
}

/// The installed packages of a database file, and what could not be understood.
pub(super) fn installed_packages(
    text: &str,
    no_status: NoStatus,
) -> (Vec<DpkgPackage>, Vec<String>) {
    let mut packages = Vec::new();
    let mut problems = Vec::new();
    for (index, paragraph) in paragraphs(text).enumerate() {
        match package(&paragraph, no_status) {
            Ok(package) => packages.extend(package),
            Err(problem) => problems.push(format!("paragraph {}: {problem}", index + 1)),
        }
    }
    (packages, problems)
}

fn package(paragraph: &Paragraph<'_>, no_status: NoStatus) -> Result<Option<DpkgPackage>, String> {
    let name = paragraph
        .line("Package")
        .filter(|name| !name.is_empty())
        .ok_or("it names no package")?;
    let state = match (paragraph.line("Status"), no_status) {
        // `install ok installed`: what is wanted, whether it is in error, and the state.
        (Some(status), _) => status.split_ascii_whitespace().nth(2).unwrap_or_default(),
        (None, NoStatus::Installed) => "installed",
        (None, NoStatus::Broken) => "",
    };
    let unfinished = match state {
        "installed" | "triggers-awaited" | "triggers-pending" => None,
        "half-installed" | "unpacked" | "half-configured" => Some(state),
        // Removed; its configuration may be left.
        "config-files" | "not-installed" => return Ok(None),
        _ => {
            return Err(format!(
                "`{}` has no state that dpkg knows",
                shortened(name)
            ));
        }
    };
    let version = paragraph
        .line("Version")
        .filter(|version| !version.is_empty())
        .ok_or_else(|| format!("`{}` has no version", shortened(name)))?;
    let both = [paragraph.get("Pre-Depends"), paragraph.get("Depends")];
    let depends: Vec<&str> = both.into_iter().flatten().collect();
    Ok(Some(DpkgPackage {
        name: name.into(),
        version: version.into(),
        architecture: paragraph.line("Architecture").unwrap_or_default().into(),
        source: paragraph.line("Source").and_then(source),
        maintainer: text(paragraph.line("Maintainer")),
        description: text(paragraph.line("Description")),
        depends: depends.join(",").into(),
        provides: paragraph.get("Provides").unwrap_or_default().into(),
        conffiles: paragraph.get("Conffiles").unwrap_or_default().into(),
        unfinished: unfinished.map(Into::into),
    }))
}

/// `name` or `name (version)`.
fn source(text: &str) -> Option<(Box<str>, Option<Box<str>>)> {
    let (name, version) = match text.split_once('(') {
        Some((name, version)) => (name, Some(version.trim_end().trim_end_matches(')').trim())),
        None => (text, None),
    };
    let name = name.trim();
    (!name.is_empty()).then(|| {
        let version = version.filter(|version| !version.is_empty());
        (name.into(), version.map(Into::into))
    })
}

fn text(value: Option<&str>) -> Option<Box<str>> {
    value.filter(|value| !value.is_empty()).map(Into::into)
}

fn shortened(name: &str) -> String {
    name.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_a_name_and_perhaps_a_version() {
        assert_eq!(source("glibc"), Some(("glibc".into(), None)));
        assert_eq!(
            source("gcc-12 (12.2.0-14)"),
            Some(("gcc-12".into(), Some("12.2.0-14".into())))
        );
        assert_eq!(source(""), None);
    }

    #[test]
    fn only_what_is_installed_counts() {
        let text = "Package: a\nStatus: install ok installed\nVersion: 1\n\n\
            Package: b\nStatus: deinstall ok config-files\nVersion: 1\n\n\
            Package: c\nStatus: install reinstreq half-installed\nVersion: 1\n\n\
            Package: d\nVersion: 1\n\n\
            Package: e\nStatus: hold ok installed\n";
        let (packages, problems) = installed_packages(text, NoStatus::Broken);
        let names: Vec<&str> = packages.iter().map(|found| found.name.as_ref()).collect();
        assert_eq!(names, ["a", "c"]);
        assert_eq!(packages[1].unfinished.as_deref(), Some("half-installed"));
        assert_eq!(problems.len(), 2);
    }
}
