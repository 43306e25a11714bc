//! A document as rows, for people and their spreadsheets: what the formats `table`, `csv` and
//! `xlsx` have in common.
//!
//! A row has room for what people sort and filter by. What a row can not hold (nesting, properties,
//! texts of licences) is in the other formats.

mod listing;
mod rows;

pub use listing::{Listing, list_components};
pub use rows::{ComponentRow, component_rows};
pub(crate) use rows::{by_reference, dependency_rows, finding_rows, license_rows};

use std::collections::BTreeSet;

use linchpin_model::PackageUrlComponents;

use crate::document::{Component, LicenseChoice, LicenseStanding};

/// What stands between several values in one cell.
pub(crate) const BETWEEN: &str = "; ";

/// The licences of a component in one line: those declared, or else those concluded.
pub(crate) fn licenses_line(component: &Component) -> String {
    let of = |concluded: bool| -> Vec<&str> {
        component
            .licenses
            .iter()
            .filter(|license| (license.standing == LicenseStanding::Concluded) == concluded)
            .map(|license| license.choice.as_str())
            .filter(|text| !text.is_empty())
            .collect()
    };
    let mut texts = of(false);
    if texts.is_empty() {
        texts = of(true);
    }
    texts.sort_unstable();
    texts.dedup();
    match texts.as_slice() {
        [one] => (*one).to_owned(),
        several => several
            .iter()
            .map(|text| {
                if text.contains(" OR ") {
                    format!("({text})")
                } else {
                    (*text).to_owned()
                }
            })
            .collect::<Vec<_>>()
            .join(" AND "),
    }
}

/// The ids in the licences of a component, each once.
pub(crate) fn license_ids(component: &Component) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for license in &component.licenses {
        match &license.choice {
            LicenseChoice::Expression(text) => {
                let between = |next: char| next.is_whitespace() || matches!(next, '(' | ')');
                ids.extend(
                    text.split(between)
                        .filter(|word| !matches!(*word, "" | "AND" | "OR" | "WITH"))
                        .map(str::to_owned),
                );
            }
            LicenseChoice::Name(name) => {
                ids.insert(name.clone());
            }
            LicenseChoice::NoLicense => {}
        }
    }
    ids
}

/// Who stands behind a component: who supplies it, or else made, published or wrote it.
pub(crate) fn supplier_line(component: &Component) -> String {
    component
        .supplier
        .as_ref()
        .or(component.manufacturer.as_ref())
        .or(component.authors.first())
        .map(crate::document::Party::line)
        .or_else(|| component.publisher.clone())
        .unwrap_or_default()
}

/// The type of a component: that of its package URL, or else the sort of thing that it is.
pub(crate) fn type_word(component: &Component) -> String {
    component
        .purl
        .as_deref()
        .and_then(|purl| PackageUrlComponents::parse(purl).ok())
        .map_or_else(|| component.kind.label().to_owned(), |purl| purl.kind)
}

/// Whether a licence is no licence but the statement that there is none.
pub(crate) fn is_licensed(component: &Component) -> bool {
    component
        .licenses
        .iter()
        .any(|license| match &license.choice {
            LicenseChoice::Expression(text) | LicenseChoice::Name(text) => {
                !text.is_empty() && text != "NOASSERTION"
            }
            LicenseChoice::NoLicense => false,
        })
}
