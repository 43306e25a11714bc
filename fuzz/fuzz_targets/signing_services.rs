//! Tokens of identity, signing configurations, and whatever services answer to whoever signs: the
//! first byte chooses the service whose answer it is.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linchpin_trust::{
    Artifact, IdentityToken, KeyKind, NoAnswer, PrivateKey, Service, ServiceKind,
    SigningConfiguration, SigningServices, Statement, Transport, TrustedRoot, Witnesses, sign_as,
    sign_witnessed,
};

static KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::EcdsaP256).unwrap());
static ROOT: LazyLock<TrustedRoot> = LazyLock::new(TrustedRoot::production);
static TOKEN: LazyLock<IdentityToken> = LazyLock::new(|| {
    // {"iss":"i","sub":"s","aud":"sigstore","exp":4102444800}
    IdentityToken::read(
        "e30.eyJpc3MiOiJpIiwic3ViIjoicyIsImF1ZCI6InNpZ3N0b3JlIiwiZXhwIjo0MTAyNDQ0ODAwfQ.eA",
    )
    .unwrap()
});

/// Answers everybody with the same bytes.
#[derive(Debug)]
struct Always<'a>(&'a [u8]);

impl Transport for Always<'_> {
    fn ask(&self, _: &Service, _: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        Ok(self.0.to_vec())
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(token) = IdentityToken::read(text)
    {
        assert!(!token.subject().name().is_empty());
    }
    if let Ok(configuration) = SigningConfiguration::read(bytes) {
        let _ = configuration.services("2026-01-01T00:00:00Z".parse().unwrap());
    }
    let Some((choice, answer)) = bytes.split_first() else {
        return;
    };
    let service = |kind| Service {
        kind,
        address: "https://service.example".to_owned(),
    };
    let services = SigningServices {
        authority: (choice % 4 == 0).then(|| service(ServiceKind::CertificateAuthority)),
        logs: match choice % 4 {
            0 | 1 => vec![service(ServiceKind::LogV1)],
            2 => vec![service(ServiceKind::LogV2)],
            _ => Vec::new(),
        },
        timestamp_authorities: (choice % 4 == 3)
            .then(|| service(ServiceKind::TimestampAuthority))
            .into_iter()
            .collect(),
    };
    let with = Witnesses {
        services: &services,
        transport: &Always(answer),
        root: &ROOT,
    };
    let artifact = Artifact::read(&mut &b"x"[..], &[]).unwrap();
    let subjects = vec![artifact.subject(None)];
    let statement = Statement::new(subjects, "signature".parse().unwrap(), b"{}").unwrap();
    // No answer that was made before the question holds.
    if services.authority.is_some() {
        assert!(sign_as(&statement, &TOKEN, with).is_err());
    } else {
        assert!(sign_witnessed(&statement, &KEY, with).is_err());
    }
});
