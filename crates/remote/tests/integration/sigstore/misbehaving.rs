//! Services that give what does not hold, or nothing: each is refused with its own reason, and no
//! bundle comes of it.

use std::time::{Duration, Instant};

use linchpin_remote::{Patience, SigstoreClient, SigstoreSettings};
use linchpin_trust::{
    IdentityToken, InvalidAnswer, NoAnswer, NotVerified, ServiceKind, SigningError, Transport as _,
    Witnesses, sign_as,
};

use serde_json::json;

use super::{Sigstore, client, person, settings, statement, token_text};
use ServiceKind::{CertificateAuthority, LogV1, LogV2, TimestampAuthority};

/// Signs with one service that behaves so, while all others are good.
fn refused(sigstore: &Sigstore, kind: ServiceKind, how: &str) -> SigningError {
    let log = if kind == LogV2 { LogV2 } else { LogV1 };
    let mut services = sigstore.services(&[log, TimestampAuthority]);
    let service = sigstore.service(kind, how);
    match kind {
        CertificateAuthority => services.authority = Some(service),
        LogV1 | LogV2 => services.logs = vec![service],
        TimestampAuthority => services.timestamp_authorities = vec![service],
    }
    let with = Witnesses {
        services: &services,
        transport: &sigstore.client,
        root: &sigstore.root,
    };
    match sign_as(&statement(), &person(), with) {
        Ok(signed) => panic!("{kind:?} {how}: {signed:?}"),
        Err(why) => why,
    }
}

#[test]
fn what_does_not_hold_is_refused_with_its_reason() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    for (kind, how, reason) in [
        (
            CertificateAuthority,
            "another-authority",
            "certificate-untrusted",
        ),
        (CertificateAuthority, "expired", "certificate-time"),
        (CertificateAuthority, "no-promise", "certificate-log"),
        (CertificateAuthority, "forged-promise", "certificate-log"),
        (LogV1, "another-entry", "log-entry"),
        (LogV1, "wrong-proof", "log-proof"),
        (LogV1, "another-checkpoint", "log-checkpoint"),
        (LogV1, "forged-promise", "log-promise"),
        (LogV1, "future", "log-time"),
        (LogV2, "another-entry", "log-entry"),
        (LogV2, "wrong-proof", "log-proof"),
        (LogV2, "another-checkpoint", "log-checkpoint"),
        (TimestampAuthority, "another-authority", "timestamp-invalid"),
    ] {
        let why = refused(&sigstore, kind, how);
        let SigningError::NotVerified(NotVerified::Refused(refusal)) = &why else {
            panic!("{kind:?} {how}: {why:?}");
        };
        assert_eq!(refusal.id(), reason, "{kind:?} {how}: {refusal}");
    }
    // A log that the root does not name: either the promise or the entry tells.
    let why = refused(&sigstore, LogV1, "unknown-log");
    assert!(matches!(why, SigningError::NotVerified(_)), "{why:?}");
}

/// Whether an answer was found wrong for this reason.
type IsTold = fn(&InvalidAnswer) -> bool;

#[test]
fn what_is_no_answer_is_told_before_anything_is_verified() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    let answers: [(ServiceKind, &str, IsTold); 13] = [
        (CertificateAuthority, "another-key", |why| {
            *why == InvalidAnswer::AnotherKey
        }),
        (CertificateAuthority, "another-person", |why| {
            matches!(why, InvalidAnswer::AnotherIdentity { expected, found: Some(found) }
                if expected == "me@example.org" && found == "somebody.else@example.org")
        }),
        (CertificateAuthority, "detached", |why| {
            *why == InvalidAnswer::DetachedPromise
        }),
        (CertificateAuthority, "no-certificate", |why| {
            *why == InvalidAnswer::NoCertificate
        }),
        (CertificateAuthority, "nonsense", |why| {
            matches!(why, InvalidAnswer::Malformed(_))
        }),
        (LogV1, "two-entries", |why| {
            *why == InvalidAnswer::Entries(2)
        }),
        (LogV1, "nonsense", |why| {
            matches!(why, InvalidAnswer::Malformed(_))
        }),
        (LogV2, "another-kind", |why| {
            matches!(why, InvalidAnswer::EntryKind(_))
        }),
        (LogV2, "nonsense", |why| {
            matches!(why, InvalidAnswer::Malformed(_))
        }),
        (TimestampAuthority, "nonsense", |why| {
            matches!(why, InvalidAnswer::Malformed(_))
        }),
        (TimestampAuthority, "other-bytes", |why| {
            *why == InvalidAnswer::OtherBytes
        }),
        (TimestampAuthority, "other-request", |why| {
            *why == InvalidAnswer::OtherRequest
        }),
        (TimestampAuthority, "refusing", |why| {
            *why == InvalidAnswer::NoStamp(2)
        }),
    ];
    for (kind, how, is_told) in answers {
        match refused(&sigstore, kind, how) {
            SigningError::Answer { service, why } => {
                assert_eq!(service, sigstore.service(kind, how));
                assert!(is_told(&why), "{kind:?} {how}: {why:?}");
            }
            other => panic!("{kind:?} {how}: {other:?}"),
        }
    }
}

#[test]
fn a_service_that_gives_nothing_is_named_with_the_reason() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    for kind in [CertificateAuthority, LogV1, LogV2, TimestampAuthority] {
        for (how, is_told) in [
            (
                "unavailable",
                (|why| matches!(why, NoAnswer::Refused { status: 503, message } if message == "try again later"))
                    as fn(&NoAnswer) -> bool,
            ),
            ("endless", |why| matches!(why, NoAnswer::TooLarge(_))),
            (
                "elsewhere",
                |why| matches!(why, NoAnswer::Unusable(why) if why.contains("elsewhere")),
            ),
        ] {
            match refused(&sigstore, kind, how) {
                SigningError::NoAnswer { service, why } => {
                    assert_eq!(service, sigstore.service(kind, how));
                    assert!(is_told(&why), "{kind:?} {how}: {why:?}");
                }
                other => panic!("{kind:?} {how}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_silent_service_is_not_waited_for_for_ever() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    let hasty = SigstoreClient::new(&SigstoreSettings {
        patience: Patience {
            response: Duration::from_millis(200),
            silence: Duration::from_millis(200),
            ..settings().patience
        },
        ..settings()
    });
    let begun = Instant::now();
    let service = sigstore.service(LogV1, "silent");
    let why = hasty.ask(&service, b"{}").unwrap_err();
    assert!(matches!(why, NoAnswer::Unreachable(_)), "{why:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_token_that_a_service_repeats_is_not_told() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    let mut services = sigstore.services(&[LogV1]);
    services.authority = Some(sigstore.service(CertificateAuthority, "repeating"));
    let with = Witnesses {
        services: &services,
        transport: &sigstore.client,
        root: &sigstore.root,
    };
    // Of a long one, an answer is cut in the middle.
    for length in [0, 5000] {
        let claims = json!({"sub": "s", "more": "x".repeat(length)});
        let token = IdentityToken::read(&token_text(&claims)).unwrap();
        let why = sign_as(&statement(), &token, with).unwrap_err();
        let told = format!("{why:?}");
        assert!(told.contains("the identity token (secret)"), "{told}");
        assert!(!told.contains("eyJ"), "{told}");
        assert!(!format!("{token:?}").contains("eyJ"), "{token:?}");
    }
}

#[test]
fn nobody_is_asked_offline_or_in_the_clear() {
    let offline = client(true);
    let service = |address: &str| linchpin_trust::Service {
        kind: LogV1,
        address: address.to_owned(),
    };
    // Nothing listens there, which nobody finds out.
    let here = service("http://127.0.0.1:1");
    assert_eq!(offline.ask(&here, b"{}"), Err(NoAnswer::Offline));
    let online = client(false);
    for address in ["http://rekor.example", "rekor.example", "https://a b", ""] {
        let why = online.ask(&service(address), b"{}").unwrap_err();
        assert!(matches!(why, NoAnswer::Address(_)), "{address}: {why:?}");
    }
    let why = online.ask(&here, b"{}").unwrap_err();
    assert!(matches!(why, NoAnswer::Unreachable(_)), "{why:?}");
}
