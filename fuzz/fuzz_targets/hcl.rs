//! Configurations of Terraform: read, evaluated as one module, and looked through for things.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use linchpin_check::{DocumentFile, kinds};
use linchpin_model::TargetPath;

fuzz_target!(|text: &str| {
    let kind = kinds::find("terraform").expect("it is there");
    let file = |path: &str| DocumentFile {
        path: TargetPath::new(path),
        layer: None,
        text: Arc::from(text),
        documents: kind.syntax.read(text).documents,
    };
    // The same text beside itself is a module that may call itself.
    let files = (kind.prepare)(vec![
        file("main.tf"),
        file("inner/main.tf"),
        file("x.tfvars"),
    ]);
    for file in &files {
        let mut subjects = Vec::new();
        (kind.find)(file, &mut subjects);
        for subject in subjects {
            assert!(subject.node.size() > 0);
            subject.node.to_value();
        }
    }
});
