//! The services as a CycloneDX document: the target, and what it calls.

use std::io;

use linchpin_check::services::Use;
use linchpin_model::{InventoryBuilder, Timestamp};
use linchpin_sbom::document::{Document, Property, Service};
use linchpin_sbom::{Contents, FormatChoice, SbomOptions};

use super::{Found, grouped, place};
use crate::commands::VERSION;

/// Most places that a document names of one thing.
const MOST_PLACES: usize = 20;

pub(super) fn write(
    found: &Found,
    choice: FormatChoice,
    timestamp: Option<Timestamp>,
) -> io::Result<Vec<u8>> {
    let options = SbomOptions {
        tool_version: VERSION,
        timestamp,
    };
    // The target alone: what it is made of is the affair of `sbom`.
    let inventory = InventoryBuilder::default().finish(found.inventory.subject.clone());
    let contents = Contents {
        inventory: &inventory,
        findings: None,
        suppressed: &[],
    };
    let mut document = Document::from_inventory(&contents, &options);
    document.add_services(&services(found));
    let mut content = Vec::new();
    choice.write_document(&document, &options, &mut content)?;
    Ok(content)
}

fn services(found: &Found) -> Vec<Service> {
    let known = found.used.services.iter().map(|(service, used)| {
        let mut properties = vec![Property::new(
            "linchpin:service:category",
            &service.category,
        )];
        properties.extend(evidence(used));
        Service {
            reference: format!("service:{}", service.id),
            name: service.name.clone(),
            provider: Some(service.vendor.clone()),
            endpoints: used.endpoints.iter().cloned().collect(),
            // Without a credential that is seen, nobody knows.
            authenticated: (!used.credentials().is_empty()).then_some(true),
            data: service.data.clone(),
            properties,
        }
    });
    let unknown = found.used.endpoints.iter().map(|(host, used)| Service {
        reference: format!("endpoint:{host}"),
        name: host.clone(),
        endpoints: used.endpoints.iter().cloned().collect(),
        data: vec!["unknown".to_owned()],
        properties: evidence(used),
        ..Service::default()
    });
    known.chain(unknown).collect()
}

/// What shows that it is used, and where.
fn evidence(used: &Use) -> Vec<Property> {
    let mut properties = Vec::new();
    for group in grouped(used) {
        for evidence in group.iter().take(MOST_PLACES) {
            let name = format!("linchpin:service:{}", evidence.kind.label());
            let value = format!("{} in {}", evidence.what, place(evidence));
            properties.push(Property::new(name, value));
        }
    }
    properties
}
