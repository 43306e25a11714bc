//! The shape of OpenVEX 0.2.0, as far as it is written here. Only this folder knows it.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    #[serde(rename = "@context")]
    pub(super) context: &'static str,
    #[serde(rename = "@id")]
    pub(super) id: String,
    pub(super) author: &'static str,
    pub(super) timestamp: String,
    pub(super) version: u32,
    pub(super) tooling: String,
    pub(super) statements: &'a [Statement],
}

/// The order of the fields is that in which statements are sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Statement {
    pub(super) vulnerability: Vulnerability,
    pub(super) products: Vec<Product>,
    #[serde(flatten)]
    pub(super) verdict: Verdict,
}

/// What is said, without what it is said of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Verdict {
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) justification: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) impact_statement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) action_statement: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Vulnerability {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) aliases: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Product {
    #[serde(rename = "@id")]
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifiers: Option<Identifiers>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) hashes: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) subcomponents: Vec<Product>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Identifiers {
    pub(super) purl: String,
}
