//! Two SBOM documents of any format, parted as files in memory are: compared, merged, one enriched
//! by the other, scored.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::memory_source::split;
use linchpin_sbom::compare::compare;
use linchpin_sbom::enrich::enrich;
use linchpin_sbom::merge::{MergeMode, MergeOptions, merge};
use linchpin_sbom::score::score;
use linchpin_sbom::{Document, formats};

fuzz_target!(|bytes: &[u8]| {
    let documents: Vec<(String, Document)> = split(bytes)
        .take(3)
        .enumerate()
        .filter_map(|(place, bytes)| Some((format!("{place}.json"), formats::read(bytes).ok()?.1)))
        .collect();
    let (Some((_, first)), Some((_, last))) = (documents.first(), documents.last()) else {
        return;
    };
    let _ = score(first);
    assert!(compare(first, first).is_empty());
    let _ = compare(first, last);
    let _ = enrich(&mut first.clone(), last);
    for mode in [MergeMode::Flat, MergeMode::Hierarchical] {
        let options = MergeOptions {
            mode,
            name: "whole",
            version: None,
        };
        let (merged, _) = merge(documents.clone(), &options);
        let _ = merged.to_inventory("whole");
    }
});
