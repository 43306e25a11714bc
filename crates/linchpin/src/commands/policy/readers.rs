//! Reads, for policies, the documents that other rooms know: SBOMs and statements about
//! exploitability.

use linchpin_advisory::read_vex;
use linchpin_policy::{Completeness, PackageFacts, Readers, SbomFacts, Wanted};
use linchpin_sbom::score::score;
use linchpin_sbom::{ComponentRow, component_rows, formats};

/// The readers.
pub(in crate::commands) const READERS: Readers<'static> = Readers {
    sbom: &read_sbom,
    vex: &|bytes| read_vex(bytes, "the statement").map_err(|error| error.to_string()),
};

fn read_sbom(bytes: &[u8], wanted: Wanted) -> Result<SbomFacts, String> {
    let (_, document) = formats::read(bytes).map_err(|error| error.to_string())?;
    let completeness = wanted.completeness.then(|| {
        let score = score(&document);
        let percent = |standard: &str| {
            // Rounded down: what is nearly there is not there.
            #[expect(clippy::cast_sign_loss, reason = "points are between 0 and 100")]
            let points = score.by(standard).unwrap_or_default().clamp(0.0, 100.0) as u8;
            points
        };
        Completeness {
            ntia: percent("ntia-2021"),
            cisa: percent("cisa-2025"),
            bsi: percent("bsi-tr-03183-2"),
        }
    });
    Ok(SbomFacts {
        packages: component_rows(&document).into_iter().map(package).collect(),
        made: document
            .metadata
            .timestamp
            .as_deref()
            .and_then(|made| made.parse().ok()),
        completeness,
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
