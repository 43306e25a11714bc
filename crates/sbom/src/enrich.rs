//! What one document says and another leaves out: licences, suppliers, digests, places to
//! download from.
//!
//! The evidence is another document, or what was found in a target. What a document says itself is
//! never changed, only added to.

use std::collections::BTreeMap;

use linchpin_model::PackageUrl;

use crate::document::{Component, Document};
use crate::flat::is_licensed;

/// How much was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Enrichment {
    /// Components that had no licence and have one now.
    pub licenses: usize,
    /// Components that had no supplier and have one now.
    pub suppliers: usize,
    /// Components that had no digest and have one now.
    pub hashes: usize,
    /// Components that nobody knew where to fetch, and now one does.
    pub downloads: usize,
    /// Components for which there was evidence, used or not.
    pub matched: usize,
    /// All components with a package URL.
    pub components: usize,
}

impl std::ops::AddAssign for Enrichment {
    fn add_assign(&mut self, other: Self) {
        self.licenses += other.licenses;
        self.suppliers += other.suppliers;
        self.hashes += other.hashes;
        self.downloads += other.downloads;
        self.matched = self.matched.max(other.matched);
        self.components = self.components.max(other.components);
    }
}

/// Fills from the evidence what the document leaves out.
pub fn enrich(document: &mut Document, evidence: &Document) -> Enrichment {
    // By the whole package URL, or else by it without the qualifiers, where only one has it.
    let mut exact: BTreeMap<String, &Component> = BTreeMap::new();
    let mut plain: BTreeMap<String, Option<&Component>> = BTreeMap::new();
    for component in evidence.all_components() {
        let Some(purl) = parsed(component) else {
            continue;
        };
        exact.entry(purl.as_str().to_owned()).or_insert(component);
        plain
            .entry(without_qualifiers(&purl))
            .and_modify(|known| {
                if known.is_some_and(|known| !same_facts(known, component)) {
                    *known = None;
                }
            })
            .or_insert(Some(component));
    }
    let mut enrichment = Enrichment::default();
    let mut waiting: Vec<&mut Component> = document.components.iter_mut().collect();
    waiting.extend(&mut document.metadata.primary);
    while let Some(component) = waiting.pop() {
        if let Some(purl) = parsed(component) {
            enrichment.components += 1;
            let found = exact
                .get(purl.as_str())
                .copied()
                .or_else(|| plain.get(&without_qualifiers(&purl)).copied().flatten());
            if let Some(found) = found {
                enrichment.matched += 1;
                fill(component, found, &mut enrichment);
            }
        }
        waiting.extend(&mut component.components);
    }
    enrichment
}

fn parsed(component: &Component) -> Option<PackageUrl> {
    component.purl.as_deref()?.parse().ok()
}

fn without_qualifiers(purl: &PackageUrl) -> String {
    let text = purl.as_str();
    text.split_once('?')
        .map_or(text, |(before, _)| before)
        .to_owned()
}

fn same_facts(one: &Component, other: &Component) -> bool {
    one.licenses == other.licenses
        && one.supplier == other.supplier
        && one.hashes == other.hashes
        && one.download == other.download
}

fn fill(component: &mut Component, evidence: &Component, enrichment: &mut Enrichment) {
    if !is_licensed(component) && is_licensed(evidence) {
        component.licenses.clone_from(&evidence.licenses);
        enrichment.licenses += 1;
    }
    if component.supplier.is_none() && evidence.supplier.is_some() {
        component.supplier.clone_from(&evidence.supplier);
        enrichment.suppliers += 1;
    }
    if component.hashes.is_empty() && !evidence.hashes.is_empty() {
        component.hashes.clone_from(&evidence.hashes);
        enrichment.hashes += 1;
    }
    if component.download.is_none() && evidence.download.is_some() {
        component.download.clone_from(&evidence.download);
        enrichment.downloads += 1;
    }
    if component.description.is_none() {
        component.description.clone_from(&evidence.description);
    }
    if component.source.is_none() {
        component.source.clone_from(&evidence.source);
    }
    if component.copyright.is_none() {
        component.copyright.clone_from(&evidence.copyright);
    }
    if component.homepage.is_none() {
        component.homepage.clone_from(&evidence.homepage);
    }
}
