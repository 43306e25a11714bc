//! A project's own manifest, `pyproject.toml`: its name, and what it asks for.
//! <https://packaging.python.org/en/latest/specifications/pyproject-toml/>, dependency groups
//! (PEP 735) and what Flit, Hatch, PDM, Poetry and uv add to it.

use std::collections::BTreeMap;

use linchpin_model::{PackageUrl, Scope, TargetPath};
use serde::Deserialize;

use super::{Requirement, normalise_name, package_url};
use crate::assembly::Assembly;

/// A project's manifest.
#[derive(Debug, Default, Clone)]
pub(crate) struct PyProject {
    /// Its name in normal form.
    pub(crate) name: Option<Box<str>>,
    /// Its version, where that is written and not computed.
    pub(crate) version: Option<Box<str>>,
    /// What it needs, and what for: groups are for development, extras of its own are optional.
    pub(crate) requirements: Vec<(Requirement, Scope)>,
}

#[derive(Deserialize)]
struct File {
    project: Option<Project>,
    #[serde(default, rename = "dependency-groups")]
    dependency_groups: BTreeMap<String, Vec<toml::Value>>,
    tool: Option<Tool>,
}

#[derive(Deserialize)]
struct Project {
    name: Option<String>,
    version: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default, rename = "optional-dependencies")]
    optional_dependencies: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize, Default)]
struct Tool {
    flit: Option<Flit>,
    hatch: Option<Hatch>,
    pdm: Option<Pdm>,
    poetry: Option<Poetry>,
    uv: Option<Uv>,
}

/// Before Flit took the standard's table.
#[derive(Deserialize)]
struct Flit {
    metadata: Option<FlitMetadata>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct FlitMetadata {
    module: Option<String>,
    dist_name: Option<String>,
    #[serde(default)]
    requires: Vec<String>,
    #[serde(default)]
    requires_extra: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Hatch {
    #[serde(default)]
    envs: BTreeMap<String, HatchEnvironment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct HatchEnvironment {
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default)]
    extra_dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct Pdm {
    #[serde(default, rename = "dev-dependencies")]
    dev_dependencies: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Uv {
    #[serde(default, rename = "dev-dependencies")]
    dev_dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct Poetry {
    name: Option<String>,
    version: Option<String>,
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
    #[serde(default, rename = "dev-dependencies")]
    dev_dependencies: BTreeMap<String, toml::Value>,
    #[serde(default)]
    group: BTreeMap<String, Group>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
}

impl PyProject {
    /// Reads the manifest; requirements that can not be understood are problems.
    pub(crate) fn parse(bytes: &[u8], problems: &mut Vec<String>) -> Option<Self> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            problems.push("it is no UTF-8".to_owned());
            return None;
        };
        let file: File = match toml::from_str(text) {
            Ok(file) => file,
            Err(error) => {
                problems.push(format!("it is no pyproject file: {}", error.message()));
                return None;
            }
        };
        let mut found = Self::default();
        let mut written = |texts: &[String], scope: Scope, found: &mut Self| {
            for text in texts {
                match Requirement::parse(text) {
                    Ok(requirement) => found.requirements.push((requirement, scope)),
                    Err(problem) => problems.push(problem),
                }
            }
        };
        if let Some(project) = file.project {
            found.name = project.name.as_deref().map(normalise_name);
            found.version = project.version.map(Into::into);
            written(&project.dependencies, Scope::Runtime, &mut found);
            for texts in project.optional_dependencies.values() {
                written(texts, Scope::Optional, &mut found);
            }
        }
        // All groups are read, so that those which include others need no second look.
        for entries in file.dependency_groups.values() {
            let texts: Vec<String> = entries
                .iter()
                .filter_map(|entry| entry.as_str().map(str::to_owned))
                .collect();
            written(&texts, Scope::Development, &mut found);
        }
        let tool = file.tool.unwrap_or_default();
        if let Some(uv) = tool.uv {
            written(&uv.dev_dependencies, Scope::Development, &mut found);
        }
        for texts in tool
            .pdm
            .iter()
            .flat_map(|pdm| pdm.dev_dependencies.values())
        {
            // What is to be installed from a folder is not named by a requirement.
            let texts = texts.iter().filter(|text| !text.starts_with("-e "));
            let texts: Vec<String> = texts.cloned().collect();
            written(&texts, Scope::Development, &mut found);
        }
        for environment in tool.hatch.iter().flat_map(|hatch| hatch.envs.values()) {
            written(&environment.dependencies, Scope::Development, &mut found);
            let extra = &environment.extra_dependencies;
            written(extra, Scope::Development, &mut found);
        }
        if let Some(flit) = tool.flit.and_then(|flit| flit.metadata) {
            let name = flit.dist_name.as_deref().or(flit.module.as_deref());
            found.name = found.name.or_else(|| name.map(normalise_name));
            written(&flit.requires, Scope::Runtime, &mut found);
            for texts in flit.requires_extra.values() {
                written(texts, Scope::Optional, &mut found);
            }
        }
        if let Some(poetry) = tool.poetry {
            found.name = found
                .name
                .or_else(|| poetry.name.as_deref().map(normalise_name));
            found.version = found.version.or_else(|| poetry.version.map(Into::into));
            found.add_poetry(&poetry.dependencies, Scope::Runtime);
            found.add_poetry(&poetry.dev_dependencies, Scope::Development);
            for group in poetry.group.values() {
                found.add_poetry(&group.dependencies, Scope::Development);
            }
        }
        Some(found)
    }

    /// Poetry's own form: a name, and a constraint or a table. Its constraints have a syntax of
    /// their own and are not kept: the lockfile says what they came to.
    fn add_poetry(&mut self, dependencies: &BTreeMap<String, toml::Value>, scope: Scope) {
        for (name, constraint) in dependencies {
            if name.eq_ignore_ascii_case("python") {
                continue;
            }
            let mut requirement = Requirement::of_name(name);
            let flag = |key: &str| constraint.get(key).and_then(toml::Value::as_bool);
            let extras = constraint.get("extras").and_then(toml::Value::as_array);
            requirement.extras = extras
                .into_iter()
                .flatten()
                .filter_map(|extra| extra.as_str().map(normalise_name))
                .collect();
            let optional = flag("optional").unwrap_or(false) && scope == Scope::Runtime;
            let scope = if optional { Scope::Optional } else { scope };
            self.requirements.push((requirement, scope));
        }
    }

    /// The package URL of the project in a folder, whether it has a manifest and a name or not.
    pub(crate) fn url(
        project: Option<&Self>,
        folder: &TargetPath,
        assembly: &Assembly<'_>,
    ) -> Option<PackageUrl> {
        project
            .and_then(|project| package_url(project.name.as_deref()?, project.version.as_deref()))
            .or_else(|| assembly.unnamed_project(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_styles_are_read() {
        let mut problems = Vec::new();
        let text = br#"
            [project]
            name = "My_App"
            version = "1.0"
            dependencies = ["django>=4", "celery[redis]", "what is this"]
            [project.optional-dependencies]
            fast = ["uvloop"]
            [dependency-groups]
            test = ["pytest"]
            all = [{include-group = "test"}, "ruff"]
            [tool.poetry.dependencies]
            python = "^3.11"
            flask = {version = "^3", extras = ["async"], optional = true}
            [tool.poetry.group.docs.dependencies]
            sphinx = "*"
        "#;
        let project = PyProject::parse(text, &mut problems).unwrap();
        assert_eq!(project.name.as_deref(), Some("my-app"));
        let names: Vec<(&str, Scope)> = project
            .requirements
            .iter()
            .map(|(requirement, scope)| (requirement.name.as_ref(), *scope))
            .collect();
        assert_eq!(
            names,
            [
                ("django", Scope::Runtime),
                ("celery", Scope::Runtime),
                ("uvloop", Scope::Optional),
                ("ruff", Scope::Development),
                ("pytest", Scope::Development),
                ("flask", Scope::Optional),
                ("sphinx", Scope::Development),
            ]
        );
        assert_eq!(problems.len(), 1);
        assert!(PyProject::parse(b"[project", &mut problems).is_none());
    }
}
