//! A tar of files that somebody writes while it is read: a program, a connection.

use std::io::{self, Read};
use std::sync::Arc;

use linchpin_model::Subject;

use crate::layer::{Expected, FailedLayer, FetchedBlob, Layer, LayerContent, Stack};
use crate::{Source, SourceError, SourceOptions, Visited, Visitor, Wants};

/// A tar of files that is written while it is read.
#[derive(Debug)]
pub struct TarSource {
    subject: Subject,
    layer: Layer,
    options: SourceOptions,
}

impl TarSource {
    /// The files of the tar that `begin` gives. It may be asked twice, and must give the same.
    pub fn new(
        subject: Subject,
        begin: impl Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
        options: SourceOptions,
    ) -> Self {
        let blob = FetchedBlob::new(Arc::new(begin), None);
        Self {
            subject,
            layer: Layer {
                content: LayerContent::Fetched(Arc::new(blob)),
                expected: Expected::default(),
            },
            options,
        }
    }
}

impl Source for TarSource {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        let stack = Stack {
            layers: std::slice::from_ref(&self.layer),
            numbered: false,
            options: &self.options,
        };
        stack
            .visit(wants, visitor)
            .map_err(|FailedLayer { error, .. }| SourceError::Archive {
                target: self.subject.name.clone(),
                source: error,
            })
    }
}
