//! Documents that a command is given, from a file or the standard input.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use linchpin_sbom::{Document, Format, formats};

use crate::exit_codes::{ExitCode, Failure};

/// The largest document that is read, in bytes.
const MOST_BYTES: u64 = 2 << 30;

/// The bytes of a file, or of the standard input for `-`.
pub(in crate::commands) fn bytes(file: &Path, code: ExitCode) -> Result<Vec<u8>> {
    let failure = || Failure::new(code, format!("read `{}`", file.display()));
    if file.as_os_str() == "-" {
        return all_of(&mut std::io::stdin().lock(), failure);
    }
    let mut file = std::fs::File::open(file).with_context(failure)?;
    all_of(&mut file, failure)
}

/// All bytes, if they are not too many.
pub(in crate::commands) fn all_of(
    from: &mut dyn Read,
    failure: impl Fn() -> Failure,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(&failure)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(anyhow!("it is larger than {MOST_BYTES} bytes").context(failure()));
    }
    Ok(bytes)
}

/// A document, and the format that it was in.
pub(super) fn document(file: &Path) -> Result<(&'static Format, Document)> {
    let bytes = bytes(file, ExitCode::Target)?;
    formats::read(&bytes).with_context(|| {
        Failure::new(
            ExitCode::Target,
            format!("read the document `{}`", file.display()),
        )
    })
}
