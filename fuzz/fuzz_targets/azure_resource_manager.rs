//! Bicep and templates of Azure: read, evaluated with modules that call each other, and looked
//! through for things. The text is also the expression of a template, which reaches the reader of
//! expressions at once.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use linchpin_check::{DocumentFile, kinds};
use linchpin_model::TargetPath;

fuzz_target!(|text: &str| {
    let kind = kinds::find("azure-resource-manager").expect("it is there");
    let file = |path: &str, text: &str| DocumentFile {
        path: TargetPath::new(path),
        layer: None,
        text: Arc::from(text),
        documents: kind.syntax.read(text).documents,
        problems: Vec::new(),
        parts: Vec::new(),
    };
    let expression = text.replace('\\', "\\\\").replace('"', "\\\"");
    let template = format!(
        "{{\"parameters\": {{\"a\": {{\"defaultValue\": \"[{expression}]\"}}}}, \"resources\": \
         [{{\"type\": \"A/b\", \"name\": \"[{expression}]\", \"p\": \"[parameters('a')]\"}}]}}"
    );
    let calls = format!("{text}\nmodule again 'main.bicep' = {{\n  name: 'x'\n}}\n");
    let files = (kind.prepare)(vec![
        file("main.bicep", text),
        file("other.bicep", &calls),
        file("main.bicepparam", &format!("using 'main.bicep'\n{text}")),
        file("azuredeploy.json", &template),
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
