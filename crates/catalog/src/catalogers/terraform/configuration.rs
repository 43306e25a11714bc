//! Configurations: the providers that they require and the modules that they call, and the list of
//! modules that were fetched for them.
//!
//! Providers have the scope of run time here and modules that of building; assembly tells them
//! apart by it and gives both the scope of run time.

use linchpin_model::{OccurrenceKind, Scope};

use super::blocks::{self, Block, Value};
use super::source::{exact_version, module_url, provider_url};
use crate::documents::json::{Loose, read_loose};
use crate::git_source::GitSource;
use crate::references::References;

/// The scope that marks modules until assembly.
const MODULE: Scope = Scope::Build;

pub(super) fn read(text: &str) -> References {
    let mut references = References::default();
    let (found, balanced) = blocks::read(text);
    if !balanced {
        references.problem("its braces do not close; what could be read was taken".to_owned());
    }
    for block in &found {
        match block.name.as_str() {
            "terraform" => {
                let required = block.blocks.iter();
                required
                    .filter(|block| block.name == "required_providers")
                    .for_each(|block| read_providers(block, &mut references));
            }
            "module" => {
                if let Some(source) = block.text("source") {
                    add_module(
                        source,
                        block.text("version"),
                        OccurrenceKind::Declared,
                        &mut references,
                    );
                }
            }
            _ => {}
        }
    }
    references
}

fn read_providers(required: &Block, references: &mut References) {
    for (name, value) in &required.attributes {
        let member = |wanted: &str| match value {
            Value::Object(members) => members
                .iter()
                .find(|(key, _)| key == wanted)
                .map(|(_, value)| value.as_str()),
            _ => None,
        };
        let version = match value {
            // Before version 0.13 only a constraint was written.
            Value::Text(constraint) => Some(constraint.as_str()),
            _ => member("version"),
        };
        let purl = provider_url(
            member("source").unwrap_or(name),
            version.and_then(exact_version),
        );
        if let Some(purl) = purl {
            references.add(purl, OccurrenceKind::Declared, Scope::Runtime);
        }
    }
}

fn add_module(
    source: &str,
    version: Option<&str>,
    kind: OccurrenceKind,
    references: &mut References,
) {
    if source.is_empty() || source.starts_with('.') || source.starts_with('/') {
        return;
    }
    if let Some(purl) = module_url(source, version.and_then(exact_version)) {
        references.add(purl, kind, MODULE);
        return;
    }
    if let Some(mut reference) =
        GitSource::parse(source).and_then(|source| source.reference(MODULE))
    {
        reference.kind = reference.kind.min(kind);
        references.add_reference(reference);
        return;
    }
    references.problem(format!(
        "module source `{}` is of a kind that is not understood",
        without_credentials(source)
    ));
}

/// What can be shown of an address.
fn without_credentials(source: &str) -> String {
    let shown = match (source.split_once("://"), source.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://{rest}"),
        _ => source.to_owned(),
    };
    let shown = shown.split('?').next().unwrap_or_default();
    shown.chars().take(200).collect()
}

/// `.terraform/modules/modules.json`: the modules that were fetched, in exact versions.
pub(super) fn fetched_modules(content: &[u8]) -> References {
    let mut references = References::default();
    let text = String::from_utf8_lossy(content);
    let document = match read_loose(&text) {
        Ok(document) => document,
        Err(problem) => {
            references.problem(problem);
            return references;
        }
    };
    let modules = document
        .get("Modules")
        .map(Loose::items)
        .unwrap_or_default();
    for module in modules {
        let text = |name: &str| module.get(name).and_then(Loose::text);
        if let Some(source) = text("Source") {
            add_module(
                source,
                text("Version"),
                OccurrenceKind::Installed,
                &mut references,
            );
        }
    }
    references
}
