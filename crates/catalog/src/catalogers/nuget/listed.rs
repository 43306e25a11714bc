//! Short lists of exact versions: `packages.config` of older projects
//! (<https://learn.microsoft.com/nuget/reference/packages-config>), the tools of a repository in
//! `dotnet-tools.json`, and the build SDKs in `global.json`. None of them has edges.

use linchpin_model::Scope;

use crate::documents::json::{Loose, read_loose};
use crate::documents::xml::read_document;

/// Most packages of one list.
const MOST_PACKAGES: usize = 20_000;

/// A package of a list.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::catalogers) struct Listed {
    pub(super) name: Box<str>,
    pub(super) version: Box<str>,
    pub(super) scope: Scope,
}

/// Reads `packages.config`.
pub(super) fn read_packages_config(content: &[u8]) -> Result<Vec<Listed>, String> {
    let root = read_document(content)?;
    if root.name != "packages" {
        return Err("is no list of packages: its outermost element is not `packages`".to_owned());
    }
    let packages = root.children_named("package").take(MOST_PACKAGES);
    let listed = packages.filter_map(|package| {
        let is_private = package
            .attribute("developmentDependency")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        Some(Listed {
            name: package.attribute("id")?.into(),
            version: package.attribute("version")?.into(),
            scope: if is_private {
                Scope::Development
            } else {
                Scope::Runtime
            },
        })
    });
    Ok(listed.collect())
}

/// Reads `dotnet-tools.json`.
pub(super) fn read_tools(content: &[u8]) -> Result<Vec<Listed>, String> {
    let text = String::from_utf8_lossy(content);
    let document = read_loose(&text)?;
    let version = |tool: &Loose<'_>| tool.get("version")?.text().map(Into::into);
    Ok(members(&document, "tools", Scope::Development, version))
}

/// Reads the SDKs in `global.json`, packages that bring targets for the build.
pub(super) fn read_global(content: &[u8]) -> Result<Vec<Listed>, String> {
    let text = String::from_utf8_lossy(content);
    let document = read_loose(&text)?;
    let version = |version: &Loose<'_>| version.text().map(Into::into);
    Ok(members(&document, "msbuild-sdks", Scope::Build, version))
}

fn members(
    document: &Loose<'_>,
    member: &str,
    scope: Scope,
    version: impl Fn(&Loose<'_>) -> Option<Box<str>>,
) -> Vec<Listed> {
    let members = document.get(member).into_iter().flat_map(Loose::members);
    members
        .take(MOST_PACKAGES)
        .filter_map(|(name, value)| {
            Some(Listed {
                name: name.as_ref().into(),
                version: version(value)?,
                scope,
            })
        })
        .collect()
}
