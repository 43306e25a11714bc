//! The neutral document: what an SBOM says, whatever format it says it in.
//!
//! Readers of formats make a [`Document`], writers take one. It holds what at least two formats
//! can say in fields of its own; what only one family of formats knows stays beside it as
//! [`Extensions`], so that converting within the family loses nothing. What a writer can not say
//! it reports as [`Losses`]. Comparing, merging and judging documents works on this type too.

mod analysis_of_findings;
mod component;
mod component_kind;

mod extension;
mod from_findings;
mod from_inventory;
mod hash;
mod license;
mod loss;
mod metadata;
mod party;
mod relationship;
mod service;
mod to_inventory;
mod to_vex;
mod tops;
mod vulnerability;

pub use component::{
    Component, ComponentScope, ExternalReference, Identifier, IdentifierKind, Occurrence,
    SourcePackage,
};
pub use component_kind::ComponentKind;
pub use extension::{Extensions, Family};
pub use from_inventory::TARGET;
pub use hash::{Hash, HashAlgorithm};
pub use license::{License, LicenseChoice, LicenseStanding, LicenseText};
pub use loss::{Loss, Losses};
pub use metadata::{Metadata, Tool};
pub use party::{Contact, Party, PartyKind};
pub use relationship::{Relationship, RelationshipKind};
pub use service::Service;
pub use to_vex::VexScope;
pub use vulnerability::{Advisory, Affected, Analysis, Rating, Vulnerability, VulnerabilitySource};

/// A named value that no field has room for. A name may occur several times.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Property {
    /// Its name, usually with a prefix that says whose it is: `linchpin:layer`.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Property {
    /// A property.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// What somebody said about parts of the document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotation {
    /// The references of what it is about; empty for the document itself.
    pub subjects: Vec<String>,
    /// Who says it.
    pub annotator: Option<Party>,
    /// The program that says it, where it is none of the people.
    pub tool: Option<Tool>,
    /// When it was said.
    pub timestamp: Option<String>,
    /// `REVIEW` or `OTHER`, in SPDX's words.
    pub kind: Option<String>,
    /// What is said.
    pub text: String,
}

/// What an SBOM says.
///
/// References (`Component::reference`) are unique within a document; relationships,
/// vulnerabilities and annotations use them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Who made it, when, and of what.
    pub metadata: Metadata,
    /// The parts, in the document's order. The primary component is in the metadata, not here.
    pub components: Vec<Component>,
    /// What is known between components. The document itself has no reference: what it
    /// describes is the primary component, or else all components.
    pub relationships: Vec<Relationship>,
    /// Known vulnerabilities; `None` where the document does not speak of them.
    pub vulnerabilities: Option<Vec<Vulnerability>>,
    /// What somebody said.
    pub annotations: Vec<Annotation>,
    /// Texts of licences that the expressions name by `LicenseRef-…`.
    pub license_texts: Vec<LicenseText>,
    /// Named values about the whole document.
    pub properties: Vec<Property>,
    /// What only one family of formats knows.
    pub extensions: Extensions,
}

impl Document {
    /// The primary component and all others, nested ones after their parents.
    pub fn all_components(&self) -> AllComponents<'_> {
        let mut waiting: Vec<&Component> = self.components.iter().rev().collect();
        waiting.extend(&self.metadata.primary);
        AllComponents { waiting }
    }

    /// The component with this reference.
    pub fn component(&self, reference: &str) -> Option<&Component> {
        self.all_components()
            .find(|component| component.reference == reference)
    }
}

/// An iterator over the components of a document.
#[derive(Debug)]
pub struct AllComponents<'a> {
    waiting: Vec<&'a Component>,
}

impl<'a> Iterator for AllComponents<'a> {
    type Item = &'a Component;

    fn next(&mut self) -> Option<&'a Component> {
        let component = self.waiting.pop()?;
        self.waiting.extend(component.components.iter().rev());
        Some(component)
    }
}
