//! A component: a package, a file, or whatever else software is made of.

use super::{ComponentKind, Extensions, Hash, License, Party, Property};

/// One part, or the whole that the document is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Component {
    /// Its name within the document: CycloneDX's `bom-ref`, SPDX's id. Empty where the document
    /// gives none.
    pub reference: String,
    /// What sort of thing.
    pub kind: ComponentKind,
    /// The group or namespace that is part of its name: `@babel`, `org.apache.logging.log4j`.
    pub group: Option<String>,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its package URL, as written.
    pub purl: Option<String>,
    /// What else it is known by.
    pub identifiers: Vec<Identifier>,
    /// Who supplies it.
    pub supplier: Option<Party>,
    /// Who made it.
    pub manufacturer: Option<Party>,
    /// Who wrote it: CycloneDX's authors, SPDX's originator.
    pub authors: Vec<Party>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Its licences. Several are all in force.
    pub licenses: Vec<License>,
    /// Its copyright text.
    pub copyright: Option<String>,
    /// Digests of its archive or file.
    pub hashes: Vec<Hash>,
    /// Where its archive can be fetched, or its repository and revision, as a URL.
    pub download: Option<String>,
    /// Its home page.
    pub homepage: Option<String>,
    /// Other places that say something about it.
    pub external_references: Vec<ExternalReference>,
    /// What it is for, in a line.
    pub summary: Option<String>,
    /// What it is for, at length.
    pub description: Option<String>,
    /// What it is needed for.
    pub scope: Option<ComponentScope>,
    /// The source package that a distribution built it from.
    pub source: Option<SourcePackage>,
    /// The name of its archive or file.
    pub file_name: Option<String>,
    /// Its media type.
    pub media_type: Option<String>,
    /// Where it was found.
    pub occurrences: Vec<Occurrence>,
    /// Named values.
    pub properties: Vec<Property>,
    /// The parts inside of it.
    pub components: Vec<Component>,
    /// What only one family of formats knows.
    pub extensions: Extensions,
}

impl Component {
    /// A component of which only this is known.
    pub fn new(reference: impl Into<String>, kind: ComponentKind, name: impl Into<String>) -> Self {
        Self {
            reference: reference.into(),
            kind,
            name: name.into(),
            ..Self::default()
        }
    }

    /// The name with its group, as people write it: `@babel/core`.
    pub fn full_name(&self) -> String {
        match &self.group {
            Some(group) => format!("{group}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// What a component is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentScope {
    /// When the software runs.
    Required,
    /// When it runs, and the software works without it.
    Optional,
    /// To be provided by whoever uses the software.
    Provided,
    /// To build it.
    Build,
    /// To test it.
    Test,
    /// To develop or test it.
    Development,
    /// Not a part of what is delivered; nothing more is said.
    Excluded,
}

impl ComponentScope {
    /// All of them, strongest first.
    pub const ALL: [Self; 7] = [
        Self::Required,
        Self::Optional,
        Self::Provided,
        Self::Build,
        Self::Test,
        Self::Development,
        Self::Excluded,
    ];

    /// The word in our own properties.
    pub fn label(self) -> &'static str {
        match self {
            Self::Required => "runtime",
            Self::Optional => "optional",
            Self::Provided => "peer",
            Self::Build => "build",
            Self::Test => "test",
            Self::Development => "dev",
            Self::Excluded => "excluded",
        }
    }

    /// The scope with this word.
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.label() == label)
    }
}

/// A name of a component in some system of names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    /// Which system.
    pub kind: IdentifierKind,
    /// The name.
    pub value: String,
}

/// A system of names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierKind {
    /// CPE 2.2: `cpe:/a:…`.
    Cpe22,
    /// CPE 2.3: `cpe:2.3:a:…`.
    Cpe23,
    /// A further package URL.
    Purl,
    /// A software identification tag, by its tag id.
    Swid,
    /// A software heritage id.
    Swhid,
    /// An OmniBOR artifact id or git object id.
    Gitoid,
    /// Any other, by its name.
    Other(String),
}

impl IdentifierKind {
    /// The sort of CPE that this text is.
    pub fn of_cpe(text: &str) -> Self {
        if text.starts_with("cpe:/") {
            Self::Cpe22
        } else {
            Self::Cpe23
        }
    }
}

/// A place that says something about a component.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExternalReference {
    /// What is there, in CycloneDX's words: `vcs`, `issue-tracker`, `documentation`; `other` if
    /// none fits. References of SPDX 2 whose category and type are not of this kind are written
    /// `CATEGORY/type`.
    pub kind: String,
    /// Where.
    pub url: String,
    /// What is said of it.
    pub comment: Option<String>,
    /// Digests of what is there.
    pub hashes: Vec<Hash>,
}

/// The source package that a distribution built a binary package from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourcePackage {
    /// Its name.
    pub name: String,
    /// Its version, where one is said.
    pub version: Option<String>,
}

/// A place where a component was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Occurrence {
    /// The path of the file that shows it.
    pub location: String,
    /// What else is known of this place: `installed, layer 2`.
    pub context: Option<String>,
    /// The line, where one is said.
    pub line: Option<u64>,
    /// The symbol, where one is said.
    pub symbol: Option<String>,
}
