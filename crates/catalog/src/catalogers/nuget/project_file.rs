//! Project files of MSBuild (`*.csproj`, `*.fsproj`, `*.vbproj`) and the properties that folders
//! share (`Directory.Build.props`, `Directory.Packages.props`):
//! <https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files>,
//! <https://learn.microsoft.com/nuget/consume-packages/central-package-management>.
//!
//! Conditions are not evaluated, since they depend on the machine that builds: what is asked for
//! under any of them is listed. Of properties only plain values are replaced, not functions.

use std::collections::HashMap;

use linchpin_model::Scope;

use crate::documents::xml::{Element, read_document};
use crate::nuget_packages::folded;

/// Most references of one file that are read.
const MOST_REFERENCES: usize = 10_000;

/// Longest value that comes of replacing properties.
const LONGEST_VALUE: usize = 1000;

/// What one file says.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct ProjectFile {
    /// Properties by their names in lower case; MSBuild does not tell case apart.
    pub(super) properties: HashMap<String, String>,
    /// Packages that are asked for.
    pub(super) references: Vec<Reference>,
    /// Versions of packages for all projects, `PackageVersion`.
    pub(super) central: Vec<(String, String)>,
    /// Other projects, as paths from the file's folder.
    pub(super) projects: Vec<String>,
    /// Whether it is of the kind whose version the SDK sets if nobody does.
    pub(super) uses_sdk: bool,
}

/// A package that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) name: String,
    /// As written, with properties in it.
    pub(super) version: Option<String>,
    pub(super) scope: Scope,
}

/// Reads a file.
pub(super) fn read(content: &[u8]) -> Result<ProjectFile, String> {
    let root = read_document(content)?;
    if root.name != "Project" {
        return Err(format!(
            "is no project file: its outermost element is `{}`",
            root.name.chars().take(60).collect::<String>()
        ));
    }
    let mut file = ProjectFile {
        uses_sdk: root.attribute("Sdk").is_some()
            || root.child("Sdk").is_some()
            || root
                .children_named("Import")
                .any(|import| import.attribute("Sdk").is_some()),
        ..ProjectFile::default()
    };
    file.take_groups(&root, 0);
    Ok(file)
}

impl ProjectFile {
    /// Reads the groups of an element; `Choose` holds groups for several cases.
    fn take_groups(&mut self, element: &Element, depth: usize) {
        for child in &element.children {
            match child.name.as_str() {
                "PropertyGroup" => {
                    for property in &child.children {
                        self.properties
                            .entry(folded(&property.name))
                            .or_insert_with(|| property.text.clone());
                    }
                }
                "ItemGroup" => {
                    for item in &child.children {
                        if self.references.len() + self.central.len() < MOST_REFERENCES {
                            self.take_item(item);
                        }
                    }
                }
                "Choose" | "When" | "Otherwise" if depth < 4 => self.take_groups(child, depth + 1),
                _ => {}
            }
        }
    }

    fn take_item(&mut self, item: &Element) {
        let metadata = |name: &str| item.attribute(name).or_else(|| item.text_of(name));
        let Some(names) = item
            .attribute("Include")
            .or_else(|| item.attribute("Update"))
        else {
            return;
        };
        for name in names
            .split(';')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match item.name.as_str() {
                "PackageReference" | "GlobalPackageReference" => {
                    let version = metadata("VersionOverride").or_else(|| metadata("Version"));
                    // What is not handed on to users of the project is for building it: analysers,
                    // generators, adapters of test runners.
                    let is_private = item.name == "GlobalPackageReference"
                        || metadata("PrivateAssets").is_some_and(|assets| {
                            assets
                                .split(';')
                                .any(|asset| asset.trim().eq_ignore_ascii_case("all"))
                        });
                    self.references.push(Reference {
                        name: name.to_owned(),
                        version: version.map(str::to_owned),
                        scope: if is_private {
                            Scope::Development
                        } else {
                            Scope::Runtime
                        },
                    });
                }
                "PackageVersion" => {
                    if let Some(version) = metadata("Version") {
                        self.central.push((folded(name), version.to_owned()));
                    }
                }
                "ProjectReference" => self.projects.push(name.replace('\\', "/")),
                _ => {}
            }
        }
    }
}

/// A text with its properties `$(Name)` replaced, each by the first file that has it. Nothing if one
/// is not known.
pub(super) fn replace_properties(text: &str, files: &[&ProjectFile]) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..8 {
        let Some((before, rest)) = text.split_once("$(") else {
            return Some(text);
        };
        let (name, after) = rest.split_once(')')?;
        let name = folded(name.trim());
        let value = files.iter().find_map(|file| file.properties.get(&name))?;
        if before.len() + value.len() + after.len() > LONGEST_VALUE {
            return None;
        }
        text = format!("{before}{value}{after}");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_properties_and_projects_are_read() {
        let file = read(
            br#"<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><JsonVersion>13.0.3</JsonVersion></PropertyGroup>
            <ItemGroup><PackageReference Include="A;B" Version="$(jsonversion)"/>
            <PackageReference Include="C"><Version>[2.0]</Version><PrivateAssets>all</PrivateAssets></PackageReference>
            <ProjectReference Include="..\Lib\Lib.csproj"/></ItemGroup>
            <Choose><When><ItemGroup><PackageVersion Include="D" Version="1"/></ItemGroup></When></Choose></Project>"#,
        )
        .unwrap();
        assert!(file.uses_sdk);
        assert_eq!(file.references.len(), 3);
        assert_eq!(file.references[2].scope, Scope::Development);
        assert_eq!(file.projects, ["../Lib/Lib.csproj"]);
        assert_eq!(file.central, [("d".to_owned(), "1".to_owned())]);
        let version = file.references[0].version.as_deref().unwrap();
        assert_eq!(
            replace_properties(version, &[&file]).as_deref(),
            Some("13.0.3")
        );
        assert_eq!(replace_properties("$(Other)", &[&file]), None);
    }

    #[test]
    fn properties_that_name_themselves_end() {
        let file =
            read(b"<Project><PropertyGroup><A>$(A)$(A)</A></PropertyGroup></Project>").unwrap();
        assert_eq!(replace_properties("$(A)", &[&file]), None);
        assert!(read(b"<packages/>").is_err());
    }
}
