//! What somebody found out about a vulnerability, in SPDX 3: suppressed findings keep their grounds,
//! every state comes back as it was, and what others write is understood.

use linchpin_model::{
    AbsentCode, CheckedProgram, Finding, GrantedException, PackageSymbols, Statement, Suppressed,
    Suppression, TargetPath, VexJustification, VexStatus,
};
use linchpin_sbom::document::{Affected, Analysis, Document, VexScope, Vulnerability};
use linchpin_sbom::validation::validate;
use linchpin_sbom::{Contents, SbomOptions, formats};
use serde_json::{Value, json};

use crate::every_format::written;
use crate::{sample, schema};

const STATES: [&str; 6] = [
    "exploitable",
    "false_positive",
    "in_triage",
    "not_affected",
    "resolved",
    "resolved_with_pedigree",
];

const JUSTIFICATIONS: [&str; 9] = [
    "code_not_present",
    "code_not_reachable",
    "protected_at_perimeter",
    "protected_at_runtime",
    "protected_by_compiler",
    "protected_by_mitigating_control",
    "requires_configuration",
    "requires_dependency",
    "requires_environment",
];

/// One suppressed finding for each sort of ground.
fn suppressed(finding: &Finding) -> Vec<Suppressed> {
    let grounds = [
        Suppression::Excepted(GrantedException {
            id: "CVE-1".into(),
            reason: "only used to build the manual".into(),
            expires: "2027-03-31".parse().unwrap(),
            justification: None,
            origin: "linchpin.toml".into(),
        }),
        Suppression::Stated(Statement {
            document: "shop.vex.json".into(),
            author: Some("Ada".into()),
            status: VexStatus::NotAffected,
            justification: Some(VexJustification::VulnerableCodeNotInExecutePath),
            detail: Some("Never called.".into()),
            timestamp: None,
        }),
        Suppression::CodeAbsent(AbsentCode {
            advisories: vec!["GO-1".into()],
            looked_for: vec![PackageSymbols {
                package: "example.org/x".into(),
                symbols: vec!["Parse".into()],
            }],
            programs: vec![CheckedProgram {
                path: TargetPath::new("usr/bin/x"),
                layer: None,
                digest: None,
                functions: 7,
            }],
        }),
    ];
    let numbered = grounds.into_iter().enumerate();
    numbered
        .map(|(number, ground)| {
            let mut finding = finding.clone();
            finding.rule.0 = format!("CVE-2026-{number}");
            Suppressed {
                finding,
                because: vec![ground],
            }
        })
        .collect()
}

fn elements(text: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(text).unwrap();
    document["@graph"].as_array().unwrap().clone()
}

#[test]
fn suppressed_findings_keep_their_grounds() {
    let inventory = sample::storefront();
    let mut findings = sample::findings(&inventory);
    let suppressed = suppressed(&findings.pop().unwrap());
    let contents = Contents {
        inventory: &inventory,
        findings: Some(&findings),
        suppressed: &suppressed,
    };
    let options = SbomOptions {
        tool_version: "0.1.0",
        timestamp: None,
    };
    let document = Document::from_inventory(&contents, &options);
    let text = written(&document, "spdx3-json");
    schema::assert_valid(&text, "spdx3-json", "3.0.1");
    assert_eq!(validate(text.as_bytes()).unwrap().problems, []);
    let said: Vec<(String, Value, Value)> = elements(&text)
        .iter()
        .filter(|element| element["type"].as_str().unwrap().contains("_Vex"))
        .map(|element| {
            let action = &element["security_actionStatement"];
            (
                element["type"].as_str().unwrap().to_owned(),
                element["security_justificationType"].clone(),
                action.clone(),
            )
        })
        .collect();
    let not_affected = "security_VexNotAffectedVulnAssessmentRelationship".to_owned();
    let recommended = "Upgrade";
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(
        said[0].0,
        "security_VexAffectedVulnAssessmentRelationship".to_owned()
    );
    assert!(
        said[0]
            .2
            .as_str()
            .is_some_and(|action| action == "will not fix" || action.starts_with(recommended)),
        "{said:?}"
    );
    assert_eq!(
        said[1..],
        [
            (
                not_affected.clone(),
                json!("vulnerableCodeNotInExecutePath"),
                Value::Null
            ),
            (not_affected, json!("vulnerableCodeNotPresent"), Value::Null),
        ]
    );
    let (_, again) = formats::read(text.as_bytes()).unwrap();
    let analyses = |document: &Document| -> Vec<(String, Analysis)> {
        let all = document.vulnerabilities.iter().flatten();
        all.filter_map(|found| Some((found.id.clone(), found.analysis.clone()?)))
            .collect()
    };
    assert_eq!(analyses(&again), analyses(&document));
    let statements = again.to_vex("bom", VexScope::Target).statements;
    assert_eq!(statements.len(), 3);
}

#[test]
fn every_state_comes_back() {
    let mut all = Vec::new();
    for state in STATES {
        for justification in JUSTIFICATIONS.into_iter().map(Some).chain([None]) {
            for (responses, detail, moment) in [
                (vec![], None, None),
                (
                    vec!["will_not_fix".to_owned(), "update".to_owned()],
                    Some("In a person's words."),
                    Some("2026-01-01T00:00:00Z"),
                ),
            ] {
                all.push(Vulnerability {
                    id: format!("CVE-2026-{}", all.len()),
                    recommendation: (state == "exploitable" && all.len() % 2 == 0)
                        .then(|| "Upgrade it.".to_owned()),
                    analysis: Some(Analysis {
                        state: Some(state.to_owned()),
                        justification: justification.map(str::to_owned),
                        responses,
                        detail: detail.map(str::to_owned),
                        first_issued: moment.map(str::to_owned),
                        last_updated: moment.map(str::to_owned),
                    }),
                    affects: vec![Affected {
                        reference: "urn:example:app".to_owned(),
                        ..Affected::default()
                    }],
                    ..Vulnerability::default()
                });
            }
        }
    }
    let mut document = crate::round_trips::everything();
    document.metadata.primary.as_mut().unwrap().reference = "urn:example:app".to_owned();
    document.vulnerabilities = Some(all);
    let text = written(&document, "spdx3-json");
    schema::assert_valid(&text, "spdx3-json", "3.0.1");
    let (_, again) = formats::read(text.as_bytes()).unwrap();
    let (ours, theirs) = (
        document.vulnerabilities.unwrap(),
        again.vulnerabilities.unwrap(),
    );
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours.analysis, theirs.analysis, "{}", ours.id);
        assert_eq!(ours.recommendation, theirs.recommendation, "{}", ours.id);
        assert_eq!(ours.affects, theirs.affects, "{}", ours.id);
    }
}

/// A document with three packages, one vulnerability and these relationships.
fn foreign(relationships: &[Value]) -> Document {
    let mut graph = vec![
        json!({ "type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1",
                "created": "2026-01-01T00:00:00Z", "createdBy": ["urn:ada"] }),
        json!({ "type": "Person", "spdxId": "urn:ada", "creationInfo": "_:c", "name": "Ada" }),
        json!({ "type": "security_Vulnerability", "spdxId": "urn:cve", "creationInfo": "_:c",
                "name": "CVE-2026-1", "summary": "A flaw." }),
    ];
    for name in ["a", "b", "c"] {
        graph.push(
            json!({ "type": "software_Package", "spdxId": format!("urn:{name}"),
                           "creationInfo": "_:c", "name": name }),
        );
        graph.push(
            json!({ "type": "Relationship", "spdxId": format!("urn:has-{name}"),
                           "creationInfo": "_:c", "from": format!("urn:{name}"), "to": ["urn:cve"],
                           "relationshipType": "hasAssociatedVulnerability" }),
        );
    }
    for (number, relationship) in relationships.iter().enumerate() {
        let mut relationship = relationship.clone();
        relationship["spdxId"] = json!(format!("urn:vex-{number}"));
        relationship["creationInfo"] = json!("_:c");
        relationship["from"] = json!("urn:cve");
        graph.push(relationship);
    }
    let document = json!({ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
                           "@graph": graph });
    formats::read(document.to_string().as_bytes()).unwrap().1
}

/// The state and what it is said of.
fn said(document: &Document) -> Vec<(Option<&str>, Vec<&str>)> {
    let all = document.vulnerabilities.iter().flatten();
    all.map(|found| {
        assert_eq!(found.description.as_deref(), Some("A flaw."));
        let state = found.analysis.as_ref();
        let affects = found.affects.iter();
        (
            state.and_then(|analysis| analysis.state.as_deref()),
            affects
                .map(|affected| affected.reference.as_str())
                .collect(),
        )
    })
    .collect()
}

#[test]
fn what_is_said_of_each_package_is_apart() {
    let not_affected = |to: &str| {
        json!({ "type": "security_VexNotAffectedVulnAssessmentRelationship",
                "relationshipType": "doesNotAffect", "to": [to],
                "security_justificationType": "componentNotPresent" })
    };
    let affected = json!({ "type": "security_VexAffectedVulnAssessmentRelationship",
                           "relationshipType": "affects", "to": ["urn:b"],
                           "security_actionStatement": "Wait." });
    let withdrawn = json!({ "type": "security_VexFixedVulnAssessmentRelationship",
                            "relationshipType": "fixedIn", "to": ["urn:c"],
                            "security_withdrawnTime": "2026-01-01T00:00:00Z" });
    let document = foreign(&[
        not_affected("urn:a"),
        affected.clone(),
        not_affected("urn:c"),
        withdrawn.clone(),
    ]);
    assert_eq!(
        said(&document),
        [
            (Some("not_affected"), vec!["urn:a", "urn:c"]),
            (Some("exploitable"), vec!["urn:b"]),
        ]
    );
    // The exact word comes back, and so does what does not hold any more.
    let again = written(&document, "spdx3-json");
    assert_eq!(again.matches("componentNotPresent").count(), 1);
    assert!(again.contains("security_withdrawnTime") && again.contains("\"Wait.\""));

    let document = foreign(&[affected]);
    assert_eq!(
        said(&document),
        [
            (None, vec!["urn:a", "urn:c"]),
            (Some("exploitable"), vec!["urn:b"]),
        ]
    );
    assert_eq!(
        said(&foreign(&[withdrawn])),
        [(None, vec!["urn:a", "urn:b", "urn:c"])]
    );
}
