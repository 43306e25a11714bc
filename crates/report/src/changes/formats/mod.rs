//! One file per format of a comparison. A new one is a new file and its name in the list below.

use std::io;

use super::Changes;
use crate::{WriteOptions, format};

/// A form in which a comparison can be written.
pub type Format =
    format::Format<fn(&Changes<'_>, &WriteOptions, &mut dyn io::Write) -> io::Result<()>>;

format::formats! { in "src/changes/formats": json, markdown, table; beside words }
