//! Reads, for policies, the documents that other rooms know: SBOMs and statements about
//! exploitability.

use linchpin_advisory::read_vex;
use linchpin_policy::{Completeness, PackageFacts, Readers, SbomFacts, Wanted};
use linchpin_sbom::score::score;
use linchpin_sbom::{ComponentRow, formats, list_components};

/// The readers.
pub(in crate::commands) const READERS: Readers<'static> = Readers {
    sbom: &read_sbom,
    vex: &|bytes| read_vex(bytes, "the statement").map_err(|error| error.to_string()),
};

fn read_sbom(bytes: &[u8], wanted: Wanted) -> Result<SbomFacts, String> {
    let listing = list_components(bytes).map_err(|error| error.to_string())?;
    let completeness = || -> Result<Completeness, String> {
        let (_, document) = formats::read(bytes).map_err(|error| error.to_string())?;
        let score = score(&document);
        let percent = |standard: &str| {
            // Rounded down: what is nearly there is not there.
            #[expect(clippy::cast_sign_loss, reason = "points are between 0 and 100")]
            let points = score.by(standard).unwrap_or_default().clamp(0.0, 100.0) as u8;
            points
        };
        Ok(Completeness {
            ntia: percent("ntia-2021"),
            cisa: percent("cisa-2025"),
            bsi: percent("bsi-tr-03183-2"),
        })
    };
    Ok(SbomFacts {
        completeness: wanted.completeness.then(completeness).transpose()?,
        packages: listing.rows.into_iter().map(package).collect(),
        made: listing.timestamp.and_then(|made| made.parse().ok()),
    })
}

fn package(row: ComponentRow) -> PackageFacts {
    PackageFacts {
        name: row.name,
        version: row.version,
        kind: row.kind,
        purl: row.purl,
        license: row.licenses,
        licenses: row.license_ids,
        supplier: row.supplier,
        scope: row.scope,
    }
}
