//! Dockerfiles as the checks read them: instructions, scripts in them, and stages.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use linchpin_check::{DocumentFile, kinds};
use linchpin_model::TargetPath;

fuzz_target!(|text: &str| {
    let kind = kinds::find("dockerfile").expect("it is there");
    let file = DocumentFile {
        path: TargetPath::new("Dockerfile"),
        layer: None,
        text: Arc::from(text),
        documents: kind.syntax.read(text).documents,
        problems: Vec::new(),
        parts: Vec::new(),
    };
    for file in (kind.prepare)(vec![file]) {
        (kind.find)(&file, &mut Vec::new());
    }
});
