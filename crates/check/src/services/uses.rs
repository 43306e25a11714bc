//! What a service is used with, and where that shows.

use std::collections::BTreeSet;

use linchpin_model::{LayerIndex, TargetPath};

/// Most signs of one service or endpoint that are kept.
const MOST_EVIDENCE: usize = 500;

/// How it shows that a service is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// A package that talks to it.
    Package,
    /// A host of it.
    Host,
    /// A variable that holds a setting.
    Variable,
    /// A variable that holds a secret.
    Credential,
}

impl EvidenceKind {
    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Host => "host",
            Self::Variable => "variable",
            Self::Credential => "credential",
        }
    }
}

/// A place that shows that a service is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// How.
    pub kind: EvidenceKind,
    /// The package, the host or the variable.
    pub what: String,
    /// The file.
    pub path: TargetPath,
    /// The line, where the file is a text.
    pub line: Option<u32>,
    /// Its layer.
    pub layer: Option<LayerIndex>,
}

/// What a service is used with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Use {
    /// The places, in the order of their kinds and files.
    pub evidence: BTreeSet<Evidence>,
    /// How many there are, beyond those that are kept too.
    pub count: usize,
    /// Addresses without their paths: `https://api.stripe.com`.
    pub endpoints: BTreeSet<String>,
    /// Whether only packages show it that the project itself does not ask for.
    pub is_indirect: bool,
}

impl Use {
    pub(super) fn add(&mut self, evidence: Evidence) {
        self.count += 1;
        if self.evidence.len() < MOST_EVIDENCE {
            self.evidence.insert(evidence);
        }
    }

    /// The variables that hold secrets.
    pub fn credentials(&self) -> BTreeSet<&str> {
        self.evidence
            .iter()
            .filter(|evidence| evidence.kind == EvidenceKind::Credential)
            .map(|evidence| evidence.what.as_str())
            .collect()
    }
}

/// Whether a variable holds a secret, by its name.
pub(super) fn is_credential(name: &str) -> bool {
    [
        "APIKEY",
        "AUTH",
        "CONNECTION_STRING",
        "CREDENTIAL",
        "DSN",
        "KEY",
        "PASS",
        "PRIVATE",
        "SECRET",
        "TOKEN",
        "WEBHOOK",
    ]
    .iter()
    .any(|part| name.contains(part))
        && !["KEY_ID", "PUBLIC", "PUBLISHABLE"]
            .iter()
            .any(|part| name.contains(part))
}
