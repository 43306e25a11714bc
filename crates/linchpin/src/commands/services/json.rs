//! The services for programs. The shape is frozen by its version: a field may be added, none may
//! change its meaning without a new version.

use anyhow::Result;
use linchpin_check::services::{Evidence, Use};
use serde::Serialize;

use super::Found;
use crate::commands::VERSION;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u64,
    tool: Tool,
    target: &'a str,
    services: Vec<Service<'a>>,
    endpoints: Vec<Endpoint<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Service<'a> {
    id: &'a str,
    name: &'a str,
    vendor: &'a str,
    category: &'a str,
    data: &'a [String],
    /// Whether only packages show it that the project itself does not ask for.
    indirect: bool,
    credentials: Vec<&'a str>,
    endpoints: Vec<&'a str>,
    evidence: Vec<Sign<'a>>,
}

#[derive(Serialize)]
struct Endpoint<'a> {
    host: &'a str,
    endpoints: Vec<&'a str>,
    evidence: Vec<Sign<'a>>,
}

#[derive(Serialize)]
struct Sign<'a> {
    kind: &'static str,
    what: &'a str,
    path: &'a str,
    line: Option<u32>,
    layer: Option<u16>,
}

pub(super) fn write(found: &Found) -> Result<Vec<u8>> {
    let document = Document {
        format: "linchpin-services",
        version: 1,
        tool: Tool {
            name: "linchpin",
            version: VERSION,
        },
        target: &found.inventory.subject.name,
        services: found
            .used
            .services
            .iter()
            .map(|(service, used)| Service {
                id: &service.id,
                name: &service.name,
                vendor: &service.vendor,
                category: &service.category,
                data: &service.data,
                indirect: used.is_indirect,
                credentials: used.credentials().into_iter().collect(),
                endpoints: used.endpoints.iter().map(String::as_str).collect(),
                evidence: signs(used),
            })
            .collect(),
        endpoints: found
            .used
            .endpoints
            .iter()
            .map(|(host, used)| Endpoint {
                host,
                endpoints: used.endpoints.iter().map(String::as_str).collect(),
                evidence: signs(used),
            })
            .collect(),
    };
    let mut content = serde_json::to_vec_pretty(&document)?;
    content.push(b'\n');
    Ok(content)
}

fn signs(used: &Use) -> Vec<Sign<'_>> {
    let sign = |evidence: &'_ Evidence| -> (&'static str, Option<u32>, Option<u16>) {
        (
            evidence.kind.label(),
            evidence.line,
            evidence.layer.map(|layer| layer.0),
        )
    };
    used.evidence
        .iter()
        .map(|evidence| {
            let (kind, line, layer) = sign(evidence);
            Sign {
                kind,
                what: &evidence.what,
                path: evidence.path.as_str(),
                line,
                layer,
            }
        })
        .collect()
}
