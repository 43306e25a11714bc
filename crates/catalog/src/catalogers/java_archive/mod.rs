//! Java archives: jar, war, ear, and the archives that other programs made of the form, with those
//! in them and those merged into them.
//!
//! What an archive is, is told by what Maven writes into what it builds
//! (`META-INF/maven/GROUP/ARTIFACT/pom.properties` and `pom.xml`), by the manifest, the file name
//! and the classes; `identity.rs` says which of them is believed when. Left out: what a `pom.xml`
//! inside an archive says it depends on (what is there is in the archive, or beside it), classes
//! that were moved to other packages, and archives unpacked into folders.

mod classes;
mod file_name;
mod identity;
mod manifest;
mod pom;
mod properties;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use linchpin_model::{
    CatalogerId, Digest, LayerIndex, LicenseExpression, Note, NoteKind, Occurrence, OccurrenceKind,
    Package, PackageId, PackageUrl, Role, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::licenses;
use crate::maven::package_url;
use classes::Classes;
use file_name::FileName;
use identity::{Described, Evidence};
use manifest::Manifest;
use pom::{Coordinates, Pom};

pub(super) static CATALOGER: JavaArchive = JavaArchive;

pub(super) struct JavaArchive;

/// How many examples a note gives.
const EXAMPLES: usize = 3;

/// What one file tells.
pub(super) enum JavaFile {
    /// The archive itself.
    Archive {
        digests: Vec<Digest>,
        classes: Box<Classes>,
    },
    Manifest(Manifest),
    Properties(Coordinates),
    Pom(Box<Pom>),
}

impl Cataloger for JavaArchive {
    type Fragment = JavaFile;
    const ID: CatalogerId = CatalogerId("java-archive");
    const DOCUMENTATION: &'static str = "Java archives (jar, war, ear, par, sar, nar, jpi, hpi, kar, lpkg, aar), those in them, and \
        libraries merged into them. An archive's group, artifact and version come from what Maven wrote into it, else from \
        its manifest where the classes agree, else from a table of well-known libraries; a group is never guessed. \
        Archives that cannot be named so are listed as generic packages, and a note says so. Each archive has its SHA-1 and \
        SHA-256, its licence from the project or `Bundle-License`, and an edge to each archive in it. Libraries that \
        were merged in without what Maven writes are told by their classes, without a version.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Archive(&Pattern::Suffix(".jar")),
        Pattern::Archive(&Pattern::Suffix(".war")),
        Pattern::Archive(&Pattern::Suffix(".ear")),
        Pattern::Archive(&Pattern::Suffix(".par")),
        Pattern::Archive(&Pattern::Suffix(".sar")),
        Pattern::Archive(&Pattern::Suffix(".nar")),
        Pattern::Archive(&Pattern::Suffix(".jpi")),
        Pattern::Archive(&Pattern::Suffix(".hpi")),
        Pattern::Archive(&Pattern::Suffix(".kar")),
        Pattern::Archive(&Pattern::Suffix(".lpkg")),
        Pattern::Archive(&Pattern::Suffix(".aar")),
        Pattern::Suffix("!/META-INF/MANIFEST.MF"),
        Pattern::Suffix("/pom.properties"),
        Pattern::Suffix("/pom.xml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<JavaFile> {
        if let Some(archive) = entry.archive {
            return Parsed::clean(JavaFile::Archive {
                digests: archive.digests.clone(),
                classes: Box::new(Classes::of(&archive.members)),
            });
        }
        let Some((_, inside)) = entry.path.archive_and_inside() else {
            return Parsed::not_mine();
        };
        match inside.strip_prefix("META-INF/") {
            Some("MANIFEST.MF") => {
                Parsed::clean(JavaFile::Manifest(Manifest::parse(entry.content)))
            }
            Some(path) if path.starts_with("maven/") && path.ends_with("/pom.properties") => {
                match properties::parse(entry.content) {
                    Some(coordinates) => Parsed::clean(JavaFile::Properties(coordinates)),
                    None => Parsed::failed("lacks groupId or artifactId"),
                }
            }
            Some(path) if path.starts_with("maven/") && path.ends_with("/pom.xml") => {
                match pom::parse(entry.content) {
                    Ok(pom) => Parsed::clean(JavaFile::Pom(Box::new(pom))),
                    Err(problem) => Parsed::failed(problem),
                }
            }
            _ => Parsed::not_mine(),
        }
    }

    fn assemble(fragments: Vec<Located<JavaFile>>, assembly: &mut Assembly<'_>) {
        let archives = gather(fragments);
        let containers: BTreeSet<TargetPath> = archives
            .keys()
            .filter_map(|(path, _)| path.archive_and_inside())
            .map(|(outer, _)| outer)
            .collect();
        let mut ids: BTreeMap<&(TargetPath, Option<LayerIndex>), PackageId> = BTreeMap::new();
        let mut unnamed = Vec::new();
        for (place, archive) in &archives {
            let holds_others = containers.contains(&place.0);
            let outcome = add(place, archive, holds_others, assembly);
            if let Some(id) = outcome.id {
                let is_part = assembly.inventory.package_mut(id).role == Role::Library;
                if !outcome.is_named && is_part {
                    unnamed.push(&place.0);
                }
                ids.insert(place, id);
            }
        }
        for (place, id) in &ids {
            let Some((outer, _)) = place.0.archive_and_inside() else {
                continue;
            };
            if let Some(outer) = ids.get(&(outer, place.1)) {
                assembly.inventory.depend(*outer, *id, Scope::Runtime);
            }
        }
        note_unnamed(&unnamed, assembly);
    }
}

/// What is known of one archive.
#[derive(Default)]
struct Archive {
    digests: Vec<Digest>,
    classes: Classes,
    manifest: Option<Manifest>,
    properties: Vec<Coordinates>,
    poms: Vec<Pom>,
    was_opened: bool,
}

type Archives = BTreeMap<(TargetPath, Option<LayerIndex>), Archive>;

fn gather(fragments: Vec<Located<JavaFile>>) -> Archives {
    let mut archives = Archives::new();
    for Located { path, layer, value } in fragments {
        let archive = match &value {
            JavaFile::Archive { .. } => path,
            _ => match path.archive_and_inside() {
                Some((archive, _)) => archive,
                None => continue,
            },
        };
        let archive = archives.entry((archive, layer)).or_default();
        match value {
            JavaFile::Archive { digests, classes } => {
                archive.digests = digests;
                archive.classes = *classes;
                archive.was_opened = true;
            }
            JavaFile::Manifest(manifest) => archive.manifest = Some(manifest),
            JavaFile::Properties(coordinates) => archive.properties.push(coordinates),
            JavaFile::Pom(pom) => archive.poms.push(*pom),
        }
    }
    // Manifests lie in archives of other sorts too, such as Android's.
    archives.retain(|_, archive| archive.was_opened);
    archives
}

struct Outcome {
    id: Option<PackageId>,
    is_named: bool,
}

fn add(
    (path, layer): &(TargetPath, Option<LayerIndex>),
    archive: &Archive,
    holds_others: bool,
    assembly: &mut Assembly<'_>,
) -> Outcome {
    let evidence = Evidence {
        file: FileName::parse(path.name()),
        manifest: archive.manifest.as_ref(),
        described: descriptions(archive),
        classes: &archive.classes,
    };
    let own = evidence.own_description();
    let coordinates = match own {
        Some(index) => evidence.described.get(index).map(|described| {
            let mut coordinates = described.coordinates.clone();
            coordinates.version = coordinates.version.or_else(|| evidence.version());
            coordinates
        }),
        None => evidence.guessed(),
    };
    let occurrence = |kind| Occurrence {
        path: path.clone(),
        layer: *layer,
        kind,
        cataloger: JavaArchive::ID,
        owner: None,
    };
    let named = coordinates
        .as_ref()
        .and_then(|coordinates| artifact_url(coordinates, Some(&evidence.file)));
    let is_named = named.is_some();
    let others: Vec<usize> = (0..evidence.described.len())
        .filter(|index| Some(*index) != own)
        .collect();
    let merged = if is_named {
        Vec::new()
    } else {
        evidence.merged()
    };
    let purl = named.or_else(|| {
        let version = evidence.version();
        PackageUrl::new("generic", None, evidence.file.stem, version.as_deref()).ok()
    });
    let id = purl.map(|purl| {
        let mut package = Package::new(purl, occurrence(OccurrenceKind::Installed));
        package.hashes.clone_from(&archive.digests);
        if !is_named && (holds_others || !others.is_empty() || !merged.is_empty()) {
            package.role = Role::Application;
        }
        let pom = own.and_then(|index| evidence.described.get(index)?.pom);
        describe(&mut package, archive.manifest.as_ref(), pom);
        assembly.inventory.add(package)
    });
    let mut add_inner = |coordinates: &Coordinates, pom: Option<&Pom>| {
        let Some(purl) = artifact_url(coordinates, None) else {
            return;
        };
        let mut package = Package::new(purl, occurrence(OccurrenceKind::Embedded));
        describe(&mut package, None, pom);
        let inner = assembly.inventory.add(package);
        if let Some(id) = id {
            assembly.inventory.depend(id, inner, Scope::Runtime);
        }
    };
    for described in others
        .into_iter()
        .filter_map(|index| evidence.described.get(index))
    {
        add_inner(&described.coordinates, described.pom);
    }
    for library in merged {
        let is_described = evidence.described.iter().any(|described| {
            described.coordinates.group == library.group
                && described.coordinates.artifact == library.artifact
        });
        if !is_described {
            let coordinates = Coordinates {
                group: library.group.to_owned(),
                artifact: library.artifact.to_owned(),
                version: None,
            };
            add_inner(&coordinates, None);
        }
    }
    Outcome { id, is_named }
}

/// What Maven wrote about each artifact: the properties name it best, the project knows more.
fn descriptions(archive: &Archive) -> Vec<Described<'_>> {
    fn key(coordinates: &Coordinates) -> (&str, &str) {
        (&coordinates.group, &coordinates.artifact)
    }
    let mut described: Vec<Described<'_>> = Vec::new();
    let mut seen = HashSet::new();
    let mut poms: HashMap<(&str, &str), &Pom> = HashMap::new();
    for pom in &archive.poms {
        poms.entry(key(&pom.coordinates)).or_insert(pom);
    }
    for coordinates in &archive.properties {
        if !seen.insert(key(coordinates)) {
            continue;
        }
        let pom = poms.get(&key(coordinates)).copied();
        let mut coordinates = coordinates.clone();
        if coordinates.version.is_none() {
            coordinates.version = pom.and_then(|pom| pom.coordinates.version.clone());
        }
        described.push(Described { coordinates, pom });
    }
    for pom in &archive.poms {
        if seen.insert(key(&pom.coordinates)) {
            described.push(Described {
                coordinates: pom.coordinates.clone(),
                pom: Some(pom),
            });
        }
    }
    described
}

/// The package URL of an artifact; of the archive itself its type and classifier are known too.
fn artifact_url(coordinates: &Coordinates, file: Option<&FileName<'_>>) -> Option<PackageUrl> {
    let kind = file.map_or("", |file| match file.ending.as_str() {
        // A plugin is renamed when it is installed.
        "jpi" => "hpi",
        "jar" => "",
        other => other,
    });
    let classifier = file.and_then(|file| file.classifier).unwrap_or_default();
    // What was packed together is not another artifact.
    let classifier = match classifier {
        "sources" | "javadoc" | "tests" | "test-sources" | "shaded" | "no_aop" => classifier,
        _ => "",
    };
    package_url(
        &coordinates.group,
        &coordinates.artifact,
        coordinates.version.as_deref(),
        Some(kind),
        Some(classifier),
    )
}

/// Licence, supplier and description: from the project, else from the manifest.
fn describe(package: &mut Package, manifest: Option<&Manifest>, pom: Option<&Pom>) {
    let header = |key: &str| manifest.and_then(|manifest| manifest.get(key));
    package.license = pom
        .and_then(|pom| licenses_of(pom.licenses.iter().map(String::as_str)))
        .or_else(|| licenses_of(header("Bundle-License")?.split(',').map(first_of_clause)));
    package.supplier = pom
        .and_then(|pom| pom.organization.clone())
        .or_else(|| header("Implementation-Vendor").map(str::to_owned))
        .or_else(|| header("Bundle-Vendor").map(str::to_owned));
    package.description = pom
        .and_then(|pom| pom.description.as_deref())
        .or_else(|| header("Bundle-Description"))
        .map(one_line);
}

/// The expression of several licences, of which one may be chosen. Nothing if one is not known.
fn licenses_of<'a>(names: impl Iterator<Item = &'a str>) -> Option<LicenseExpression> {
    let mut expressions = Vec::new();
    for name in names {
        let known = licenses::java::from_name_or_address(name)?.to_string();
        if !expressions.contains(&known) {
            expressions.push(known);
        }
    }
    match expressions.as_slice() {
        [] => None,
        [only] => LicenseExpression::parse(only).ok(),
        several => {
            let several: Vec<String> = several
                .iter()
                .map(|one| {
                    if one.contains(' ') {
                        format!("({one})")
                    } else {
                        one.clone()
                    }
                })
                .collect();
            LicenseExpression::parse(&several.join(" OR ")).ok()
        }
    }
}

/// `Apache-2.0;link="…"` without what comes after it.
fn first_of_clause(clause: &str) -> &str {
    clause.split(';').next().unwrap_or(clause).trim()
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(500).collect()
}

fn note_unnamed(unnamed: &[&TargetPath], assembly: &mut Assembly<'_>) {
    if unnamed.is_empty() {
        return;
    }
    let examples: Vec<String> = unnamed
        .iter()
        .take(EXAMPLES)
        .map(|path| format!("`{path}`"))
        .collect();
    let more = match unnamed.len().saturating_sub(EXAMPLES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    assembly.inventory.note(Note::general(
        NoteKind::Unmatched,
        format!(
            "{} Java archive{} not say which artifact of Maven {}: {}{more}",
            unnamed.len(),
            if unnamed.len() == 1 { " does" } else { "s do" },
            if unnamed.len() == 1 {
                "it is"
            } else {
                "they are"
            },
            examples.join(", ")
        ),
    ));
}
