//! An SBOM as a target: what it describes is looked at instead of the file.
//!
//! Only a file that is named itself is taken for one. Documents that lie in a folder are files
//! like others.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_check::Checked;
use linchpin_model::{Inventory, Requirement, VexDocument};
use linchpin_sbom::document::VexScope;
use linchpin_sbom::formats;
use linchpin_source::SourceOptions;

use super::inventory::{Beside, read_source};
use super::sbom::input;
use crate::exit_codes::{ExitCode, Failure};

/// What a target is made of.
pub(super) struct Described {
    pub(super) inventory: Inventory,
    /// What a document says of exploitability.
    pub(super) vex: Option<VexDocument>,
    /// What rules say of its files; nothing where it has none, or nobody asked.
    pub(super) checked: Checked,
    /// What its packages ask of each other; nothing where nobody asked.
    pub(super) requirements: Vec<Requirement>,
}

/// What a document describes. Nothing if the target is no document: then it is something else, or
/// nothing. The standard input is read here in any case, because it can only be read once.
pub(super) fn read(
    target: &str,
    options: &SourceOptions,
    beside: Beside<'_>,
) -> Result<Option<Described>> {
    if target == "-" {
        return read_stream(&mut std::io::stdin().lock(), options, beside).map(Some);
    }
    let path = Path::new(target);
    if !looks_like_document(path) {
        return Ok(None);
    }
    let bytes = input::bytes(path, ExitCode::Target)?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    described(&bytes, target, &name.unwrap_or_default()).map(Some)
}

/// What a document or an archive that comes out of a stream describes.
pub(super) fn read_stream(
    stream: &mut dyn Read,
    options: &SourceOptions,
    beside: Beside<'_>,
) -> Result<Described> {
    let failure = || Failure::new(ExitCode::Target, "read `-`");
    let mut head = Vec::new();
    stream
        .take(formats::HEAD as u64)
        .read_to_end(&mut head)
        .with_context(failure)?;
    if formats::detect(&head).is_none() {
        let mut stream = head.as_slice().chain(stream);
        let source =
            linchpin_source::open_stream(&mut stream, options.clone()).with_context(failure)?;
        return read_source(source.as_ref(), beside).with_context(failure);
    }
    let bytes = input::all_of(&mut head.as_slice().chain(stream), failure)?;
    described(&bytes, "-", "stdin")
}

fn described(bytes: &[u8], target: &str, place: &str) -> Result<Described> {
    let (_, document) = formats::read(bytes)
        .with_context(|| Failure::new(ExitCode::Target, format!("read the document `{target}`")))?;
    let vex = document.to_vex(target, VexScope::Target);
    let says_something = !vex.statements.is_empty() || !vex.problems.is_empty();
    Ok(Described {
        inventory: document.to_inventory(place),
        vex: says_something.then_some(vex),
        checked: Checked::default(),
        requirements: Vec::new(),
    })
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
