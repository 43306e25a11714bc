//! One file (or folder) per format. A new one is a new file and its name in the list below.

use std::io;

use crate::{Report, WriteOptions, format};

/// A form in which a report can be written.
pub type Format =
    format::Format<fn(&Report<'_>, &WriteOptions, &mut dyn io::Write) -> io::Result<()>>;

format::formats! { in "src/formats": csv, html, in_toto_test_result, in_toto_vulns, json, junit, markdown, openvex, sarif, table; beside }
