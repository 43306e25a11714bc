//! Tokens that systems for continuous integration give to their jobs.

use linchpin_remote::{Secret, TokenRequest};
use linchpin_trust::{IdentityToken, NoAnswer};
use serde_json::json;

use super::{ISSUER, Sigstore, client, token_text};

fn requests(address: &str, secret: &str) -> [TokenRequest; 2] {
    [
        TokenRequest::GitHub {
            address: format!("{address}/github/token?api-version=2.0"),
            token: Secret::new(secret),
        },
        TokenRequest::Buildkite {
            address: format!("{address}/buildkite"),
            job: "job-1".to_owned(),
            token: Secret::new(secret),
        },
    ]
}

#[test]
fn a_job_asks_its_system_for_a_token() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    let text = token_text(&json!({"sub": "a job"}));
    sigstore.provide("github", &text);
    sigstore.provide("buildkite", &text);
    for request in requests(&sigstore.running.address, "job-secret") {
        let got = sigstore
            .client
            .identity_token(&request, "sigstore")
            .unwrap();
        let token = IdentityToken::read(got.reveal()).unwrap();
        assert_eq!((token.issuer(), token.subject().name()), (ISSUER, "a job"));
        assert!(!format!("{request:?}").contains("job-secret"));
        let offline = client(true).identity_token(&request, "sigstore");
        assert_eq!(offline, Err(NoAnswer::Offline));
    }
    for request in requests(&sigstore.running.address, "a guess") {
        let refused = sigstore.client.identity_token(&request, "sigstore");
        assert!(
            matches!(refused, Err(NoAnswer::Refused { status: 403, .. })),
            "{refused:?}"
        );
    }
    // Not to another machine without encryption.
    for request in requests("http://forge.example", "job-secret") {
        let refused = sigstore.client.identity_token(&request, "sigstore");
        assert!(matches!(refused, Err(NoAnswer::Address(_))), "{refused:?}");
    }
}
