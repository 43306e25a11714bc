//! Signing configurations: which services are chosen of those that are named.

use linchpin_model::Timestamp;
use linchpin_trust::{
    InvalidSigningConfiguration, NoService, Service, ServiceKind, SigningConfiguration,
    SigningServices,
};
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

/// A service of an operator with a version, valid from one day of 2026 to another.
fn service(address: &str, version: u32, operator: &str) -> Value {
    json!({
        "url": address,
        "majorApiVersion": version,
        "validFor": {"start": "2026-01-01T00:00:00Z"},
        "operator": operator,
    })
}

fn configuration(logs: Value, selector: Value) -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
        "caUrls": [service("https://fulcio.example", 1, "a")],
        "rekorTlogUrls": logs,
        "tsaUrls": [service("https://stamps.example/timestamp", 1, "a")],
        "rekorTlogConfig": selector,
        "tsaConfig": {"selector": "ANY"},
    })
}

fn chosen(document: &Value) -> Result<SigningServices, NoService> {
    let read = SigningConfiguration::read(document.to_string().as_bytes()).unwrap();
    read.services(now())
}

fn addresses(services: &[Service]) -> Vec<(&str, ServiceKind)> {
    services
        .iter()
        .map(|service| (service.address.as_str(), service.kind))
        .collect()
}

#[test]
fn the_public_instance_is_in_the_program() {
    let services = SigningConfiguration::production()
        .unwrap()
        .services(now())
        .unwrap();
    assert_eq!(
        services.authority.unwrap().address,
        "https://fulcio.sigstore.dev"
    );
    assert_eq!(
        addresses(&services.logs),
        [("https://rekor.sigstore.dev", ServiceKind::LogV1)]
    );
    assert_eq!(
        services.timestamp_authorities[0].address,
        "https://timestamp.sigstore.dev/api/v1/timestamp"
    );
}

#[test]
fn of_each_operator_the_newest_interface_that_is_spoken_counts() {
    let mut ended = service("https://ended.example", 2, "c");
    ended["validFor"]["end"] = "2026-06-01T00:00:00Z".into();
    let mut later = service("https://later.example", 2, "d");
    later["validFor"]["start"] = "2027-01-01T00:00:00Z".into();
    let logs = json!([
        service("https://old.example", 1, "a"),
        service("https://new.example", 2, "a"),
        service("https://other.example", 1, "b"),
        service("https://future.example", 3, "b"),
        ended,
        later,
    ]);
    let new = ("https://new.example", ServiceKind::LogV2);
    let other = ("https://other.example", ServiceKind::LogV1);
    let of = |selector: Value| chosen(&configuration(logs.clone(), selector));
    let any = of(json!({"selector": "ANY"})).unwrap();
    assert_eq!(addresses(&any.logs), [new]);
    assert_eq!(addresses(&of(json!({})).unwrap().logs), [new]);
    let all = of(json!({"selector": "ALL"})).unwrap();
    assert_eq!(addresses(&all.logs), [new, other]);
    let two = of(json!({"selector": "EXACT", "count": 2})).unwrap();
    assert_eq!(addresses(&two.logs), [new, other]);
    let three = of(json!({"selector": "EXACT", "count": 3})).unwrap_err();
    assert_eq!(
        three.to_string(),
        "the signing configuration wants 3 transparency logs of each signature, and has 2"
    );
    // Whoever keeps no log is asked for none.
    let none = chosen(&configuration(json!([]), json!({}))).unwrap();
    assert!(none.logs.is_empty() && none.authority.is_some());
}

#[test]
fn what_is_no_configuration_is_refused() {
    let good = configuration(json!([]), json!({}));
    let mut documents = vec![json!({}), json!([]), json!({"mediaType": "x"})];
    for selector in [
        json!({"selector": "EXACT"}),
        json!({"selector": "EXACT", "count": 0}),
        json!({"selector": "SERVICE_SELECTOR_UNDEFINED"}),
        json!({"selector": "SOME"}),
    ] {
        documents.push(configuration(json!([]), selector));
    }
    let mut root = good.clone();
    root["mediaType"] = "application/vnd.dev.sigstore.trustedroot+json;version=0.1".into();
    documents.push(root);
    for document in documents {
        let refused = SigningConfiguration::read(document.to_string().as_bytes());
        assert!(
            matches!(refused, Err(InvalidSigningConfiguration::Malformed(_))),
            "{document}"
        );
    }
    let refused = SigningConfiguration::read(&vec![b' '; (1 << 20) + 1]);
    assert_eq!(refused.unwrap_err(), InvalidSigningConfiguration::TooLarge);
    assert!(SigningConfiguration::read(b"\xff").is_err());
}
