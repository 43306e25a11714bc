//! Trusted roots: those in the program, and files that are none.

use linchpin_trust::{InvalidTrustedRoot, RootOrigin, TrustedPartyKind, TrustedRoot};

#[test]
fn the_roots_in_the_program_can_be_used() {
    for root in [TrustedRoot::production(), TrustedRoot::staging()] {
        let parties = root.parties().unwrap();
        for kind in [
            TrustedPartyKind::CertificateAuthority,
            TrustedPartyKind::TransparencyLog,
            TrustedPartyKind::CertificateLog,
            TrustedPartyKind::TimestampAuthority,
        ] {
            assert!(parties.iter().any(|party| party.kind == kind), "{kind:?}");
        }
        let read = TrustedRoot::read(root.json().as_bytes()).unwrap();
        assert_eq!(read.origin(), RootOrigin::Given);
        assert_eq!(read.digest(), root.digest());
        assert_eq!(read.parties().unwrap(), parties);
    }
    let production = TrustedRoot::production().parties().unwrap();
    let addresses: Vec<&str> = production.iter().map(|party| &*party.address).collect();
    assert!(
        addresses.contains(&"https://rekor.sigstore.dev"),
        "{addresses:?}"
    );
    assert!(
        addresses.contains(&"https://fulcio.sigstore.dev"),
        "{addresses:?}"
    );
}

#[test]
fn what_is_no_root_is_refused() {
    for bytes in [&b""[..], b"{}", b"[]", b"\xff", b"null"] {
        assert!(matches!(
            TrustedRoot::read(bytes),
            Err(InvalidTrustedRoot::Malformed(_))
        ));
    }
    assert!(matches!(
        TrustedRoot::read(br#"{"mediaType": "text/plain"}"#),
        Err(InvalidTrustedRoot::MediaType(_))
    ));
    let large = vec![b' '; 5 << 20];
    assert!(matches!(
        TrustedRoot::read(&large),
        Err(InvalidTrustedRoot::TooLarge)
    ));
    // A key in it that is none.
    let broken = TrustedRoot::production().json().replacen(
        "\"rawBytes\": \"MFkw",
        "\"rawBytes\": \"MFkx",
        1,
    );
    assert_ne!(broken, TrustedRoot::production().json());
    assert!(TrustedRoot::read(broken.as_bytes()).is_err());
}
