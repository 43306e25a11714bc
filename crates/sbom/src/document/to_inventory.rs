//! A document as the inventory of what it describes, so that an SBOM can be scanned like the
//! software itself.
//!
//! Packages are the components with a package URL. What has none is counted in a note: nothing
//! can be said about it.

use std::collections::{BTreeSet, HashMap};

use linchpin_model::{
    CatalogerId, Digest, Distribution, Inventory, InventoryBuilder, LayerIndex, LicenseExpression,
    Note, NoteKind, Occurrence, OccurrenceKind, Package, PackageId, PackageUrl, Role, Scope,
    SourcePackage, Subject, SubjectKind, TargetPath,
};

use super::{
    Component, ComponentKind, ComponentScope, Document, LicenseChoice, LicenseStanding,
    RelationshipKind,
};

/// Who found what a document lists.
const CATALOGER: CatalogerId = CatalogerId("sbom");

/// The number of names in a note.
const EXAMPLES: usize = 5;

impl From<ComponentScope> for Scope {
    fn from(scope: ComponentScope) -> Self {
        match scope {
            ComponentScope::Required => Self::Runtime,
            ComponentScope::Optional => Self::Optional,
            ComponentScope::Provided => Self::Peer,
            ComponentScope::Build => Self::Build,
            ComponentScope::Test | ComponentScope::Development | ComponentScope::Excluded => {
                Self::Development
            }
        }
    }
}

impl Document {
    /// The inventory of what the document describes. `place` is the document's own path, where
    /// packages are said to be that the document gives no place for.
    pub fn to_inventory(&self, place: &str) -> Inventory {
        let mut builder = InventoryBuilder::default();
        if let Some(distribution) = self.distribution() {
            builder.set_distribution(distribution);
        }
        let mut ids: HashMap<&str, PackageId> = HashMap::new();
        let mut owners: Vec<(PackageId, usize, PackageUrl)> = Vec::new();
        let mut nameless = Vec::new();
        let mut invalid = Vec::new();
        let needy: BTreeSet<&str> = self
            .relationships
            .iter()
            .filter(|relationship| matches!(relationship.kind, RelationshipKind::DependsOn(_)))
            .map(|relationship| relationship.from.as_str())
            .collect();
        let scopes = self.scopes_of_edges();
        let primary = self
            .metadata
            .primary
            .as_ref()
            .map(|component| component.reference.as_str());
        for component in self.all_components() {
            let is_primary = primary == Some(component.reference.as_str());
            let purl = match component.purl.as_deref().map(str::parse::<PackageUrl>) {
                Some(Ok(purl)) => purl,
                Some(Err(_)) => {
                    invalid.push(component);
                    continue;
                }
                None if is_primary && needy.contains(component.reference.as_str()) => {
                    match self.generic_root(component) {
                        Some(purl) => purl,
                        None => continue,
                    }
                }
                None => {
                    let is_thing = matches!(
                        component.kind,
                        ComponentKind::File | ComponentKind::OperatingSystem
                    );
                    if !is_primary && !is_thing {
                        nameless.push(component);
                    }
                    continue;
                }
            };
            let is_root = is_primary
                || component
                    .properties
                    .iter()
                    .any(|property| property.name == "linchpin:role" && property.value == "root");
            let mut package = package(component, purl, place, is_root);
            if component.scope.is_none()
                && let Some(scope) = scopes.get(component.reference.as_str())
            {
                package.scope = (*scope).into();
            }
            let start = builder
                .find(&package.purl)
                .and_then(|id| builder.packages().get(id.index()))
                .map_or(0, |known| known.occurrences.len());
            let id = builder.add(package);
            for (index, occurrence) in component.occurrences.iter().enumerate() {
                let owner = occurrence.context.as_deref().and_then(|context| {
                    context
                        .split_once(", part of ")?
                        .1
                        .parse::<PackageUrl>()
                        .ok()
                });
                owners.extend(owner.map(|owner| (id, start + index, owner)));
            }
            if !component.reference.is_empty() {
                ids.insert(&component.reference, id);
            }
        }
        for (id, place, owner) in owners {
            let owner = builder.find(&owner);
            if let Some(occurrence) = builder.package_mut(id).occurrences.get_mut(place) {
                occurrence.owner = owner.filter(|owner| *owner != id);
            }
        }
        for relationship in &self.relationships {
            if let RelationshipKind::DependsOn(scope) = relationship.kind
                && let (Some(from), Some(on)) = (
                    ids.get(relationship.from.as_str()),
                    ids.get(relationship.to.as_str()),
                )
            {
                builder.depend(*from, *on, scope.map_or(Scope::Runtime, Into::into));
            }
        }
        note(&mut builder, &nameless, "without a package URL");
        note(&mut builder, &invalid, "with a package URL that is none");
        self.notes(&mut builder);
        builder.finish(self.subject(place))
    }

    /// A root of which no package URL is known, so that what it needs hangs on something. The
    /// target of our own documents is none: the projects in it are.
    fn generic_root(&self, component: &Component) -> Option<PackageUrl> {
        let ours = self
            .metadata
            .tools
            .iter()
            .any(|tool| tool.name == "linchpin");
        let software = matches!(
            component.kind,
            ComponentKind::Application | ComponentKind::Library | ComponentKind::Framework
        );
        if ours || !software {
            return None;
        }
        PackageUrl::new(
            "generic",
            component.group.as_deref(),
            &component.name,
            component.version.as_deref(),
        )
        .ok()
    }

    /// The strongest scope of the edges to each component to which all edges say one.
    fn scopes_of_edges(&self) -> HashMap<&str, ComponentScope> {
        let mut scopes: HashMap<&str, ComponentScope> = HashMap::new();
        let mut unsaid = BTreeSet::new();
        for relationship in &self.relationships {
            match relationship.kind {
                RelationshipKind::DependsOn(Some(scope)) => {
                    scopes
                        .entry(&relationship.to)
                        .and_modify(|known| *known = (*known).min(scope))
                        .or_insert(scope);
                }
                RelationshipKind::DependsOn(None) => {
                    unsaid.insert(relationship.to.as_str());
                }
                _ => {}
            }
        }
        scopes.retain(|reference, _| !unsaid.contains(reference));
        scopes
    }

    fn subject(&self, place: &str) -> Subject {
        let Some(primary) = &self.metadata.primary else {
            return Subject {
                name: place.to_owned(),
                kind: SubjectKind::File,
                digest: None,
                platform: None,
                layers: Vec::new(),
            };
        };
        let kind = match primary.kind {
            ComponentKind::Container => SubjectKind::Image,
            ComponentKind::File => SubjectKind::File,
            ComponentKind::Archive | ComponentKind::FilesystemImage | ComponentKind::DiskImage => {
                SubjectKind::Archive
            }
            _ => SubjectKind::Directory,
        };
        let property = |name: &str| {
            primary
                .properties
                .iter()
                .find(|property| property.name == name)
        };
        let mut layers = Vec::new();
        while let Some(layer) = property(&format!("linchpin:layer:{}", layers.len()))
            .and_then(|property| property.value.parse::<Digest>().ok())
            && layers.len() < 1000
        {
            layers.push(layer);
        }
        let version_digest = primary
            .version
            .as_deref()
            .and_then(|version| version.parse().ok());
        Subject {
            name: if primary.name.is_empty() {
                place.to_owned()
            } else {
                primary.full_name()
            },
            kind,
            digest: version_digest.or_else(|| {
                primary
                    .hashes
                    .iter()
                    .find_map(|hash| Digest::from_hex(hash.algorithm.model()?, &hash.value).ok())
            }),
            platform: property("linchpin:platform").map(|property| property.value.clone()),
            layers,
        }
    }

    /// The distribution: the component that is one, or else what the package URLs of its packages
    /// say.
    fn distribution(&self) -> Option<Distribution> {
        let from_component = self
            .all_components()
            .find(|component| component.kind == ComponentKind::OperatingSystem)
            .map(|component| Distribution {
                id: component.name.to_lowercase(),
                version: component.version.clone(),
                codename: component
                    .properties
                    .iter()
                    .find(|property| property.name == "linchpin:codename")
                    .map(|property| property.value.clone()),
                pretty_name: component.description.clone(),
            });
        from_component.or_else(|| {
            self.all_components()
                .filter_map(|component| component.purl.as_deref()?.parse::<PackageUrl>().ok())
                .filter(|purl| matches!(purl.kind(), "deb" | "apk" | "rpm" | "alpm"))
                .find_map(|purl| {
                    let distro = purl.qualifier("distro")?;
                    let (id, version) = match distro.rsplit_once('-') {
                        Some((id, version)) => (id, Some(version)),
                        None => match purl.namespace() {
                            // Some programs write `distro=bookworm` or `distro=3.20.1`.
                            Some(namespace) if namespace != distro => (namespace, Some(distro)),
                            _ => (distro, None),
                        },
                    };
                    let starts_with_digit =
                        |text: &&str| text.starts_with(|c: char| c.is_ascii_digit());
                    Some(Distribution {
                        id: id.to_lowercase(),
                        version: version.filter(starts_with_digit).map(str::to_owned),
                        codename: version
                            .filter(|text| !starts_with_digit(text))
                            .map(str::to_owned),
                        pretty_name: None,
                    })
                })
        })
    }

    /// What the document says about its own limits, if it is ours.
    fn notes(&self, builder: &mut InventoryBuilder) {
        for property in &self.properties {
            let kind = match property.name.as_str() {
                "linchpin:note:unread" => NoteKind::Unread,
                "linchpin:note:inconsistent" => NoteKind::Inconsistent,
                // What could not be matched then may be matched now.
                _ => continue,
            };
            builder.note(Note::general(kind, property.value.clone()));
        }
    }
}

fn note(builder: &mut InventoryBuilder, components: &[&Component], what: &str) {
    let Some(first) = components.first() else {
        return;
    };
    let names: Vec<String> = components
        .iter()
        .take(EXAMPLES)
        .map(|component| component.full_name())
        .collect();
    let text = if components.len() == 1 {
        format!(
            "the document has a component {what}, of which nothing can be said: {}",
            first.full_name()
        )
    } else {
        let more = if components.len() > EXAMPLES {
            ", …"
        } else {
            ""
        };
        format!(
            "the document has {} components {what}, of which nothing can be said: {}{more}",
            components.len(),
            names.join(", ")
        )
    };
    builder.note(Note::general(NoteKind::Unmatched, text));
}

fn package(component: &Component, purl: PackageUrl, place: &str, is_root: bool) -> Package {
    let source = component
        .source
        .as_ref()
        .map(|source| SourcePackage {
            name: source.name.clone(),
            version: source
                .version
                .clone()
                .or_else(|| purl.version().map(str::to_owned))
                .unwrap_or_default(),
        })
        .or_else(|| upstream(&purl));
    let here = Occurrence {
        path: TargetPath::new(place),
        layer: None,
        kind: OccurrenceKind::Locked,
        cataloger: CATALOGER,
        owner: None,
    };
    let mut package = Package::new(purl, here.clone());
    if !component.occurrences.is_empty() {
        package.occurrences = component
            .occurrences
            .iter()
            .map(|occurrence| {
                let context = occurrence.context.as_deref().unwrap_or_default();
                let (kind, rest) = context.split_once(", ").unwrap_or((context, ""));
                Occurrence {
                    path: TargetPath::new(&occurrence.location),
                    layer: rest
                        .strip_prefix("layer ")
                        .and_then(|rest| rest.split(',').next()?.parse().ok())
                        .map(LayerIndex),
                    kind: kind_of(kind).unwrap_or(OccurrenceKind::Locked),
                    ..here.clone()
                }
            })
            .collect();
    }
    package.role = if is_root {
        Role::Application
    } else {
        Role::Library
    };
    package.scope = component.scope.map_or(Scope::Runtime, Into::into);
    package.license = license(component);
    package.source = source;
    package.hashes = component
        .hashes
        .iter()
        .filter_map(|hash| Digest::from_hex(hash.algorithm.model()?, &hash.value).ok())
        .collect();
    package.supplier = component
        .supplier
        .as_ref()
        .or(component.manufacturer.as_ref())
        .or(component.authors.first())
        .map(super::Party::line)
        .or_else(|| component.publisher.clone())
        .filter(|line| !line.is_empty());
    package.download.clone_from(&component.download);
    package.description = component
        .description
        .clone()
        .or_else(|| component.summary.clone());
    package
}

fn kind_of(label: &str) -> Option<OccurrenceKind> {
    [
        OccurrenceKind::Installed,
        OccurrenceKind::Locked,
        OccurrenceKind::Declared,
        OccurrenceKind::Embedded,
        OccurrenceKind::Observed,
    ]
    .into_iter()
    .find(|kind| kind.label() == label)
}

/// The source package as the qualifier `upstream` of a package URL names it: `openssl`,
/// `openssl@3.0.1`, or for rpm the name of the source archive.
fn upstream(purl: &PackageUrl) -> Option<SourcePackage> {
    let text = purl.qualifier("upstream")?;
    let own = || purl.version().unwrap_or_default().to_owned();
    if let Some(archive) = text.strip_suffix(".src.rpm") {
        let mut parts = archive.rsplitn(3, '-');
        let (release, version, name) = (parts.next()?, parts.next()?, parts.next()?);
        return Some(SourcePackage {
            name: name.to_owned(),
            version: format!("{version}-{release}"),
        });
    }
    Some(match text.split_once('@') {
        Some((name, version)) => SourcePackage {
            name: name.to_owned(),
            version: version.to_owned(),
        },
        None => SourcePackage {
            name: text.to_owned(),
            version: own(),
        },
    })
}

/// The declared licences, or those concluded where nothing is declared.
fn license(component: &Component) -> Option<LicenseExpression> {
    let of = |concluded: bool| {
        LicenseExpression::and(
            component
                .licenses
                .iter()
                .filter(|license| (license.standing == LicenseStanding::Concluded) == concluded)
                .filter_map(|license| match &license.choice {
                    LicenseChoice::Expression(text) => LicenseExpression::parse(text).ok(),
                    LicenseChoice::Name(name) => LicenseExpression::from_identifier(name),
                    LicenseChoice::NoLicense => None,
                }),
        )
    };
    of(false).or_else(|| of(true))
}
