//! The registry of MacPorts, `opt/local/var/macports/registry/registry.db`:
//! <https://github.com/macports/macports-base/blob/master/src/cregistry/sql.c>.
//!
//! Ports that were installed and then deactivated are on the disk as archives only; they are left
//! out.

use std::collections::HashMap;

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageId, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::sqlite::Database;

pub(super) static CATALOGER: MacPorts = MacPorts;

pub(super) struct MacPorts;

/// A port that is active.
#[derive(Debug)]
pub(in crate::catalogers) struct Port {
    id: i64,
    name: String,
    version: String,
    architectures: String,
}

/// What the registry tells: ports, and the names that a port depends on.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Registry {
    ports: Vec<Port>,
    depends: Vec<(i64, String)>,
}

impl Cataloger for MacPorts {
    type Fragment = Registry;
    const ID: CatalogerId = CatalogerId("macports");
    const DOCUMENTATION: &'static str = "Reads the registry of MacPorts (`opt/local/var/macports/registry/registry.db`): \
        active ports with version and what they depend on. Leaves out ports that are installed and not active.";
    const WANTS: &'static [Pattern] = &[Pattern::Suffix("var/macports/registry/registry.db")];

    fn read(entry: &Entry<'_>) -> Parsed<Registry> {
        let mut registry = Registry::default();
        match read(entry.content, &mut registry) {
            Ok(()) => Parsed::clean(registry),
            Err(problem) => Parsed {
                value: Some(registry),
                problems: vec![problem],
            },
        }
    }

    fn assemble(fragments: Vec<Located<Registry>>, assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            let mut by_id: HashMap<i64, PackageId> = HashMap::new();
            let mut by_name: HashMap<&str, PackageId> = HashMap::new();
            for port in &fragment.value.ports {
                let purl = PackageUrl::with_qualifiers(
                    "macports",
                    None,
                    &port.name,
                    Some(&port.version),
                    &[("arch", &port.architectures)],
                );
                match purl {
                    Ok(purl) => {
                        let occurrence = fragment.occurrence(OccurrenceKind::Installed, Self::ID);
                        let id = assembly.inventory.add(Package::new(purl, occurrence));
                        by_id.insert(port.id, id);
                        by_name.insert(&port.name, id);
                    }
                    Err(error) => assembly.inventory.note(fragment.note(error.to_string())),
                }
            }
            for (port, name) in &fragment.value.depends {
                if let (Some(from), Some(on)) = (by_id.get(port), by_name.get(name.as_str())) {
                    assembly.inventory.depend(*from, *on, Scope::Runtime);
                }
            }
        }
    }
}

fn read(content: &[u8], registry: &mut Registry) -> Result<(), String> {
    let database = Database::open(content, None)?;
    let ports = database.table("ports")?;
    let [name, version, revision, state, archs] = [
        ports.column("name")?,
        ports.column("version")?,
        ports.column("revision")?,
        ports.column("state")?,
        ports.column("archs")?,
    ];
    database.rows(&ports, |row| {
        // An image that lies there is `imaged`, one whose files are in place is `installed`.
        let (Some("installed"), Some(name), Some(version)) =
            (row.text(state), row.text(name), row.text(version))
        else {
            return;
        };
        registry.ports.push(Port {
            id: row.id,
            name: name.to_owned(),
            version: match row.integer(revision) {
                Some(revision) if revision > 0 => format!("{version}_{revision}"),
                _ => version.to_owned(),
            },
            architectures: row.text(archs).unwrap_or_default().to_owned(),
        });
    })?;
    let dependencies = database.table("dependencies")?;
    let (id, name) = (dependencies.column("id")?, dependencies.column("name")?);
    database.rows(&dependencies, |row| {
        if let (Some(id), Some(name)) = (row.integer(id), row.text(name)) {
            registry.depends.push((id, name.to_owned()));
        }
    })
}
