//! Expressions that are asked of the components of a document.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use linchpin_sbom::query::Query;
use linchpin_sbom::{Document, formats};

/// A component with every field, and one with none.
const SAMPLE: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6",
"metadata":{"component":{"bom-ref":"p","type":"application","name":"shop"}},
"components":[
{"bom-ref":"a","type":"library","group":"@team","name":"left","version":"1.0.0","purl":"pkg:npm/%40team/left@1.0.0",
"description":"pads","scope":"required","supplier":{"name":"Team"},"licenses":[{"expression":"MIT OR ISC"}],
"hashes":[{"alg":"SHA-256","content":"0000000000000000000000000000000000000000000000000000000000000000"}],
"properties":[{"name":"key","value":"value"}],"evidence":{"occurrences":[{"location":"a/b"}]}},
{"bom-ref":"b","type":"library","name":"right"}],
"dependencies":[{"ref":"p","dependsOn":["a"]},{"ref":"a","dependsOn":["b"]}]}"#;

fuzz_target!(|bytes: &[u8]| {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| {
        let read = formats::read(SAMPLE.as_bytes());
        read.expect("the sample is good").1
    });
    if let Ok(expression) = std::str::from_utf8(bytes)
        && let Ok(query) = Query::parse(expression)
    {
        let _ = query.run(document);
    }
});
