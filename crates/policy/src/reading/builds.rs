//! The builds whose provenance a policy takes.

use linchpin_document::NodeValue;

use super::Wrong;
use super::fields::{Fields, texts};
use crate::policy::{SignerName, TrustedBuild, TrustedSigner};

const FIELDS: &[&str] = &[
    "builder",
    "signers",
    "level",
    "build-types",
    "sources",
    "refs",
    "parameters",
];

/// The highest level of SLSA's build track. <https://slsa.dev/spec/v1.1/levels>
const HIGHEST_LEVEL: u8 = 3;

pub(super) fn read(fields: &Fields<'_>, signers: &[TrustedSigner]) -> Result<TrustedBuild, Wrong> {
    fields.only(FIELDS)?;
    let node = fields.needed("level")?;
    let level = match node.value {
        NodeValue::Integer(level) => u8::try_from(level).ok(),
        _ => None,
    };
    let level = level
        .filter(|level| (1..=HIGHEST_LEVEL).contains(level))
        .ok_or_else(|| (node.start, "the level of a build is 1, 2 or 3".to_owned()))?;
    let speakers = fields
        .get("signers")
        .map(|node| {
            let names = texts("signers", node)?;
            for name in &names {
                if signers.iter().all(|signer| signer.name.0 != *name) {
                    return Err((node.start, format!("there is no signer `{name}`")));
                }
            }
            Ok(names.into_iter().map(SignerName).collect())
        })
        .transpose()?;
    let parameters = match fields.inner("parameters", "`parameters`") {
        None => Vec::new(),
        Some(parameters) => parameters
            .entries()?
            .into_iter()
            .map(|(name, node)| Ok((name.to_owned(), texts(name, node)?)))
            .collect::<Result<Vec<_>, Wrong>>()?,
    };
    Ok(TrustedBuild {
        builder: fields.text("builder")?.to_owned(),
        signers: speakers,
        level,
        build_types: fields.texts("build-types")?,
        sources: fields.texts("sources")?,
        refs: fields.texts("refs")?,
        parameters,
    })
}
