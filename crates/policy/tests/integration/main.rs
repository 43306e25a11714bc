//! Tests of policies: what they decide, what is refused when they are read, and that nothing counts
//! that was not verified.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod cases;
mod evidence;
mod refused;

use linchpin_model::{VexDocument, VexIdentifier, VexProduct, VexStatement, VexStatus};
use linchpin_policy::{Completeness, PackageFacts, Readers, SbomFacts, Wanted};
use serde_json::Value;

/// Readers for tests: the rooms that read real documents are not known here.
pub(crate) const READERS: Readers<'static> = Readers {
    sbom: &sbom,
    vex: &vex,
};

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let list = value.get(name).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// Components with a name, a version and a licence, and a time.
fn sbom(bytes: &[u8], wanted: Wanted) -> Result<SbomFacts, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let components = value.get("components").and_then(Value::as_array);
    let components = components.ok_or("it has no components")?;
    let packages = components.iter().map(|component| PackageFacts {
        name: text(component, "name"),
        version: text(component, "version"),
        license: text(component, "license"),
        licenses: vec![text(component, "license")],
        ..PackageFacts::default()
    });
    Ok(SbomFacts {
        packages: packages.collect(),
        made: text(&value, "time").parse().ok(),
        completeness: wanted.completeness.then_some(Completeness {
            ntia: 100,
            cisa: 50,
            bsi: 25,
        }),
    })
}

/// Statements in the form of OpenVEX, without its details.
fn vex(bytes: &[u8]) -> Result<VexDocument, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let identifier = |id: String| match id.parse() {
        Ok(purl) => VexIdentifier::Purl(purl),
        Err(_) => VexIdentifier::Name(id),
    };
    let statements = list(&value, "statements").iter().map(|statement| {
        let products = list(statement, "products")
            .iter()
            .map(|product| VexProduct {
                identifiers: vec![identifier(text(product, "@id"))],
                parts: list(product, "subcomponents")
                    .iter()
                    .map(|part| vec![identifier(text(part, "@id"))])
                    .collect(),
            });
        VexStatement {
            vulnerability: vec![text(statement, "vulnerability")],
            products: products.collect(),
            status: VexStatus::from_label(&text(statement, "status")).unwrap(),
            justification: text(statement, "justification").parse().ok(),
            detail: None,
            timestamp: text(statement, "timestamp").parse().ok(),
        }
    });
    Ok(VexDocument {
        statements: statements.collect(),
        ..VexDocument::default()
    })
}
