//! Gradle's lockfiles: a line `group:artifact:version=configuration,…` for each artifact, or, in
//! older projects, a file for each configuration.

use std::collections::HashMap;

use linchpin_model::{Digest, OccurrenceKind, Scope, TargetPath};
use linchpin_source::Entry;

use super::{Fragment, Gradle};
use crate::cataloger::{Cataloger as _, Located, Parsed};
use crate::lock_graph::{Lock, Part, ProjectFile, Tells};
use crate::maven::Coordinate;

pub(super) fn read(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let mut parts: Vec<Part> = Vec::new();
    let mut problems = Vec::new();
    let name = entry.path.name();
    let is_of_build = name.starts_with("buildscript-") || name.starts_with("settings-");
    let mut folder = entry.path.parent();
    let mut of_file = None;
    if folder.name() == "dependency-locks" {
        folder = folder.parent().parent();
        of_file = name.strip_suffix(".lockfile");
    }
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
            continue;
        }
        let (coordinate, configurations) = match (line.split_once('='), of_file) {
            (Some((coordinate, configurations)), _) => (coordinate, configurations),
            (None, Some(of_file)) => (line, of_file),
            (None, None) => (line, ""),
        };
        let found = Coordinate::parse(coordinate).filter(|found| found.version.is_some());
        let Some((found, url)) = found.and_then(|found| {
            let url = found.package_url()?;
            Some((found, url))
        }) else {
            problems.push(format!(
                "line {}: names no artifact with a version",
                number + 1
            ));
            continue;
        };
        let mut part = Part::new(found.key(), url, entry, OccurrenceKind::Locked, Gradle::ID);
        part.scope = Some(if is_of_build {
            Scope::Build
        } else {
            let scopes = configurations.split(',').map(scope_of_configuration);
            scopes.min().unwrap_or_default()
        });
        parts.push(part);
    }
    Parsed {
        value: Some(Fragment::Lock(folder, parts)),
        problems,
    }
}

/// What a configuration is for, by its name: Gradle's own plugins and those for Android and Kotlin
/// name them alike.
pub(super) fn scope_of_configuration(name: &str) -> Scope {
    let lower = name.trim().to_ascii_lowercase();
    let has = |word: &str| lower.contains(word);
    if has("test")
        || has("checkstyle")
        || has("pmd")
        || has("spotbugs")
        || has("jacoco")
        || has("lint")
    {
        Scope::Development
    } else if has("annotationprocessor")
        || has("kapt")
        || has("ksp")
        || has("classpath") && lower == "classpath"
        || has("compilerplugin")
        || has("kotlincompiler")
        || has("kotlinbuildtools")
        || lower == "antlr"
    {
        Scope::Build
    } else if has("compileonly") || has("providedcompile") || has("providedruntime") {
        Scope::Peer
    } else {
        Scope::Runtime
    }
}

/// The lockfile of a project, with the digests that are known.
pub(super) fn complete(
    lock: Located<(TargetPath, Vec<Part>)>,
    digests: &HashMap<String, Vec<Digest>>,
) -> Located<ProjectFile> {
    let Located { path, layer, value } = lock;
    let (folder, mut parts) = value;
    for part in &mut parts {
        let version = part.package.version().unwrap_or_default();
        let known = digests.get(&format!("{}:{version}", part.key));
        part.package
            .hashes
            .extend(known.into_iter().flatten().cloned());
    }
    let tells = Tells::Lock(Lock {
        parts,
        ..Lock::default()
    });
    Located {
        path,
        layer,
        value: ProjectFile { folder, tells },
    }
}
