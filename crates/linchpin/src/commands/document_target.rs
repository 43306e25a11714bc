//! An SBOM as a target: what it describes is looked at instead of the file.
//!
//! Only a file that is named itself is taken for one. Documents that lie in a folder are files
//! like others.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_model::Inventory;
use linchpin_sbom::formats;

use super::sbom::input;
use crate::exit_codes::{ExitCode, Failure};

/// The inventory that a document describes. Nothing if the target is no document: then it is
/// something else, or nothing.
pub(super) fn read(target: &str) -> Result<Option<Inventory>> {
    let path = Path::new(target);
    if target != "-" && !looks_like_document(path) {
        return Ok(None);
    }
    let bytes = input::bytes(path, ExitCode::Target)?;
    let (_, document) = formats::read(&bytes)
        .with_context(|| Failure::new(ExitCode::Target, format!("read the document `{target}`")))?;
    let place = match path.file_name() {
        Some(name) if target != "-" => name.to_string_lossy().into_owned(),
        _ => "stdin".to_owned(),
    };
    Ok(Some(document.to_inventory(&place)))
}

/// Whether the beginning of a file is that of a document.
fn looks_like_document(path: &Path) -> bool {
    let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
    let Some(file) = is_file.then(|| File::open(path).ok()).flatten() else {
        return false;
    };
    let mut head = Vec::new();
    let read = file.take(formats::HEAD as u64).read_to_end(&mut head);
    read.is_ok() && formats::detect(&head).is_some()
}
