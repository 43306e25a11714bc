//! The shape of a cataloger, and the erased form in which the driver holds all of them.

use std::any::Any;
use std::fmt;
use std::ops::ControlFlow;

use linchpin_model::{
    CatalogerId, LayerIndex, Note, NoteKind, Occurrence, OccurrenceKind, Requirement, TargetPath,
};
use linchpin_source::{Entry, Pattern, Piece};

use crate::assembly::Assembly;

/// When a cataloger's fragments are assembled; those of an earlier stage come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// What later ones need to name packages rightly: the distribution.
    Distribution,
    /// The packages.
    Packages,
    /// Installed copies whose scope the lockfiles of the target say.
    Installed,
}

/// Finds the packages of one format, or of a family of formats that only make sense together
/// (manifest, lockfile and installed copies of one client).
pub trait Cataloger: Sync + 'static {
    /// What one file tells.
    type Fragment: Send + 'static;
    /// The stable name.
    const ID: CatalogerId;
    /// One paragraph for the manual: what it reads, what it finds, what it leaves out.
    const DOCUMENTATION: &'static str;
    /// The files that it wants.
    const WANTS: &'static [Pattern];
    /// When its fragments are assembled.
    #[allow(
        private_interfaces,
        reason = "the stages are the driver's own business"
    )]
    const STAGE: Stage = Stage::Packages;

    /// What packages ask of each other, from the same fragments, where the format says so. Only
    /// advice needs it; see
    /// [`take_inventory_with_requirements`](crate::take_inventory_with_requirements).
    const REQUIREMENTS: Option<RequirementReader<Self::Fragment>> = None;

    /// Reads one file. Sees its bytes and nothing else. Tolerant: what can be understood is given
    /// back, what can not is a problem. Must not panic whatever the bytes are.
    fn read(entry: &Entry<'_>) -> Parsed<Self::Fragment>;

    /// Begins to read a file that comes in pieces, for catalogers that ask for programs of certain
    /// names. The entry has no content.
    fn read_in_pieces(entry: &Entry<'_>) -> Option<Box<dyn ReadsPieces<Self::Fragment>>> {
        let _ = entry;
        None
    }

    /// Makes packages and edges of all fragments of the target, which come sorted by path and layer.
    #[allow(private_interfaces, reason = "only the driver calls it")]
    fn assemble(fragments: Vec<Located<Self::Fragment>>, assembly: &mut Assembly<'_>);
}

/// Finds what packages ask of each other in fragments, which come sorted by path and layer.
pub type RequirementReader<F> = fn(&[Located<&F>]) -> Vec<Requirement>;

/// Reads a file that comes in pieces. Tolerant like [`Cataloger::read`].
pub trait ReadsPieces<T>: Send {
    /// Takes the next piece, and says whether it wants more.
    fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()>;

    /// What the pieces told.
    fn finish(self: Box<Self>) -> Parsed<T>;
}

/// What a reader made of a file.
#[derive(Debug)]
pub struct Parsed<T> {
    /// What it tells; nothing if it turned out not to be of this format, or to be unreadable.
    pub value: Option<T>,
    /// What could not be understood, each a sentence fragment such as ``line 3: `x` is no version``.
    pub problems: Vec<String>,
}

impl<T> Parsed<T> {
    /// All of it was understood.
    pub fn clean(value: T) -> Self {
        Self {
            value: Some(value),
            problems: Vec::new(),
        }
    }

    /// The file is not of this cataloger's format, and that is no problem.
    pub fn not_mine() -> Self {
        Self {
            value: None,
            problems: Vec::new(),
        }
    }

    /// None of it was understood.
    pub fn failed(problem: impl fmt::Display) -> Self {
        Self {
            value: None,
            problems: vec![problem.to_string()],
        }
    }
}

/// A fragment and the file that it was read from.
#[derive(Debug)]
pub struct Located<T> {
    /// The file.
    pub path: TargetPath,
    /// Its layer.
    pub layer: Option<LayerIndex>,
    /// What it tells.
    pub value: T,
}

impl<T> Located<T> {
    /// An occurrence in this file.
    pub fn occurrence(&self, kind: OccurrenceKind, cataloger: CatalogerId) -> Occurrence {
        Occurrence {
            path: self.path.clone(),
            layer: self.layer,
            kind,
            cataloger,
            owner: None,
        }
    }

    /// A note about this file.
    pub fn note(&self, text: impl Into<String>) -> Note {
        Note::at(NoteKind::Unread, &self.path, self.layer, text)
    }
}

/// What is fixed about a cataloger.
#[derive(Debug, Clone, Copy)]
pub struct CatalogerFacts {
    /// The stable name.
    pub id: CatalogerId,
    /// One paragraph for the manual.
    pub documentation: &'static str,
    /// The files that it wants.
    pub wants: &'static [Pattern],
    pub(crate) stage: Stage,
}

/// A fragment whose type only its cataloger knows.
pub(crate) type AnyFragment = Box<dyn Any + Send>;

impl<T: Send + 'static> Parsed<T> {
    fn erased(self) -> Parsed<AnyFragment> {
        Parsed {
            value: self.value.map(|value| Box::new(value) as AnyFragment),
            problems: self.problems,
        }
    }
}

/// A reader of pieces without its fragment type.
struct Erased<T>(Box<dyn ReadsPieces<T>>);

impl<T: Send + 'static> ReadsPieces<AnyFragment> for Erased<T> {
    fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        self.0.take(piece)
    }

    fn finish(self: Box<Self>) -> Parsed<AnyFragment> {
        self.0.finish().erased()
    }
}

/// A cataloger without its fragment type, so that all fit into one list.
pub(crate) trait AnyCataloger: Sync {
    fn facts(&self) -> CatalogerFacts;
    fn read(&self, entry: &Entry<'_>) -> Parsed<AnyFragment>;
    fn read_in_pieces(&self, entry: &Entry<'_>) -> Option<Box<dyn ReadsPieces<AnyFragment>>>;
    fn assemble(&self, fragments: Vec<Located<AnyFragment>>, assembly: &mut Assembly<'_>);
    /// What packages ask of each other; nothing where the format does not say.
    fn requirements(&self, fragments: &[Located<AnyFragment>]) -> Vec<Requirement>;
}

impl<C: Cataloger> AnyCataloger for C {
    fn facts(&self) -> CatalogerFacts {
        CatalogerFacts {
            id: C::ID,
            documentation: C::DOCUMENTATION,
            wants: C::WANTS,
            stage: C::STAGE,
        }
    }

    fn read(&self, entry: &Entry<'_>) -> Parsed<AnyFragment> {
        C::read(entry).erased()
    }

    fn read_in_pieces(&self, entry: &Entry<'_>) -> Option<Box<dyn ReadsPieces<AnyFragment>>> {
        let reader = C::read_in_pieces(entry)?;
        Some(Box::new(Erased(reader)))
    }

    fn assemble(&self, fragments: Vec<Located<AnyFragment>>, assembly: &mut Assembly<'_>) {
        C::assemble(own(fragments), assembly);
    }

    fn requirements(&self, fragments: &[Located<AnyFragment>]) -> Vec<Requirement> {
        C::REQUIREMENTS.map_or_else(Vec::new, |read| {
            let seen = fragments.iter().filter_map(|located| {
                Some(Located {
                    path: located.path.clone(),
                    layer: located.layer,
                    value: located.value.downcast_ref::<C::Fragment>()?,
                })
            });
            read(&seen.collect::<Vec<_>>())
        })
    }
}

/// The fragments with their type.
fn own<F: 'static>(fragments: Vec<Located<AnyFragment>>) -> Vec<Located<F>> {
    fragments
        .into_iter()
        .filter_map(|Located { path, layer, value }| {
            value.downcast::<F>().ok().map(|value| Located {
                path,
                layer,
                value: *value,
            })
        })
        .collect()
}
