//! Projects as Maven sees them: with what they inherit from parents, properties replaced, and
//! versions managed. <https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html>.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use linchpin_model::{LicenseExpression, Scope, TargetPath};

use super::project::{Coordinates, Dependency, Parent, Pom};
use crate::cataloger::Located;
use crate::licenses::from_name;
use crate::lock_graph::{Root, Wish};
use crate::maven::{exact_version, package_url};

/// Longest line of parents that is followed, and most lists of versions that are imported.
const MOST_STEPS: usize = 32;

/// Most projects of one group and artifact that are told apart by their versions.
const MOST_OF_ONE_NAME: usize = 100;

/// Most managed versions that are looked at for all projects of a target together.
const MOST_MANAGED: usize = 5_000_000;

/// Most replacements of properties within one text, and the longest text that may come of it.
const MOST_REPLACEMENTS: usize = 64;
const LONGEST: usize = 1024;

/// All projects of a target.
pub(super) struct Projects<'a> {
    files: &'a [Located<Pom>],
    by_path: HashMap<&'a TargetPath, usize>,
    /// By group and artifact, as far as they are written without properties.
    by_name: HashMap<(String, &'a str), Vec<usize>>,
    /// How many more managed versions are looked at.
    managed_left: Cell<usize>,
}

/// A project, ready to be listed.
pub(super) struct Effective {
    pub(super) root: Root,
    pub(super) wishes: Vec<Wish>,
    /// A parent or list that is not in the target, if something is unknown for that.
    pub(super) missing: Option<String>,
}

/// What identifies a managed dependency: group, artifact, type, classifier.
type Managed = (String, String, String, String);

impl<'a> Projects<'a> {
    pub(super) fn new(files: &'a [Located<Pom>]) -> Self {
        let mut projects = Self {
            files,
            by_path: files
                .iter()
                .enumerate()
                .map(|(index, file)| (&file.path, index))
                .collect(),
            by_name: HashMap::new(),
            managed_left: Cell::new(MOST_MANAGED),
        };
        for (index, file) in files.iter().enumerate() {
            let own = &file.value.coordinates;
            let parent = file.value.parent.as_ref();
            let inherited = parent.and_then(|parent| parent.coordinates.group.clone());
            let group = own.group.clone().or(inherited).unwrap_or_default();
            let places = projects
                .by_name
                .entry((group, own.artifact.as_str()))
                .or_default();
            places.push(index);
        }
        projects
    }

    /// The project and its parents, itself first, and the parent that is missing.
    fn lineage(&self, index: usize) -> (Vec<&'a Pom>, Option<&'a Coordinates>) {
        let mut line = Vec::new();
        let mut seen = Vec::new();
        let mut next = Some(index);
        while let Some(at) = next {
            let Some(file) = self.files.get(at) else {
                break;
            };
            if seen.contains(&at) || line.len() >= MOST_STEPS {
                break;
            }
            seen.push(at);
            line.push(&file.value);
            let Some(parent) = &file.value.parent else {
                break;
            };
            next = self.find_parent(&file.path, parent);
            if next.is_none() {
                return (line, Some(&parent.coordinates));
            }
        }
        (line, None)
    }

    fn find_parent(&self, child: &TargetPath, parent: &Parent) -> Option<usize> {
        let wanted = &parent.coordinates;
        if !parent.path.is_empty() {
            let path = child.parent().join(&parent.path);
            let places = [path.clone(), path.join("pom.xml")];
            let found = places
                .iter()
                .find_map(|path| self.by_path.get(path).copied());
            let is_it = |index: &usize| {
                let file = self.files.get(*index);
                file.is_some_and(|file| file.value.coordinates.artifact == wanted.artifact)
            };
            if let Some(index) = found.filter(is_it) {
                return Some(index);
            }
        }
        let group = wanted.group.clone().unwrap_or_default();
        self.find(&group, &wanted.artifact, wanted.version.as_deref())
    }

    /// A project by its coordinates; where versions differ it is another one.
    fn find(&self, group: &str, artifact: &str, version: Option<&str>) -> Option<usize> {
        let places = self.by_name.get(&(group.to_owned(), artifact))?;
        places
            .iter()
            .copied()
            .take(MOST_OF_ONE_NAME)
            .find(|&index| {
                let file = self.files.get(index);
                let own = file.and_then(|file| {
                    let pom = &file.value;
                    let inherited = pom
                        .parent
                        .as_ref()
                        .map(|parent| &parent.coordinates.version);
                    pom.coordinates
                        .version
                        .as_ref()
                        .or(inherited.and_then(Option::as_ref))
                });
                match (own, version) {
                    (Some(own), Some(version)) => own == version || own.contains('$'),
                    _ => true,
                }
            })
    }

    /// A project with all that it inherits.
    pub(super) fn effective(&self, index: usize) -> Effective {
        let (line, missing_parent) = self.lineage(index);
        let values = Values::new(&line);
        let mut missing = missing_parent.map(|parent| format!("the parent {}", label(parent)));
        let mut managed = BTreeMap::new();
        self.manage(&line, &values, &mut managed, &mut missing);
        let mut plugin_versions: HashMap<(String, String), String> = HashMap::new();
        for plugin in line.iter().flat_map(|pom| &pom.managed_plugins) {
            if let Some((group, artifact, Some(version))) = values.of(&plugin.coordinates) {
                plugin_versions.entry((group, artifact)).or_insert(version);
            }
        }

        let mut wishes: BTreeMap<Managed, Wish> = BTreeMap::new();
        let mut has_unknown = false;
        for dependency in line.iter().flat_map(|pom| &pom.dependencies) {
            let Some(key) = values.key(dependency) else {
                continue;
            };
            let from_list: Option<&ManagedVersion> = managed.get(&key);
            let own = dependency.coordinates.version.as_deref();
            let version = own
                .map(|version| values.replace(version))
                .or_else(|| from_list.and_then(|found| found.version.clone()));
            let version = version.as_deref().and_then(exact_version);
            has_unknown |= version.is_none();
            let scope = dependency.scope.as_deref();
            let scope = scope.or_else(|| from_list.and_then(|found| found.scope.as_deref()));
            let scope = scope_of(scope, dependency.is_optional);
            let (group, artifact, kind, classifier) = &key;
            let url = package_url(group, artifact, version, Some(kind), Some(classifier));
            if let Some(url) = url {
                let wish = Wish::new(format!("{group}:{artifact}"), url, scope);
                // What the project itself says comes first, and counts.
                wishes.entry(key).or_insert(wish);
            }
        }
        let mut wishes: Vec<Wish> = wishes.into_values().collect();
        for plugin in line.first().into_iter().flat_map(|pom| &pom.plugins) {
            if let Some((group, artifact, version)) = values.of(&plugin.coordinates) {
                let listed = plugin_versions.get(&(group.clone(), artifact.clone()));
                let version = version.as_deref().or(listed.map(String::as_str));
                // Without a version Maven takes the one of its own list.
                if let Some(version) = version.and_then(exact_version)
                    && let Some(url) = package_url(&group, &artifact, Some(version), None, None)
                {
                    let key = format!("{group}:{artifact}");
                    wishes.push(Wish::new(key, url, Scope::Build));
                }
            }
        }
        Effective {
            root: root(&line, &values),
            wishes,
            missing: missing.filter(|_| has_unknown),
        }
    }

    /// Counts the managed versions of a line of projects as looked at, if that is not too many.
    fn has_time_for(&self, line: &[&Pom]) -> bool {
        let count = line.iter().map(|pom| pom.managed.len()).sum();
        let left = self.managed_left.get().checked_sub(count);
        self.managed_left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// The managed versions: the project's own before its parents', each before what it imports.
    fn manage(
        &self,
        line: &[&'a Pom],
        values: &Values<'_>,
        managed: &mut BTreeMap<Managed, ManagedVersion>,
        missing: &mut Option<String>,
    ) {
        // Lists of versions wait with the values of the project that imports them.
        let mut imports: Vec<Coordinates> = Vec::new();
        if !self.has_time_for(line) {
            missing.get_or_insert_with(|| {
                "the list of all versions that Maven would manage".to_owned()
            });
            return;
        }
        collect(line, values, managed, &mut imports);
        let mut next = 0;
        while let Some(import) = imports.get(next).cloned() {
            next += 1;
            if next > MOST_STEPS {
                break;
            }
            let group = import.group.clone().unwrap_or_default();
            let Some(index) = self.find(&group, &import.artifact, import.version.as_deref()) else {
                missing.get_or_insert_with(|| format!("the imported list {}", label(&import)));
                continue;
            };
            let (line, _) = self.lineage(index);
            if !self.has_time_for(&line) {
                break;
            }
            collect(&line, &Values::new(&line), managed, &mut imports);
        }
    }
}

/// What a list of managed versions says of a dependency.
#[derive(Debug, Clone)]
struct ManagedVersion {
    version: Option<String>,
    scope: Option<String>,
}

fn collect(
    line: &[&Pom],
    values: &Values<'_>,
    managed: &mut BTreeMap<Managed, ManagedVersion>,
    imports: &mut Vec<Coordinates>,
) {
    for dependency in line.iter().flat_map(|pom| &pom.managed) {
        let Some((group, artifact, version)) = values.of(&dependency.coordinates) else {
            continue;
        };
        if dependency.scope.as_deref() == Some("import") {
            let import = Coordinates {
                group: Some(group),
                artifact,
                version,
            };
            if imports.len() < MOST_STEPS && !imports.contains(&import) {
                imports.push(import);
            }
        } else if let Some(key) = values.key(dependency) {
            managed.entry(key).or_insert_with(|| ManagedVersion {
                version,
                scope: dependency.scope.clone(),
            });
        }
    }
}

fn label(coordinates: &Coordinates) -> String {
    let group = coordinates.group.as_deref().unwrap_or("?");
    let version = coordinates.version.as_deref().unwrap_or("?");
    format!("`{group}:{}:{version}`", coordinates.artifact)
}

fn root(line: &[&Pom], values: &Values<'_>) -> Root {
    let Some(own) = line.first() else {
        return Root::default();
    };
    let url = values.project().and_then(|(group, artifact, version)| {
        let version = version.as_deref().and_then(exact_version);
        // The type is that of an artifact; the project itself is no `pom`, `war` or `ear`.
        package_url(&group, &artifact, version, None, None)
    });
    let licenses = line.iter().find(|pom| !pom.licenses.is_empty());
    let licenses = licenses
        .map(|pom| pom.licenses.as_slice())
        .unwrap_or_default();
    // Several licences are a choice, as Maven's documentation has it.
    let known: Option<Vec<String>> = licenses
        .iter()
        .map(|name| from_name(name).map(|license| license.to_string()))
        .collect();
    Root {
        url,
        license: known.and_then(|known| LicenseExpression::parse(&known.join(" OR ")).ok()),
        supplier: line.iter().find_map(|pom| pom.organization.clone()),
        description: own.description.as_ref().map(|text| {
            text.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .chars()
                .take(500)
                .collect()
        }),
    }
}

fn scope_of(scope: Option<&str>, is_optional: bool) -> Scope {
    match scope {
        Some("test") => Scope::Development,
        Some("provided" | "system") => Scope::Peer,
        _ if is_optional => Scope::Optional,
        _ => Scope::Runtime,
    }
}

/// The values of properties for one project.
struct Values<'l> {
    line: &'l [&'l Pom],
}

impl<'l> Values<'l> {
    fn new(line: &'l [&'l Pom]) -> Self {
        Self { line }
    }

    /// Group, artifact and version of the project itself.
    fn project(&self) -> Option<(String, String, Option<String>)> {
        let own = self.line.first()?;
        let group = self.raw("project.groupId")?;
        let version = self.raw("project.version");
        Some((
            self.replace(&group),
            self.replace(&own.coordinates.artifact),
            version.map(|version| self.replace(&version)),
        ))
    }

    fn of(&self, coordinates: &Coordinates) -> Option<(String, String, Option<String>)> {
        Some((
            self.replace(coordinates.group.as_deref()?),
            self.replace(&coordinates.artifact),
            coordinates
                .version
                .as_deref()
                .map(|version| self.replace(version)),
        ))
    }

    fn key(&self, dependency: &Dependency) -> Option<Managed> {
        let (group, artifact, _) = self.of(&dependency.coordinates)?;
        let kind = dependency.kind.as_deref().unwrap_or("jar");
        let classifier = dependency.classifier.as_deref().unwrap_or_default();
        Some((
            group,
            artifact,
            self.replace(kind),
            self.replace(classifier),
        ))
    }

    /// The text of a property, as it is written.
    fn raw(&self, name: &str) -> Option<String> {
        let own = self.line.first()?;
        let parent = own.parent.as_ref().map(|parent| &parent.coordinates);
        // Maven's older names lack the prefix, or have `pom.`.
        let short = name
            .strip_prefix("project.")
            .or_else(|| name.strip_prefix("pom."));
        let found = match short {
            Some("groupId") => own
                .coordinates
                .group
                .clone()
                .or_else(|| parent.and_then(|found| found.group.clone())),
            Some("version") => own
                .coordinates
                .version
                .clone()
                .or_else(|| parent.and_then(|found| found.version.clone())),
            Some("artifactId") => Some(own.coordinates.artifact.clone()),
            Some("packaging") => own.packaging.clone(),
            Some("parent.groupId") => parent.and_then(|found| found.group.clone()),
            Some("parent.version") => parent.and_then(|found| found.version.clone()),
            Some("parent.artifactId") => parent.map(|found| found.artifact.clone()),
            _ => None,
        };
        found.or_else(|| {
            self.line
                .iter()
                .find_map(|pom| pom.properties.get(name).cloned())
        })
    }

    /// A text with its properties replaced. What has no value stays as it is written.
    fn replace(&self, text: &str) -> String {
        let mut done = String::new();
        let mut rest = text.to_owned();
        for _ in 0..MOST_REPLACEMENTS {
            let Some(start) = rest.find("${") else {
                break;
            };
            let Some(end) = rest.get(start..).and_then(|tail| tail.find('}')) else {
                break;
            };
            let name = rest.get(start + 2..start + end).unwrap_or_default();
            let tail = rest.get(start + end + 1..).unwrap_or_default();
            if let Some(value) = self.raw(name) {
                // The value may hold properties itself.
                let next = format!("{value}{tail}");
                done.push_str(rest.get(..start).unwrap_or_default());
                rest = next;
            } else {
                done.push_str(rest.get(..=start + end).unwrap_or_default());
                rest = tail.to_owned();
            }
            if done.len() + rest.len() > LONGEST {
                break;
            }
        }
        done.push_str(&rest);
        if done.len() > LONGEST {
            return text.to_owned();
        }
        done.trim().to_owned()
    }
}
