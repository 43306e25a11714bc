//! SafeTensors: a length, a header in JSON, and the weights:
//! <https://huggingface.co/docs/safetensors/index#format>. Authors may put what they like into the
//! header's `__metadata__`; the names of ModelSpec are understood:
//! <https://github.com/Stability-AI/ModelSpec>.

use linchpin_model::LicenseExpression;

use super::{Model, address, line};
use crate::documents::json::{Loose, read_loose};

/// Largest header that the format allows.
const MOST_HEADER: u64 = 100_000_000;

pub(super) fn read(head: &[u8], size: u64) -> Result<Model, String> {
    let no_model = || "it is no SafeTensors file".to_owned();
    let (length, rest) = head.split_first_chunk::<8>().ok_or_else(no_model)?;
    let length = u64::from_le_bytes(*length);
    if length > MOST_HEADER || length.saturating_add(8) > size || !rest.starts_with(b"{") {
        return Err(no_model());
    }
    let header = usize::try_from(length)
        .ok()
        .and_then(|length| rest.get(..length));
    let mut model = Model {
        description: Some("SafeTensors model".to_owned()),
        ..Model::default()
    };
    if let Some(header) = header {
        let text = String::from_utf8_lossy(header);
        let header = read_loose(text.trim_end())?;
        if let Some(metadata) = header.get("__metadata__") {
            describe(metadata, &mut model);
        }
    } else if let Some(metadata) = metadata_in(rest) {
        // The header goes on beyond what was read; its first member is the one that matters.
        if let Ok(metadata) = read_loose(&metadata) {
            describe(&metadata, &mut model);
        }
    }
    Ok(model)
}

fn describe(metadata: &Loose<'_>, model: &mut Model) {
    let text = |name: &str| metadata.get(name).and_then(Loose::text);
    model.name = text("modelspec.title")
        .or_else(|| text("ss_output_name"))
        .and_then(line);
    model.author = text("modelspec.author").and_then(line);
    model.license = text("modelspec.license").and_then(|text| LicenseExpression::parse(text).ok());
    model.download = text("modelspec.implementation").and_then(address);
    if let Some(architecture) = text("modelspec.architecture").and_then(line) {
        model.description = Some(format!("SafeTensors model {architecture}"));
    }
}

/// The object after the name `__metadata__`.
fn metadata_in(header: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(header);
    let (_, rest) = text.split_once("\"__metadata__\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    if !rest.starts_with('{') {
        return None;
    }
    let mut in_text = false;
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            // Its values are texts alone, so the first brace ends it.
            b'}' if !in_text => return rest.get(..=at).map(str::to_owned),
            _ => {}
        }
    }
    None
}
