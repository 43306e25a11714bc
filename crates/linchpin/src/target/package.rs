//! A package URL as a target: an inventory with this one package. Nothing is fetched, so what it
//! needs is not known.

use linchpin_model::{
    CatalogerId, Inventory, InventoryBuilder, Note, NoteKind, Occurrence, OccurrenceKind, Package,
    PackageUrl, Subject, SubjectKind, TargetPath,
};

/// Who is said to have found it.
const NAMED: CatalogerId = CatalogerId("package-url");

/// The inventory of a package that was named.
pub(super) fn inventory(purl: PackageUrl) -> Inventory {
    let subject = Subject {
        name: purl.to_string(),
        kind: SubjectKind::Package,
        digest: None,
        platform: None,
        layers: Vec::new(),
    };
    let mut builder = InventoryBuilder::default();
    builder.note(Note::general(
        NoteKind::Unread,
        "the package itself was not looked into: what it needs is not known",
    ));
    if purl.version().is_none() {
        builder.note(Note::general(
            NoteKind::Unread,
            "no version is named, so nothing can be compared with advisories; write pkg:TYPE/NAME@VERSION",
        ));
    }
    builder.add(Package::new(
        purl,
        Occurrence {
            path: TargetPath::default(),
            layer: None,
            // Whoever names a version means exactly this one, as a lockfile does.
            kind: OccurrenceKind::Locked,
            cataloger: NAMED,
            owner: None,
        },
    ));
    builder.finish(subject)
}
