//! `Chart.yaml` and the lists of dependencies, which have the same form in all files.

use linchpin_model::PackageUrl;

use crate::documents::json::Loose;

/// A chart.
#[derive(Debug)]
pub(in crate::catalogers) struct Chart {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) app_version: Option<String>,
    pub(super) description: Option<String>,
    pub(super) maintainer: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
}

/// A chart that another one depends on.
#[derive(Debug)]
pub(in crate::catalogers) struct Dependency {
    pub(super) name: String,
    /// A version, or a range of them.
    version: Option<String>,
    repository: Option<String>,
}

pub(super) fn read(document: &Loose<'_>) -> Option<Chart> {
    let text = |name: &str| text_of(document, name);
    let maintainers = document
        .get("maintainers")
        .map(Loose::items)
        .unwrap_or_default();
    Some(Chart {
        name: text("name")?,
        version: text("version"),
        app_version: text("appVersion"),
        description: text("description")
            .map(|text| text.lines().next().unwrap_or_default().to_owned()),
        maintainer: maintainers.iter().find_map(|one| text_of(one, "name")),
        dependencies: dependencies(document),
    })
}

pub(super) fn dependencies(document: &Loose<'_>) -> Vec<Dependency> {
    let list = document
        .get("dependencies")
        .map(Loose::items)
        .unwrap_or_default();
    list.iter()
        .filter_map(|dependency| {
            Some(Dependency {
                name: text_of(dependency, "name")?,
                version: text_of(dependency, "version"),
                repository: text_of(dependency, "repository"),
            })
        })
        .collect()
}

fn text_of(value: &Loose<'_>, name: &str) -> Option<String> {
    let text = value.get(name)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl Dependency {
    /// Whether it lies in the same tree: it is found there.
    pub(super) fn is_local(&self) -> bool {
        self.repository
            .as_ref()
            .is_some_and(|repository| repository.starts_with("file://"))
    }

    /// The version, unless it is a range.
    pub(super) fn exact_version(&self) -> Option<&str> {
        let version = self.version.as_deref()?;
        let plain = version.strip_prefix('v').unwrap_or(version);
        // `1` and `1.2` are ranges, as is all with a sign in it.
        let numbers = plain.split(['-', '+']).next()?.split('.');
        let is_exact = numbers.clone().count() == 3
            && numbers.clone().all(|number| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            });
        let is_one = !version.contains(char::is_whitespace);
        (is_exact && is_one).then_some(version)
    }

    pub(super) fn package_url(&self) -> Option<PackageUrl> {
        // A name for a repository that only the author's settings know says nothing.
        let repository = self
            .repository
            .as_deref()
            .filter(|repository| repository.contains("://") && !repository.contains('@'));
        PackageUrl::with_qualifiers(
            "helm",
            None,
            &self.name,
            self.exact_version(),
            &[(
                "repository_url",
                repository.unwrap_or_default().trim_end_matches('/'),
            )],
        )
        .ok()
    }
}
