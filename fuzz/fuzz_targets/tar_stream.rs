//! A tar that a program writes while it is read, as `git archive` does, and a target on standard
//! input. The first byte's bits: whether the checksums of the headers are made right, and which of
//! the two it is.

#![no_main]

use std::io::{Cursor, Read};

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::tar_headers;
use linchpin_fuzz::visiting::{options, visit};
use linchpin_model::{Subject, SubjectKind};
use linchpin_source::{TarSource, open_stream};

fuzz_target!(|bytes: &[u8]| {
    let [flags, content @ ..] = bytes else { return };
    let mut content = content.to_vec();
    if flags & 1 == 1 {
        tar_headers::repair(&mut content);
    }
    if flags & 2 == 2 {
        if let Ok(source) = open_stream(&mut content.as_slice(), options()) {
            visit(source.as_ref());
        }
        return;
    }
    let subject = Subject {
        name: "repository".to_owned(),
        kind: SubjectKind::Repository,
        digest: None,
        platform: None,
        layers: Vec::new(),
    };
    let begin = move || Ok(Box::new(Cursor::new(content.clone())) as Box<dyn Read + Send>);
    visit(&TarSource::new(subject, begin, options()));
});
