//! spdx-tools finds nothing wrong with what is written, reads the same packages and relationships
//! out of it, and gives the same verdicts on documents that were damaged in every place.

use linchpin_sbom::formats;
use linchpin_sbom::validation::validate;
use serde_json::{Value, json};

use super::{ask, has_module, put};
use crate::every_format::{documents, written};

const SCRIPT: &str = include_str!("read_spdx.py");

/// The lists that the script makes, out of the JSON encoding.
fn listed(document: &Value) -> (Vec<Value>, Vec<Value>) {
    let list = |name: &str| document[name].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut packages: Vec<Value> = list("packages")
        .iter()
        .map(|package| {
            json!([
                text(&package["SPDXID"]),
                text(&package["name"]),
                text(&package["versionInfo"])
            ])
        })
        .collect();
    let mut relationships: Vec<Value> = list("relationships")
        .iter()
        .map(|found| {
            json!([
                text(&found["spdxElementId"]),
                text(&found["relationshipType"]),
                text(&found["relatedSpdxElement"])
            ])
        })
        .collect();
    packages.sort_by_key(Value::to_string);
    relationships.sort_by_key(Value::to_string);
    (packages, relationships)
}

fn sorted(list: &Value) -> Vec<Value> {
    let mut list = list.as_array().unwrap().clone();
    list.sort_by_key(Value::to_string);
    list
}

#[test]
fn the_python_library_reads_what_we_wrote() {
    if !has_module("spdx_tools.spdx") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut questions = Vec::new();
    let mut expected = Vec::new();
    for (number, document) in documents().iter().enumerate() {
        for version in ["2.2", "2.3"] {
            // To the library, no top-level domain has more than five letters.
            let text = |format: &str| {
                let text = written(document, &format!("{format}@{version}"));
                text.replace(".example/", ".example.org/")
            };
            let (in_json, in_tags) = (text("spdx-json"), text("spdx-tag-value"));
            let listed = listed(&serde_json::from_str(&in_json).unwrap());
            for (ending, text) in [("spdx.json", in_json), ("spdx", in_tags)] {
                // A name of several lines stands between `<text>` and `</text>` here, as the
                // specification has it for texts; the library does not read that of a name.
                if ending == "spdx" && text.contains("PackageName: <text>") {
                    continue;
                }
                let name = format!("{number}-{version}.{ending}");
                let path = put(folder.path(), &name, &text);
                questions.push(path.display().to_string());
                expected.push((name, listed.clone()));
            }
        }
    }
    let mut with_files = 0;
    for (answer, (name, (packages, relationships))) in ask(SCRIPT, &questions).iter().zip(&expected)
    {
        let problems = answer["problems"].as_array().unwrap();
        assert!(problems.is_empty(), "{name}: {problems:?}");
        assert_eq!(&sorted(&answer["packages"]), packages, "{name}");
        for code in answer["codes"].as_array().unwrap() {
            assert!(code[0].is_string() && code[0] == code[1], "{name}: {code}");
            with_files += 1;
        }
        // The library adds what the order of packages and files in the tags means.
        let theirs = sorted(&answer["relationships"]);
        for relationship in relationships {
            assert!(theirs.contains(relationship), "{name}: {relationship}");
        }
    }
    assert!(with_files >= 8, "{with_files}");
}

/// A small document with something in most fields.
fn small() -> Value {
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "small",
        "documentNamespace": "https://documents.example.org/small",
        "creationInfo": {
            "created": "2026-01-31T12:00:00Z",
            "creators": ["Tool: linchpin-0.1.0", "Organization: Example (info@example.com)"],
            "licenseListVersion": "3.25",
        },
        "packages": [
            {
                "SPDXID": "SPDXRef-shop",
                "name": "shop",
                "versionInfo": "1.0.0",
                "supplier": "Organization: Example",
                "originator": "Person: Ada (ada@example.com)",
                "downloadLocation": "git+https://git.example.org/shop.git@v1",
                "filesAnalyzed": false,
                "homepage": "https://shop.example.org/",
                "sourceInfo": "built from shop",
                "checksums": [{ "algorithm": "SHA256", "checksumValue": "ab".repeat(32) }],
                "licenseConcluded": "NOASSERTION",
                "licenseDeclared": "MIT OR LicenseRef-own",
                "copyrightText": "NOASSERTION",
                "externalRefs": [
                    {
                        "referenceCategory": "PACKAGE-MANAGER",
                        "referenceType": "purl",
                        "referenceLocator": "pkg:npm/shop@1.0.0",
                    },
                    {
                        "referenceCategory": "SECURITY",
                        "referenceType": "cpe23Type",
                        "referenceLocator": "cpe:2.3:a:example:shop:1.0.0:*:*:*:*:*:*:*",
                    },
                ],
                "primaryPackagePurpose": "APPLICATION",
                "releaseDate": "2026-01-31T12:00:00Z",
                "annotations": [{
                    "annotationDate": "2026-01-31T12:00:00Z",
                    "annotationType": "REVIEW",
                    "annotator": "Person: Ada",
                    "comment": "looked at",
                }],
            },
            {
                "SPDXID": "SPDXRef-part",
                "name": "part",
                "downloadLocation": "NONE",
                "filesAnalyzed": false,
            },
        ],
        "hasExtractedLicensingInfos": [
            { "licenseId": "LicenseRef-own", "extractedText": "All is allowed.", "name": "Own" },
        ],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-shop",
            },
            {
                "spdxElementId": "SPDXRef-shop",
                "relationshipType": "DEPENDS_ON",
                "relatedSpdxElement": "SPDXRef-part",
            },
        ],
    })
}

/// A document with one thing changed.
struct Damaged {
    place: String,
    value: Value,
    document: Value,
}

impl Damaged {
    /// An empty value is no value for the library's reader; the specification does not say so, and
    /// its schema demands the type.
    fn is_emptied(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        }
    }
}

fn places(value: &Value, place: &str, all: &mut Vec<String>) {
    let mut inner = |name: &str, value: &Value| {
        let place = format!("{place}/{name}");
        all.push(place.clone());
        places(value, &place, all);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| inner(name, value)),
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                inner(&index.to_string(), value);
            }
        }
        _ => {}
    }
}

fn damaged(document: &Value) -> Vec<Damaged> {
    let mut all = Vec::new();
    let mut pointers = Vec::new();
    places(document, "", &mut pointers);
    for place in pointers {
        let found = document.pointer(&place).unwrap();
        let mut values = vec![json!(null), json!(7), json!([]), json!({}), json!("")];
        if let Some(text) = found.as_str() {
            values.push(json!("no word of any list"));
            values.push(json!(format!("{text}x")));
        }
        if let Some(list) = found.as_array() {
            let mut doubled = list.clone();
            doubled.extend(list.first().cloned());
            values.push(Value::Array(doubled));
        }
        for value in values {
            let mut changed = document.clone();
            *changed.pointer_mut(&place).unwrap() = value.clone();
            all.push(Damaged {
                place: place.clone(),
                value,
                document: changed,
            });
        }
    }
    all
}

#[test]
fn verdicts_agree_on_damaged_documents() {
    if !has_module("spdx_tools.spdx") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut cases = damaged(&small());
    cases.push(Damaged {
        place: String::new(),
        value: small(),
        document: small(),
    });
    let questions: Vec<String> = cases
        .iter()
        .enumerate()
        .map(|(number, case)| {
            let name = format!("{number}.spdx.json");
            let path = put(folder.path(), &name, &case.document.to_string());
            path.display().to_string()
        })
        .collect();
    let answers = ask(SCRIPT, &questions);
    let mut disagreements = Vec::new();
    let (mut valid, mut invalid) = (0, 0);
    for (case, answer) in cases.iter().zip(&answers) {
        let theirs = answer["problems"].as_array().unwrap();
        let ours = match validate(case.document.to_string().as_bytes()) {
            Ok(verdict) => verdict
                .problems
                .into_iter()
                .map(|problem| format!("{}: {}", problem.place, problem.text))
                .collect(),
            Err(error) => vec![error.to_string()],
        };
        match (ours.is_empty(), theirs.is_empty()) {
            (true, true) => valid += 1,
            (false, false) => invalid += 1,
            (false, true) if case.is_emptied() => invalid += 1,
            // The library lets two texts of licences have one id.
            (false, true) if case.place == "/hasExtractedLicensingInfos" => invalid += 1,
            _ => disagreements.push(format!(
                "{} = {}: we say {ours:?}, they say {theirs:?}",
                case.place, case.value
            )),
        }
    }
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    assert!(valid > 30 && invalid > 200, "{valid} {invalid}");
}

#[test]
fn what_is_read_is_what_the_tags_say() {
    let text = small().to_string();
    let (_, document) = formats::read(text.as_bytes()).unwrap();
    let tags = written(&document, "spdx-tag-value@2.3");
    let (_, again) = formats::read(tags.as_bytes()).unwrap();
    let back: Value = serde_json::from_str(&written(&again, "spdx-json@2.3")).unwrap();
    assert_eq!(listed(&back).0.len(), 2);
    assert_eq!(listed(&back), listed(&small()));
}
