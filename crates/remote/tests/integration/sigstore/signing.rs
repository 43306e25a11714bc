//! What is signed with services that behave.

use linchpin_trust::{
    Bundle, Expectation, ExpectedSigner, ExpectedType, KeyKind, Material, NotVerified, PrivateKey,
    ServiceKind, Signer, SigningError, TrustedRoot, Witness, Witnesses, sign_as, sign_witnessed,
    verify,
};

use super::{ISSUER, Sigstore, WORKFLOW, artifact, expectation, person, statement, workflow};
use ServiceKind::{LogV1, LogV2, TimestampAuthority};

#[test]
fn who_has_a_token_signs_without_a_key_of_their_own() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    for witnesses in [
        &[LogV1][..],
        &[LogV1, TimestampAuthority],
        &[LogV2, TimestampAuthority],
        &[LogV1, LogV2, TimestampAuthority],
    ] {
        let services = sigstore.services(witnesses);
        let with = Witnesses {
            services: &services,
            transport: &sigstore.client,
            root: &sigstore.root,
        };
        let workflow_name = format!("https://forge.example/{WORKFLOW}");
        for (token, name) in [
            (person(), "me@example.org"),
            (workflow(), workflow_name.as_str()),
        ] {
            let signed = sign_as(&statement(), &token, with).unwrap();
            let evidence = signed.verified.evidence();
            let signer = Signer::Identity {
                identity: name.to_owned(),
                issuer: ISSUER.to_owned(),
            };
            assert_eq!(evidence.signer, signer);
            let is_stamped = witnesses.contains(&TimestampAuthority);
            assert_eq!((evidence.logged, evidence.stamped), (true, is_stamped));
            // Whoever gets it verifies it by its bytes alone, today and when nobody answers.
            let bundle = Bundle::read(&signed.bundle.to_json().unwrap()).unwrap();
            assert!(matches!(
                bundle.material(),
                Material::Certificates { chain, is_chain: false } if chain.len() == 1
            ));
            let verified = verify(&bundle, &artifact(), &expectation(name), &sigstore.root);
            assert!(!verified.unwrap().evidence().times.is_empty());
            let other = verify(&bundle, &artifact(), &expectation("you"), &sigstore.root);
            assert!(
                matches!(other, Err(NotVerified::Refused(why)) if why.id() == "another-identity")
            );
            let public = TrustedRoot::production();
            assert!(verify(&bundle, &artifact(), &expectation(name), &public).is_err());
        }
    }
}

#[test]
fn a_log_and_a_timestamp_authority_vouch_for_a_key_as_well() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    for kind in [KeyKind::Ed25519, KeyKind::EcdsaP256] {
        let key = PrivateKey::generate(kind).unwrap();
        let all = [LogV1, TimestampAuthority];
        let services = sigstore.services(&all);
        let with = Witnesses {
            services: &services,
            transport: &sigstore.client,
            root: &sigstore.root,
        };
        // The second time, the log has the very same entry of a key that signs without chance.
        for _ in 0..2 {
            let signed = sign_witnessed(&statement(), &key, with).unwrap();
            let evidence = signed.verified.evidence();
            assert!(evidence.logged && evidence.stamped, "{evidence:?}");
            assert!(!evidence.times.is_empty());
        }
        for (asked, witnesses) in [
            (Witness::Log, [TimestampAuthority]),
            (Witness::TimestampAuthority, [LogV1]),
        ] {
            let services = sigstore.services(&witnesses);
            let with = Witnesses {
                services: &services,
                ..with
            };
            let signed = sign_witnessed(&statement(), &key, with).unwrap();
            let expectation = Expectation {
                signer: ExpectedSigner::Key(key.public_key().clone()),
                predicate_type: ExpectedType::Signature,
                witnesses: vec![asked],
            };
            let refused = verify(&signed.bundle, &artifact(), &expectation, &sigstore.root);
            assert!(
                matches!(refused, Err(NotVerified::Refused(why)) if why.id() == "witness-missing")
            );
        }
    }
}

#[test]
fn a_log_of_version_2_takes_keys_of_one_sort() {
    let Some(sigstore) = Sigstore::here() else {
        return;
    };
    let services = sigstore.services(&[LogV2]);
    let with = Witnesses {
        services: &services,
        transport: &sigstore.client,
        root: &sigstore.root,
    };
    let key = PrivateKey::generate(KeyKind::EcdsaP256).unwrap();
    let signed = sign_witnessed(&statement(), &key, with).unwrap();
    // Such a log tells no time.
    assert!(signed.verified.evidence().logged && signed.verified.evidence().times.is_empty());
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    assert!(matches!(
        sign_witnessed(&statement(), &key, with),
        Err(SigningError::KeyNotTaken(_))
    ));
    // A certificate needs to know when: nobody is asked for one.
    assert_eq!(
        sign_as(&statement(), &person(), with).unwrap_err(),
        SigningError::NoTime
    );
}
