//! Drives all catalogers over one pass of a source.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;

use linchpin_model::{
    Inventory, InventoryBuilder, LayerIndex, Note, NoteKind, OccurrenceKind, PackageId,
    Requirement, Subject, SubjectKind, TargetPath,
};
use linchpin_source::{
    Entry, FileTree, Pattern, Piece, PieceReader, Reader, ReaderIndex, Source, SourceError,
    Visited, Visitor, read_together,
};

use crate::assembly::Assembly;
use crate::cataloger::{AnyCataloger, AnyFragment, Located, Parsed, ReadsPieces};
use crate::catalogers::ALL;
use crate::equal_versions::unite_equal_versions;
use crate::license_files::{self, LicenseFiles};
use crate::ownership::settle_claims;
use crate::programs::Programs;
use crate::python::declarations::settle_declarations;

/// Longest list of problems that is told of one file.
const PROBLEMS_PER_FILE: usize = 5;

/// Reads a target for its inventory, alone or beside other readers.
#[derive(Default)]
pub struct InventoryReader {
    collector: Collector,
    /// Beside the catalogers: the texts of licences.
    licenses: LicenseFiles,
}

impl std::fmt::Debug for InventoryReader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("InventoryReader")
            .finish_non_exhaustive()
    }
}

impl InventoryReader {
    /// What the target is made of, once it has been read.
    pub fn finish(self, visited: &mut Visited, subject: Subject) -> Inventory {
        let by_cataloger = by_cataloger(self.collector.fragments(visited));
        let notes = std::mem::take(&mut visited.notes);
        let mut inventory = assemble(by_cataloger, notes, visited.tree.as_ref(), subject);
        self.licenses.settle(&mut inventory, &visited.superseded);
        inventory
    }

    /// The same, with what its packages ask of each other, as far as lockfiles and manifests say so:
    /// sorted, without doubles.
    pub fn finish_with_requirements(
        self,
        visited: &mut Visited,
        subject: Subject,
    ) -> (Inventory, Vec<Requirement>) {
        let by_cataloger = by_cataloger(self.collector.fragments(visited));
        let all = ALL.iter().zip(&by_cataloger);
        let mut requirements: Vec<Requirement> = all
            .flat_map(|(cataloger, fragments)| cataloger.requirements(fragments))
            .collect();
        requirements.sort_unstable();
        requirements.dedup();
        let notes = std::mem::take(&mut visited.notes);
        let mut inventory = assemble(by_cataloger, notes, visited.tree.as_ref(), subject);
        self.licenses.settle(&mut inventory, &visited.superseded);
        (inventory, requirements)
    }
}

impl Reader for InventoryReader {
    fn wants(&self) -> Vec<&'static [Pattern]> {
        let catalogers = ALL.iter().map(|cataloger| cataloger.facts().wants);
        catalogers.chain([license_files::WANTS]).collect()
    }
}

impl Visitor for InventoryReader {
    fn visit(&self, entry: &Entry<'_>, readers: &[ReaderIndex]) {
        self.collector.visit(entry, readers);
        // Their place is behind those of the catalogers.
        if readers
            .iter()
            .any(|reader| usize::from(reader.0) == ALL.len())
        {
            self.licenses.take(entry);
        }
    }

    fn visit_in_pieces<'a>(
        &'a self,
        entry: &Entry<'_>,
        reader: ReaderIndex,
    ) -> Option<Box<dyn PieceReader + 'a>> {
        self.collector.visit_in_pieces(entry, reader)
    }
}

/// Reads the target once and says what it is made of.
///
/// # Errors
/// If the target can not be read at all; files that can not be understood are notes.
pub fn take_inventory(source: &dyn Source) -> Result<Inventory, SourceError> {
    let reader = InventoryReader::default();
    let mut visited = read_together(source, &[&reader])?;
    Ok(reader.finish(&mut visited, source.subject().clone()))
}

/// The same, with what its packages ask of each other, as far as lockfiles and manifests say so.
///
/// # Errors
/// If the target can not be read at all; files that can not be understood are notes.
pub fn take_inventory_with_requirements(
    source: &dyn Source,
) -> Result<(Inventory, Vec<Requirement>), SourceError> {
    let reader = InventoryReader::default();
    let mut visited = read_together(source, &[&reader])?;
    Ok(reader.finish_with_requirements(&mut visited, source.subject().clone()))
}

/// What was read, each with the cataloger that read it.
type Fragments = Vec<(ReaderIndex, Located<AnyFragment>)>;

/// The fragments of each cataloger.
fn by_cataloger(fragments: Fragments) -> Vec<Vec<Located<AnyFragment>>> {
    let mut by_cataloger: Vec<Vec<Located<AnyFragment>>> = ALL.iter().map(|_| Vec::new()).collect();
    for (reader, found) in fragments {
        by_cataloger[usize::from(reader.0)].push(found);
    }
    by_cataloger
}

/// Reads one file with one cataloger, and makes an inventory of what it tells, as if there were no
/// other file and no other cataloger: the entry for fuzzing.
pub fn read_with(id: &str, entry: &Entry<'_>) -> Inventory {
    let mut fragments = Vec::new();
    for (index, cataloger) in ALL.iter().enumerate() {
        if cataloger.facts().id.0 != id {
            continue;
        }
        if let (Some(value), Ok(index)) = (cataloger.read(entry).value, u16::try_from(index)) {
            let located = Located {
                path: entry.path.clone(),
                layer: entry.layer,
                value,
            };
            fragments.push((ReaderIndex(index), located));
        }
    }
    let subject = Subject {
        name: "target".to_owned(),
        kind: SubjectKind::Directory,
        digest: None,
        platform: None,
        layers: Vec::new(),
    };
    assemble(
        by_cataloger(fragments),
        Vec::new(),
        &OneFile(entry.path),
        subject,
    )
}

/// Where there is one file.
#[derive(Debug)]
struct OneFile<'a>(&'a TargetPath);

impl FileTree for OneFile<'_> {
    fn exists(&self, path: &TargetPath) -> bool {
        path.is_root() || path == self.0
    }

    fn resolve(&self, path: &TargetPath) -> Option<TargetPath> {
        self.exists(path).then(|| path.clone())
    }
}

/// Makes an inventory of the fragments of each cataloger, which come sorted by path and layer.
fn assemble(
    mut by_cataloger: Vec<Vec<Located<AnyFragment>>>,
    notes: Vec<Note>,
    tree: &dyn FileTree,
    subject: Subject,
) -> Inventory {
    let mut inventory = InventoryBuilder::default();
    for note in notes {
        inventory.note(note);
    }

    let mut order: Vec<usize> = (0..ALL.len()).collect();
    order.sort_by_key(|&index| ALL[index].facts().stage);
    let name = subject.name.trim_end_matches('/');
    let mut assembly = Assembly {
        inventory: &mut inventory,
        tree,
        target_name: name
            .rsplit('/')
            .next()
            .filter(|name| !matches!(*name, "" | "." | ".."))
            .unwrap_or("project"),
        claims: Vec::new(),
        declarations: Vec::new(),
        programs: Programs::default(),
    };
    for index in order {
        let fragments = std::mem::take(&mut by_cataloger[index]);
        if !fragments.is_empty() {
            ALL[index].assemble(fragments, &mut assembly);
        }
    }
    settle_archives(assembly.inventory);
    settle_declarations(&mut assembly);
    let claims = std::mem::take(&mut assembly.claims);
    let programs = std::mem::take(&mut assembly.programs);
    let mut owners = programs.asked_owners();
    unite_equal_versions(&mut inventory);
    settle_claims(&claims, tree, &mut owners, &mut inventory);
    programs.settle(&owners, &mut inventory);
    inventory.finish(subject)
}

/// What is installed inside an archive is a part of the archive: it is embedded in it.
fn settle_archives(inventory: &mut InventoryBuilder) {
    for index in 0..inventory.packages().len() {
        for occurrence in &mut inventory.package_mut(PackageId(index as u32)).occurrences {
            if occurrence.kind == OccurrenceKind::Installed && occurrence.path.is_in_archive() {
                occurrence.kind = OccurrenceKind::Embedded;
            }
        }
    }
}

#[derive(Default)]
struct Collector {
    collected: Mutex<Collected>,
}

#[derive(Default)]
struct Collected {
    fragments: Fragments,
    notes: Vec<Note>,
}

impl Collector {
    /// What was read, sorted by cataloger, path and layer; what could not be understood is added to
    /// the notes.
    fn fragments(self, visited: &mut Visited) -> Fragments {
        let Collected {
            mut fragments,
            notes,
        } = self
            .collected
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let superseded: HashSet<(&TargetPath, Option<LayerIndex>)> = visited
            .superseded
            .iter()
            .map(|(path, layer)| (path, *layer))
            .collect();
        let is_superseded = |found: &Located<AnyFragment>| {
            let on_disk = TargetPath::new(found.path.outermost());
            superseded.contains(&(&on_disk, found.layer))
        };
        if !superseded.is_empty() {
            fragments.retain(|(_, found)| !is_superseded(found));
        }
        fragments.sort_by(|(left_reader, left), (right_reader, right)| {
            (left_reader, &left.path, left.layer).cmp(&(right_reader, &right.path, right.layer))
        });
        visited.notes.extend(notes);
        fragments
    }
}

impl Visitor for Collector {
    fn visit(&self, entry: &Entry<'_>, readers: &[ReaderIndex]) {
        for &reader in readers {
            let Some(cataloger) = ALL.get(usize::from(reader.0)) else {
                continue;
            };
            let parsed = guarded(|| cataloger.read(entry));
            let parsed = parsed.unwrap_or_else(|| failed(*cataloger));
            self.collect(reader, entry.path, entry.layer, parsed);
        }
    }

    fn visit_in_pieces<'a>(
        &'a self,
        entry: &Entry<'_>,
        reader: ReaderIndex,
    ) -> Option<Box<dyn PieceReader + 'a>> {
        let cataloger = *ALL.get(usize::from(reader.0))?;
        let inner = cataloger.read_in_pieces(entry)?;
        Some(Box::new(InPieces {
            collector: self,
            reader,
            cataloger,
            path: entry.path.clone(),
            layer: entry.layer,
            inner: Some(inner),
        }))
    }
}

/// A file that a cataloger reads piece by piece.
struct InPieces<'a> {
    collector: &'a Collector,
    reader: ReaderIndex,
    cataloger: &'static dyn AnyCataloger,
    path: TargetPath,
    layer: Option<LayerIndex>,
    /// Nothing once it has failed.
    inner: Option<Box<dyn ReadsPieces<AnyFragment>>>,
}

impl PieceReader for InPieces<'_> {
    fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        let Some(mut inner) = self.inner.take() else {
            return ControlFlow::Break(());
        };
        let taken = guarded(|| {
            let wish = inner.take(piece);
            (inner, wish)
        });
        let Some((inner, wish)) = taken else {
            return ControlFlow::Break(());
        };
        self.inner = Some(inner);
        wish
    }

    fn finish(self: Box<Self>) {
        let Self {
            collector,
            reader,
            cataloger,
            path,
            layer,
            inner,
        } = *self;
        let parsed = inner.and_then(|inner| guarded(|| inner.finish()));
        let parsed = parsed.unwrap_or_else(|| failed(cataloger));
        collector.collect(reader, &path, layer, parsed);
    }
}

impl Collector {
    /// Takes in what a cataloger made of a file.
    fn collect(
        &self,
        reader: ReaderIndex,
        path: &TargetPath,
        layer: Option<LayerIndex>,
        parsed: Parsed<AnyFragment>,
    ) {
        let Parsed { value, problems } = parsed;
        if value.is_none() && problems.is_empty() {
            return;
        }
        let more = problems.len().saturating_sub(PROBLEMS_PER_FILE);
        let mut notes: Vec<Note> = problems
            .into_iter()
            .take(PROBLEMS_PER_FILE)
            .map(|problem| Note::at(NoteKind::Unread, path, layer, problem))
            .collect();
        if more > 0 {
            let text = format!("{more} more problems");
            notes.push(Note::at(NoteKind::Unread, path, layer, text));
        }
        let mut collected = self
            .collected
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        collected.notes.append(&mut notes);
        if let Some(value) = value {
            let located = Located {
                path: path.clone(),
                layer,
                value,
            };
            collected.fragments.push((reader, located));
        }
    }
}

/// Lets a cataloger do its work; nothing if it panics. That is a bug of ours that must not cost the
/// user the rest of the inventory: it becomes a note.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

fn failed(cataloger: &dyn AnyCataloger) -> Parsed<AnyFragment> {
    let id = cataloger.facts().id;
    Parsed::failed(format!(
        "the reader `{id}` failed on this file; please report it as a bug"
    ))
}

#[cfg(test)]
mod tests {
    use linchpin_source::Wants;

    use super::*;

    #[test]
    fn the_patterns_of_all_catalogers_compile() {
        Wants::compile(ALL.iter().map(|cataloger| cataloger.facts().wants)).unwrap();
    }
}
