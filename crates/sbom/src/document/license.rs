//! Licences as documents state them: expressions, ids and names, with texts where they are given.

use super::{Extensions, Property};

/// A licence of a component.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct License {
    /// Which.
    pub choice: LicenseChoice,
    /// Whether the authors say so or somebody found out.
    pub standing: LicenseStanding,
    /// The licence's text, where the document has it.
    pub text: Option<String>,
    /// Where the licence can be read.
    pub url: Option<String>,
    /// Named values.
    pub properties: Vec<Property>,
    /// What only one family of formats knows.
    pub extensions: Extensions,
}

impl License {
    /// A licence of which only this is known.
    pub fn new(choice: LicenseChoice, standing: LicenseStanding) -> Self {
        Self {
            choice,
            standing,
            ..Self::default()
        }
    }
}

/// How a licence is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenseChoice {
    /// An SPDX expression, or what claims to be one. A single id is one too.
    Expression(String),
    /// A name in somebody's own words.
    Name(String),
    /// It is said that there is none.
    NoLicense,
}

impl Default for LicenseChoice {
    fn default() -> Self {
        Self::Expression(String::new())
    }
}

impl LicenseChoice {
    /// The expression or name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Expression(text) | Self::Name(text) => text,
            Self::NoLicense => "NONE",
        }
    }
}

/// Who says that a licence holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum LicenseStanding {
    /// Nothing is said about that.
    #[default]
    Unsaid,
    /// The authors declare it.
    Declared,
    /// Whoever made the document came to this conclusion.
    Concluded,
}

/// The text behind a `LicenseRef-…` of this document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenseText {
    /// The reference, with `LicenseRef-`.
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// Its text.
    pub text: String,
    /// Where it can be read.
    pub urls: Vec<String>,
    /// What is said of it.
    pub comment: Option<String>,
}
