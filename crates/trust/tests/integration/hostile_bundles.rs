//! What only looks like a bundle or a statement is refused in bounded time and memory.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_trust::{Bundle, InvalidBundle, InvalidStatement, MAX_BUNDLE_BYTES, Statement};
use serde_json::{Value, json};

fn bundle() -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": ""}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": STANDARD.encode("{}"), "payloadType": "x", "signatures": [{"sig": "AAAA"}],
        },
    })
}

fn read(document: &Value) -> Result<Bundle, InvalidBundle> {
    Bundle::read(&serde_json::to_vec(document).unwrap())
}

fn changed(change: impl FnOnce(&mut Value)) -> Result<Bundle, InvalidBundle> {
    let mut document = bundle();
    change(&mut document);
    read(&document)
}

#[test]
fn every_version_is_read_and_no_other() {
    for media_type in [
        "application/vnd.dev.sigstore.bundle+json;version=0.1",
        "application/vnd.dev.sigstore.bundle+json;version=0.2",
        "application/vnd.dev.sigstore.bundle+json;version=0.3",
        "application/vnd.dev.sigstore.bundle.v0.3+json",
    ] {
        assert!(changed(|bundle| bundle["mediaType"] = media_type.into()).is_ok());
    }
    for media_type in [
        "",
        "application/vnd.dev.sigstore.bundle.v0.4+json",
        "text/plain",
    ] {
        let refused = changed(|bundle| bundle["mediaType"] = media_type.into());
        assert_eq!(refused, Err(InvalidBundle::Version(media_type.to_owned())));
    }
}

#[test]
fn what_is_missing_twice_or_unknown_is_refused() {
    let material = "/verificationMaterial";
    let set = |pointer: &'static str, name: &'static str, value: Value| {
        changed(move |bundle| bundle.pointer_mut(pointer).unwrap()[name] = value)
    };
    assert!(matches!(
        set("", "extra", json!(1)),
        Err(InvalidBundle::Malformed(_))
    ));
    assert!(matches!(
        set(material, "extra", json!(1)),
        Err(InvalidBundle::Malformed(_))
    ));
    assert_eq!(
        set(material, "certificate", json!({"rawBytes": "AAAA"})),
        Err(InvalidBundle::Material(2))
    );
    assert_eq!(
        set(material, "publicKey", Value::Null),
        Err(InvalidBundle::Material(0))
    );
    assert_eq!(
        set("", "messageSignature", json!({"signature": "AAAA"})),
        Err(InvalidBundle::Content(2))
    );
    assert_eq!(
        set("", "dsseEnvelope", Value::Null),
        Err(InvalidBundle::Content(0))
    );
    let envelope = "/dsseEnvelope";
    assert_eq!(
        set(envelope, "signatures", json!([])),
        Err(InvalidBundle::Signatures(0))
    );
    assert_eq!(
        set(
            envelope,
            "signatures",
            json!([{"sig": "AAAA"}, {"sig": "AAAA"}])
        ),
        Err(InvalidBundle::Signatures(2))
    );
    assert_eq!(
        set(envelope, "payload", json!("?")),
        Err(InvalidBundle::Base64("payload"))
    );
    assert!(set(material, "tlogEntries", json!({})).is_err());
    assert!(set(material, "timestampVerificationData", json!([])).is_err());
    assert!(set(material, "timestampVerificationData", json!({"x": []})).is_err());
    assert!(set(material, "timestampVerificationData", json!({})).is_ok());
    let many: Vec<Value> = (0..100).map(|_| json!({})).collect();
    assert_eq!(
        set(material, "tlogEntries", many.into()),
        Err(InvalidBundle::Excessive("entries of logs"))
    );
    let twice = serde_json::to_string(&bundle()).unwrap();
    let twice = twice.replacen('{', r#"{"mediaType":"x","#, 1);
    assert!(matches!(
        Bundle::read(twice.as_bytes()),
        Err(InvalidBundle::Malformed(_))
    ));
}

#[test]
fn size_depth_and_encoding_are_bounded() {
    let large = vec![b' '; MAX_BUNDLE_BYTES + 1];
    assert_eq!(Bundle::read(&large), Err(InvalidBundle::TooLarge));
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(1_000_000) + &close.repeat(1_000_000);
        assert!(Bundle::read(deep.as_bytes()).is_err());
        let nested = serde_json::to_string(&bundle()).unwrap();
        let nested = nested.replace("\"tlogEntries\":[]", &format!("\"tlogEntries\":[{deep}]"));
        assert!(Bundle::read(nested.as_bytes()).is_err());
        let statement = format!(
            r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"digest":{{}}}}],"predicateType":"a:b","predicate":{{"a":{deep}}}}}"#
        );
        // What a predicate says is not looked into.
        let _ = Statement::read(statement.as_bytes());
    }
    for bytes in [
        &b""[..],
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"{\"mediaType\":\"\xff\"}",
    ] {
        assert!(Bundle::read(bytes).is_err());
        assert!(Statement::read(bytes).is_err());
    }
    let evidence = json!([{"x": "y".repeat(5 << 20)}]);
    assert!(matches!(
        changed(|bundle| bundle["verificationMaterial"]["tlogEntries"] = evidence),
        Err(InvalidBundle::Excessive(_))
    ));
}

#[test]
fn a_statement_is_one_of_a_known_version_about_something() {
    let statement = |version: &str, subject: &str, predicate_type: &str| {
        let text = format!(
            r#"{{"_type":"{version}","subject":{subject},"predicateType":"{predicate_type}","unknown":1}}"#
        );
        Statement::read(text.as_bytes())
    };
    let (v1, v01) = (
        "https://in-toto.io/Statement/v1",
        "https://in-toto.io/Statement/v0.1",
    );
    let digest = format!(
        r#"[{{"name":"a","uri":"b","digest":{{"sha256":"{}","gitCommit":"x"}}}}]"#,
        "ab".repeat(32)
    );
    for version in [v1, v01] {
        let read = statement(version, &digest, "a:b").unwrap();
        assert_eq!(read.subjects()[0].digests.len(), 1);
        assert_eq!(read.predicate(), None);
    }
    assert!(matches!(
        statement("https://in-toto.io/Statement/v2", &digest, "a:b"),
        Err(InvalidStatement::Version(_))
    ));
    assert_eq!(
        statement(v1, "[]", "a:b").unwrap_err(),
        InvalidStatement::NoSubject
    );
    assert!(matches!(
        statement(v1, &digest, "no uri"),
        Err(InvalidStatement::PredicateType(_))
    ));
    let hex = "ab".repeat(32);
    for subject in [
        format!(r#"[{{"digest":{{"sha256":"{hex}","sha256":"{hex}"}}}}]"#),
        r#"[{"digest":{"sha256":"ab"}}]"#.to_owned(),
        r#"[{"digest":{"sha256":1}}]"#.to_owned(),
        r#"[{"digest":[]}]"#.to_owned(),
        "{}".to_owned(),
        format!("[{}{{}}]", "{},".repeat(100_001)),
    ] {
        assert!(
            matches!(
                statement(v1, &subject, "a:b"),
                Err(InvalidStatement::Malformed(_))
            ),
            "{}",
            &subject[..subject.len().min(100)]
        );
    }
}
