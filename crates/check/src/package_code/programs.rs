//! Programs that a package brings along: what they do, no review of its code shows.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};
use linchpin_model::{LayerIndex, TargetPath};
use linchpin_source::Pattern;

use crate::kind::DocumentFile;

/// How much of a file tells what it is.
const HEAD: u32 = 16;

/// Programs by their first bytes, or where their mode does not tell, by their names.
pub(super) static PROGRAMS: &[Pattern] = &[
    Pattern::ExecutableHead(HEAD),
    Pattern::Head(&Pattern::Suffix(".exe"), HEAD),
    Pattern::Head(&Pattern::Suffix(".dll"), HEAD),
    Pattern::Head(&Pattern::Suffix(".so"), HEAD),
    Pattern::Head(&Pattern::Suffix(".dylib"), HEAD),
    Pattern::Head(&Pattern::Suffix(".node"), HEAD),
    Pattern::Head(&Pattern::Suffix(".elf"), HEAD),
    Pattern::Head(&Pattern::Suffix(".bin"), HEAD),
];

/// Endings of these.
const ENDINGS: &[&str] = &["exe", "dll", "so", "dylib", "node", "elf", "bin"];

/// A program.
#[derive(Debug)]
pub(crate) struct Program {
    path: TargetPath,
    layer: Option<LayerIndex>,
    format: &'static str,
}

impl Program {
    /// Reads the first bytes of a file.
    pub(crate) fn read(path: &TargetPath, layer: Option<LayerIndex>, head: &[u8]) -> Option<Self> {
        let format = match head {
            [0x7f, b'E', b'L', b'F', ..] => "elf",
            [b'M', b'Z', ..] => "pe",
            [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0..=20, ..] => {
                "mach-o"
            }
            _ => return None,
        };
        Some(Self {
            path: path.clone(),
            layer,
            format,
        })
    }

    /// The document that rules look at. `is_pure` says that the package has declared to hold nothing
    /// of the kind.
    pub(crate) fn into_document(self, is_pure: bool) -> DocumentFile {
        let at = Position::START;
        let node = Node::map(
            at,
            vec![
                Member::added("program", Node::text(at, self.path.name())),
                Member::added("format", Node::text(at, self.format)),
                Member::added("pure", Node::at(at, NodeValue::Boolean(is_pure))),
            ],
        );
        DocumentFile::new(self.path, self.layer, Arc::from(""), vec![node])
    }
}

/// Whether a file is named like a program, or says what a wheel holds.
pub(crate) fn is_named_so(path: &TargetPath) -> bool {
    is_wheel_file(path)
        || path
            .ending()
            .is_some_and(|ending| ENDINGS.contains(&ending))
}

/// <https://packaging.python.org/en/latest/specifications/binary-distribution-format/>
pub(crate) fn is_wheel_file(path: &TargetPath) -> bool {
    path.name() == "WHEEL" && path.parent_str().ends_with(".dist-info")
}

/// Whether a wheel says that it holds code of Python only, for any machine.
pub(crate) fn says_pure(text: &str) -> bool {
    let mut lines = text.lines();
    let is_pure = lines.any(|line| line.trim() == "Root-Is-Purelib: true");
    let mut tags = text.lines().filter(|line| line.starts_with("Tag:"));
    is_pure && tags.all(|tag| tag.trim_end().ends_with("-any"))
}
