//! One `pom.xml`, as it is written: nothing is inherited or replaced yet.

use std::collections::BTreeMap;

use crate::documents::xml::Element;

/// Group, artifact and version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::catalogers) struct Coordinates {
    pub(super) group: Option<String>,
    pub(super) artifact: String,
    pub(super) version: Option<String>,
}

/// The parent, and where it lies.
#[derive(Debug, Clone)]
pub(in crate::catalogers) struct Parent {
    pub(super) coordinates: Coordinates,
    /// Relative to the project's folder; empty if it is not beside it.
    pub(super) path: String,
}

/// A dependency, or a plugin.
#[derive(Debug, Clone)]
pub(in crate::catalogers) struct Dependency {
    pub(super) coordinates: Coordinates,
    pub(super) kind: Option<String>,
    pub(super) classifier: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) is_optional: bool,
}

/// A project.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Pom {
    pub(super) coordinates: Coordinates,
    pub(super) packaging: Option<String>,
    pub(super) parent: Option<Parent>,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) managed: Vec<Dependency>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) managed_plugins: Vec<Dependency>,
    pub(super) plugins: Vec<Dependency>,
    pub(super) licenses: Vec<String>,
    pub(super) organization: Option<String>,
    pub(super) description: Option<String>,
}

/// The group of a plugin that names none.
const PLUGINS: &str = "org.apache.maven.plugins";

impl Pom {
    /// A project of its element.
    pub(super) fn of(root: &Element) -> Option<Self> {
        let mut pom = Self {
            coordinates: coordinates(root)?,
            packaging: owned(root.text_of("packaging")),
            organization: root
                .child("organization")
                .and_then(|found| owned(found.text_of("name"))),
            description: owned(root.text_of("description")).or_else(|| owned(root.text_of("name"))),
            ..Self::default()
        };
        pom.parent = root.child("parent").and_then(|parent| {
            let path = parent.child("relativePath").map(|path| path.text.clone());
            Some(Parent {
                coordinates: coordinates(parent)?,
                path: path.unwrap_or_else(|| "../pom.xml".to_owned()),
            })
        });
        let licenses = root.child("licenses").into_iter();
        let licenses = licenses.flat_map(|list| list.children_named("license"));
        pom.licenses = licenses
            .filter_map(|license| owned(license.text_of("name")))
            .collect();
        pom.add(root);
        let profiles = root.child("profiles").into_iter();
        for profile in profiles.flat_map(|list| list.children_named("profile")) {
            let activation = profile.child("activation");
            let by_default = activation.and_then(|found| found.text_of("activeByDefault"));
            if by_default == Some("true") {
                pom.add(profile);
            }
        }
        Some(pom)
    }

    /// Adds what a project or a profile says.
    fn add(&mut self, element: &Element) {
        let properties = element.child("properties").into_iter();
        for property in properties.flat_map(|list| &list.children) {
            self.properties
                .insert(property.name.clone(), property.text.clone());
        }
        let managed = element.child("dependencyManagement");
        self.managed
            .extend(managed.into_iter().flat_map(dependencies));
        self.dependencies.extend(dependencies(element));
        let build = element.child("build");
        self.plugins.extend(build.into_iter().flat_map(plugins));
        let managed = build.and_then(|build| build.child("pluginManagement"));
        self.managed_plugins
            .extend(managed.into_iter().flat_map(plugins));
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn coordinates(element: &Element) -> Option<Coordinates> {
    Some(Coordinates {
        group: owned(element.text_of("groupId")),
        artifact: element.text_of("artifactId")?.to_owned(),
        version: owned(element.text_of("version")),
    })
}

fn dependencies(element: &Element) -> impl Iterator<Item = Dependency> {
    let list = element.child("dependencies").into_iter();
    list.flat_map(|list| list.children_named("dependency"))
        .filter_map(dependency)
}

fn plugins(element: &Element) -> impl Iterator<Item = Dependency> {
    let list = element.child("plugins").into_iter();
    list.flat_map(|list| list.children_named("plugin"))
        .filter_map(dependency)
        .map(|mut plugin| {
            plugin
                .coordinates
                .group
                .get_or_insert_with(|| PLUGINS.to_owned());
            plugin
        })
}

fn dependency(element: &Element) -> Option<Dependency> {
    Some(Dependency {
        coordinates: coordinates(element)?,
        kind: owned(element.text_of("type")),
        classifier: owned(element.text_of("classifier")),
        scope: owned(element.text_of("scope")),
        is_optional: element.text_of("optional") == Some("true"),
    })
}
