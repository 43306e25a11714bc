//! One file (or folder) per format. A new one is a new file and its name in the list below.

use std::io::{self, Write};

use crate::document::{Document, Losses};
use crate::{Contents, SbomOptions};

/// A form in which a document or an inventory can be written, or read.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The word for it on the command line.
    pub id: &'static str,
    /// What it is good for, in one sentence.
    pub documentation: &'static str,
    /// Whether it has room for findings, so that a scan can be written in it.
    pub holds_findings: bool,
    /// The versions that can be written, oldest first; empty where there is only one.
    pub versions: &'static [&'static str],
    /// The version that is written unless another is asked for.
    pub default_version: &'static str,
    /// How it is written, if it is.
    pub writer: Option<Writer>,
    /// How it is read, if it is.
    pub reader: Option<Reader>,
}

/// How a format is written.
#[derive(Debug, Clone, Copy)]
pub enum Writer {
    /// From an inventory: our own format, which says what no document can.
    Inventory(fn(&Contents<'_>, &SbomOptions<'_>, &mut dyn Write) -> io::Result<()>),
    /// From a document. Gives what it could not say.
    Document(fn(&Document, &WriteOptions<'_>, &mut dyn Write) -> io::Result<Losses>),
}

/// What a document looks like when it is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions<'a> {
    /// The version of the format; empty for the default.
    pub version: &'a str,
    /// The number of columns of the terminal, for formats that people read there.
    pub width: usize,
}

/// How a format is read.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Whether these bytes look like this format. Looks at the beginning only.
    pub detect: fn(&[u8]) -> bool,
    /// Reads a document. What is unknown or of the wrong type is passed over.
    pub read: fn(&[u8]) -> Result<Document, ReadError>,
}

/// Why bytes are no document.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// They are no JSON.
    #[error("it is no JSON")]
    Json(#[from] serde_json::Error),
    /// They are no text of the format.
    #[error("{0}")]
    Syntax(String),
    /// They name the same long texts so often that the document would be many times as large.
    #[error("it names the same long texts too often")]
    Repetitive,
    /// They are none of the formats that are read.
    #[error("it is no SBOM of a format that is known")]
    Unknown,
}

macro_rules! formats {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*

        /// All of them, in the order of their names.
        pub static ALL: &[Format] = &[$($name::FORMAT),*];

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

formats! {
    csv,
    cyclonedx_json,
    cyclonedx_xml,
    github,
    linchpin_json,
    purls,
    spdx3_json,
    spdx_json,
    spdx_tag_value,
    syft_json,
    table,
    xlsx,
}

/// A format and a version of it, as `cyclonedx-json@1.5` names them.
#[derive(Debug, Clone, Copy)]
pub struct FormatChoice {
    /// The format.
    pub format: &'static Format,
    /// The version.
    pub version: &'static str,
    /// The number of columns of the terminal, for formats that people read there.
    pub width: usize,
}

/// The width where nobody says another.
const WIDTH: usize = 120;

/// The format with this word.
pub fn find(id: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.id == id)
}

/// The format that can be written with this word, which may name a version: `cyclonedx-json@1.5`.
pub fn choose(word: &str) -> Option<FormatChoice> {
    let (id, version) = match word.split_once('@') {
        Some((id, version)) => (id, Some(version)),
        None => (word, None),
    };
    let format = find(id).filter(|format| format.writer.is_some())?;
    let version = match version {
        Some(version) => format.versions.iter().find(|known| **known == version)?,
        None => format.default_version,
    };
    Some(FormatChoice {
        format,
        version,
        width: WIDTH,
    })
}

/// The words of the formats that can be written.
pub fn writable() -> Vec<&'static str> {
    ALL.iter()
        .filter(|format| format.writer.is_some())
        .map(|format| format.id)
        .collect()
}

/// The format that these bytes look like.
pub fn detect(bytes: &[u8]) -> Option<&'static Format> {
    ALL.iter()
        .find(|format| format.reader.is_some_and(|reader| (reader.detect)(bytes)))
}

/// The number of bytes at the beginning of a file in which a format must show itself.
pub const HEAD: usize = 1 << 16;

/// The number of bytes at the end that are looked at too: some programs write the fields that tell
/// a format after everything else.
const TAIL: usize = 1 << 12;

/// Whether this is the beginning of a JSON object with one of these fields. Programs do not agree
/// on the order of fields, so the name is looked for in the whole beginning.
fn looks_like_json(head: &[u8], names: &[&str]) -> bool {
    let text = crate::node::without_mark(head);
    let Some(start) = text.iter().position(|byte| !byte.is_ascii_whitespace()) else {
        return false;
    };
    if text.get(start) != Some(&b'{') {
        return false;
    }
    let tail = head
        .get(head.len().saturating_sub(TAIL)..)
        .unwrap_or_default();
    let head = head.get(..head.len().min(HEAD)).unwrap_or_default();
    names.iter().any(|name| {
        let quoted = format!("\"{name}\"");
        let parts = [head, tail];
        parts
            .iter()
            .any(|part| memchr::memmem::find(part, quoted.as_bytes()).is_some())
    })
}

/// Reads a document of whatever format.
pub fn read(bytes: &[u8]) -> Result<(&'static Format, Document), ReadError> {
    let format = detect(bytes).ok_or(ReadError::Unknown)?;
    let reader = format.reader.ok_or(ReadError::Unknown)?;
    Ok((format, (reader.read)(bytes)?))
}

impl FormatChoice {
    /// The same for a terminal of this width.
    pub fn fitted(self, width: usize) -> Self {
        Self { width, ..self }
    }

    /// Whether what is written is no text that a terminal could show.
    pub fn is_binary(&self) -> bool {
        self.format.id == xlsx::FORMAT.id
    }

    /// Writes an inventory. It ends with a line feed.
    pub fn write(
        &self,
        contents: &Contents<'_>,
        options: &SbomOptions<'_>,
        out: &mut dyn Write,
    ) -> io::Result<Losses> {
        match self.format.writer {
            Some(Writer::Inventory(write)) => {
                write(contents, options, out).map(|()| Losses::default())
            }
            Some(Writer::Document(_)) | None => {
                self.write_document(&Document::from_inventory(contents, options), options, out)
            }
        }
    }

    /// Writes a document. It ends with a line feed. Gives what could not be said.
    pub fn write_document(
        &self,
        document: &Document,
        options: &SbomOptions<'_>,
        out: &mut dyn Write,
    ) -> io::Result<Losses> {
        match self.format.writer {
            Some(Writer::Document(write)) => write(
                document,
                &WriteOptions {
                    version: self.version,
                    width: self.width,
                },
                out,
            ),
            Some(Writer::Inventory(write)) => {
                let inventory = document.to_inventory("");
                let contents = Contents {
                    inventory: &inventory,
                    findings: None,
                    suppressed: &[],
                };
                write(&contents, options, out)?;
                let mut losses = Losses::default();
                for vulnerability in document.vulnerabilities.iter().flatten() {
                    losses.add("vulnerability", &vulnerability.id);
                }
                for component in document
                    .all_components()
                    .filter(|found| found.purl.is_none())
                {
                    losses.add("component without a package URL", component.full_name());
                }
                Ok(losses)
            }
            None => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!("`{}` can not be written", self.format.id),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_registered_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/formats");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let name = entry.unwrap().file_name();
                name.to_string_lossy().trim_end_matches(".rs").to_owned()
            })
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert_eq!(files, NAMES);
    }

    #[test]
    fn ids_are_unique_and_documented() {
        for format in ALL {
            assert!(format.documentation.len() > 20, "{}", format.id);
            let same = ALL.iter().filter(|other| other.id == format.id).count();
            assert_eq!(same, 1, "{}", format.id);
            assert!(find(format.id).is_some());
            assert!(format.writer.is_some() || format.reader.is_some());
            if !format.versions.is_empty() {
                assert!(format.versions.contains(&format.default_version));
            }
        }
    }
}
