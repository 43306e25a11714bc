//! The shape of the document, field by field. Only this folder knows it.
//!
//! The findings are read back by `explain`, so their fields are owned, and those that an older
//! or newer program may lack have defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    pub(super) format: &'static str,
    pub(super) version: u64,
    pub(super) tool: Tool<'a>,
    pub(super) target: Target<'a>,
    pub(super) advisories: Advisories<'a>,
    pub(super) counts: Counts,
    pub(super) packages: Vec<Package>,
    pub(super) findings: Vec<Finding>,
    pub(super) suppressed: Vec<Finding>,
    pub(super) next: Vec<Step<'a>>,
    pub(super) notes: Vec<Note<'a>>,
    pub(super) left_out: LeftOut,
}

#[derive(Debug, Serialize)]
pub(super) struct Tool<'a> {
    pub(super) name: &'static str,
    pub(super) version: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct Target<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'static str,
    pub(super) digest: Option<String>,
    pub(super) platform: Option<&'a str>,
    pub(super) distribution: Option<Distribution<'a>>,
    pub(super) layers: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Distribution<'a> {
    pub(super) id: &'a str,
    pub(super) version: Option<&'a str>,
    pub(super) codename: Option<&'a str>,
    pub(super) name: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Advisories<'a> {
    pub(super) origin: &'static str,
    pub(super) path: Option<&'a str>,
    pub(super) newest: Option<String>,
    pub(super) records: BTreeMap<&'static str, u64>,
    pub(super) exploited_catalogue: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Counts {
    pub(super) packages: BTreeMap<&'static str, usize>,
    pub(super) projects: usize,
    /// By the kind of document.
    pub(super) documents: BTreeMap<&'static str, usize>,
    pub(super) findings: BTreeMap<&'static str, usize>,
    pub(super) licenses: BTreeMap<&'static str, usize>,
}

/// What `linchpin diff` compares. Where each package was found is in the inventory's own formats.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Package {
    pub(super) purl: String,
    pub(super) role: String,
    pub(super) scope: String,
    pub(super) license: Option<String>,
    /// What the licence asks for.
    #[serde(default)]
    pub(super) license_category: Option<String>,
    /// The file whose text told it, where the package does not declare one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) license_file: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Finding {
    pub(super) id: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) kind: String,
    pub(super) severity: String,
    #[serde(default)]
    pub(super) score: u8,
    pub(super) cvss: Option<f64>,
    pub(super) exploited: Option<Exploited>,
    pub(super) package: Option<String>,
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) fixed: Option<String>,
    pub(super) remedy: Option<String>,
    pub(super) scope: Option<String>,
    #[serde(default)]
    pub(super) locations: Vec<Location>,
    pub(super) via: Option<String>,
    #[serde(default)]
    pub(super) route: Vec<String>,
    #[serde(default)]
    pub(super) summary: String,
    pub(super) published: Option<String>,
    #[serde(default)]
    pub(super) because: Vec<Reason>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) suppressed_by: Vec<Suppression>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Exploited {
    pub(super) added: String,
    pub(super) ransomware: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Location {
    pub(super) path: String,
    pub(super) layer: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column: Option<u32>,
    pub(super) kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub(super) enum Reason {
    InRange {
        advisory: String,
        name: String,
        ecosystem: String,
        release: Option<String>,
        version: String,
        introduced: Option<String>,
        fixed: Option<String>,
        last_affected: Option<String>,
    },
    Listed {
        advisory: String,
        name: String,
        ecosystem: String,
        version: String,
    },
    Scored {
        vector: String,
        cvss: f64,
    },
    /// A severity from a record outside of the package's own.
    Lent {
        advisory: String,
        flaw: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vector: Option<String>,
        cvss: f64,
    },
    Exploited {
        added: String,
        ransomware: bool,
    },
    /// What EPSS predicts, in parts of one: five decimals.
    Predicted {
        probability: f64,
        percentile: f64,
    },
    /// The addends of `score`.
    Weighed {
        parts: Vec<ScorePart>,
    },
    SameFlaw {
        records: Vec<String>,
    },
    Stated(Statement),
    Rule {
        title: String,
        category: String,
        why: String,
        fix: String,
        #[serde(default)]
        references: Vec<String>,
        #[serde(default)]
        excerpt: Vec<ExcerptLine>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repair: Option<Repair>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fingerprint: Option<String>,
    },
    /// What a newer program added.
    #[serde(other, skip_serializing)]
    Other,
}

/// Edits of the file that remove a finding.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Repair {
    pub(super) safe: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) may_break: Option<String>,
    pub(super) edits: Vec<TextEdit>,
}

/// Lines and columns count from 1; the end is the place behind the last character.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TextEdit {
    pub(super) start_line: u32,
    pub(super) start_column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
    pub(super) text: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ExcerptLine {
    pub(super) line: u32,
    pub(super) text: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ScorePart {
    pub(super) factor: String,
    pub(super) points: i8,
}

/// A ground on which a finding does not count.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub(super) enum Suppression {
    Exception {
        id: String,
        reason: String,
        expires: String,
        justification: Option<String>,
        file: String,
    },
    Vex(Statement),
    CodeAbsent {
        justification: String,
        advisories: Vec<String>,
        looked_for: Vec<PackageSymbols>,
        programs: Vec<Program>,
    },
    Comment {
        reason: String,
        line: u32,
    },
    /// What a newer program added.
    #[serde(other, skip_serializing)]
    Other,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Statement {
    pub(super) document: String,
    pub(super) author: Option<String>,
    pub(super) status: String,
    pub(super) justification: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) timestamp: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PackageSymbols {
    pub(super) package: String,
    pub(super) symbols: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Program {
    pub(super) path: String,
    pub(super) layer: Option<u16>,
    pub(super) digest: Option<String>,
    pub(super) functions: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Step<'a> {
    pub(super) action: &'a str,
    pub(super) command: Option<&'a str>,
    pub(super) place: Option<&'a str>,
    pub(super) removes: Vec<Removed<'a>>,
    pub(super) risk: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Removed<'a> {
    pub(super) id: &'a str,
    pub(super) package: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Note<'a> {
    pub(super) kind: &'static str,
    pub(super) path: Option<&'a str>,
    pub(super) layer: Option<u16>,
    pub(super) text: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct LeftOut {
    pub(super) development: usize,
    pub(super) unfixed: usize,
}
