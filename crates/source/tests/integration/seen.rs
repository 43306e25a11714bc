//! A reader that writes down what it is shown.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Mutex;

use linchpin_model::{LayerIndex, TargetPath};
use linchpin_source::{
    Entry, PROGRAM_HEAD, Pattern, ReaderIndex, Source, SourceError, SourceOptions, Visited,
    Visitor, Wants, open,
};

/// What a reader saw.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Path and layer of each file, with its content, files that turned out hidden left out.
    pub(crate) files: BTreeMap<(String, Option<u16>), String>,
    pub(crate) visited: Visited,
}

#[derive(Default)]
struct Writer(Mutex<Vec<(TargetPath, Option<LayerIndex>, String)>>);

impl Visitor for Writer {
    fn visit(&self, entry: &Entry<'_>, _: &[ReaderIndex]) {
        let content = String::from_utf8_lossy(&all_bytes(entry)).into_owned();
        self.0
            .lock()
            .unwrap()
            .push((entry.path.clone(), entry.layer, content));
    }
}

/// All that a reader can see of a file; of a large program its beginning must be at hand.
fn all_bytes(entry: &Entry<'_>) -> Vec<u8> {
    let Some(bytes) = entry.bytes else {
        return entry.content.to_vec();
    };
    assert_eq!(bytes.size(), entry.size);
    let mut content = vec![0; usize::try_from(entry.size).unwrap()];
    let mut place = 0;
    while place < content.len() {
        place += bytes.read_at(&mut content[place..], place as u64).unwrap();
    }
    assert_eq!(bytes.read_at(&mut [0; 1], entry.size).unwrap(), 0);
    assert_eq!(entry.content.len(), PROGRAM_HEAD);
    assert!(content.starts_with(entry.content));
    content
}

impl Seen {
    /// Reads a target, wanting files called `wanted`, programs, and `etc/wanted-link`.
    pub(crate) fn in_target(target: &str) -> Result<Self, SourceError> {
        Self::with(target, SourceOptions::default())
    }

    pub(crate) fn with(target: &str, options: SourceOptions) -> Result<Self, SourceError> {
        Self::of(open(target, options)?.as_ref())
    }

    pub(crate) fn of(source: &dyn Source) -> Result<Self, SourceError> {
        let patterns = [
            Pattern::Name("wanted"),
            Pattern::Path("etc/wanted-link"),
            Pattern::Executable,
        ];
        Self::wanting(source, &patterns)
    }

    pub(crate) fn wanting(source: &dyn Source, patterns: &[Pattern]) -> Result<Self, SourceError> {
        let wants = Wants::compile([patterns]).unwrap();
        let writer = Writer::default();
        let visited = source.visit(&wants, &writer)?;
        let files = writer
            .0
            .into_inner()
            .unwrap()
            .into_iter()
            .filter(|(path, layer, _)| !visited.superseded.contains(&(path.clone(), *layer)))
            .map(|(path, layer, content)| ((path.to_string(), layer.map(|layer| layer.0)), content))
            .collect();
        Ok(Self { files, visited })
    }

    pub(crate) fn paths(&self) -> Vec<&str> {
        self.files.keys().map(|(path, _)| path.as_str()).collect()
    }

    pub(crate) fn content(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|((found, _), _)| found == path)
            .map(|(_, content)| content.as_str())
    }

    pub(crate) fn notes(&self) -> String {
        let line = |note: &linchpin_model::Note| {
            format!(
                "{}: {}\n",
                note.path.as_ref().map_or("", TargetPath::as_str),
                note.text
            )
        };
        self.visited.notes.iter().map(line).collect()
    }
}

/// An error with all its causes, as a user reads it.
pub(crate) fn told(error: &SourceError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(" | ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
