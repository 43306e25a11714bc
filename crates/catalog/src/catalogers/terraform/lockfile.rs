//! `.terraform.lock.hcl`: the providers that were taken, with digests of their archives.

use linchpin_model::{Digest, DigestAlgorithm, OccurrenceKind, Scope};

use super::blocks;
use super::source::provider_url;
use crate::references::{Reference, References};

pub(super) fn read(text: &str) -> References {
    let mut references = References::default();
    let (found, balanced) = blocks::read(text);
    if !balanced {
        references.problem("its braces do not close; what could be read was taken".to_owned());
    }
    for block in found.iter().filter(|block| block.name == "provider") {
        let Some(address) = block.labels.first() else {
            continue;
        };
        let Some(version) = block.text("version") else {
            references.problem(format!(
                "provider `{}` has no version",
                address.chars().take(200).collect::<String>()
            ));
            continue;
        };
        let Some(purl) = provider_url(address, Some(version)) else {
            references.problem(format!(
                "`{}` is no address of a provider",
                address.chars().take(200).collect::<String>()
            ));
            continue;
        };
        // Hashes of the form `h1:` are over the unpacked files, which no other format knows.
        let hashes = block.list("hashes").iter().filter_map(|hash| {
            Digest::from_hex(DigestAlgorithm::Sha256, hash.strip_prefix("zh:")?).ok()
        });
        references.add_reference(Reference {
            purl,
            kind: OccurrenceKind::Locked,
            scope: Scope::Runtime,
            hashes: hashes.collect(),
            download: None,
        });
    }
    references
}
