//! Files that only look like keys: each is refused in bounded time, and nothing panics.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_trust::{KeyError, KeyKind, Passphrase, PrivateKey, PrivateKeyFile, PublicKey};

fn pem(label: &str, content: &[u8]) -> Vec<u8> {
    let body = STANDARD.encode(content);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n").into_bytes()
}

/// Opens whatever can be opened.
fn open(file: &[u8]) -> Result<PrivateKey, KeyError> {
    PrivateKeyFile::read(file)?.open(Some(&Passphrase::new("x".to_owned())))
}

#[test]
fn what_is_no_key_says_so() {
    assert_eq!(open(b"").unwrap_err(), KeyError::NoPem);
    assert_eq!(open(&[0xff; 100]).unwrap_err(), KeyError::NoPem);
    assert!(matches!(
        open(&vec![b'a'; 100_000]).unwrap_err(),
        KeyError::TooLarge { .. }
    ));
    assert!(matches!(
        open(&pem("CERTIFICATE", b"x")).unwrap_err(),
        KeyError::OtherLabel { .. }
    ));
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let (private, public) = (key.to_plain_pem().unwrap(), key.public_key().to_pem());
    assert_eq!(
        open(public.as_bytes()).unwrap_err(),
        KeyError::PublicForPrivate
    );
    assert_eq!(
        PublicKey::read(private.as_bytes()).unwrap_err(),
        KeyError::PrivateForPublic
    );
    assert_eq!(
        PublicKey::read(format!("{public}{public}").as_bytes()).unwrap_err(),
        KeyError::SeveralKeys(2)
    );
    assert!(!format!("{key:?}").contains("private"), "{key:?}");
}

#[test]
fn a_key_may_not_ask_for_more_than_programs_ask_for() {
    let sealed = |cost: &str, name: &str| {
        let document = format!(
            r#"{{"kdf":{{"name":"{name}","params":{{"N":{cost},"r":8,"p":1}},"salt":""}},
               "cipher":{{"name":"nacl/secretbox","nonce":""}},"ciphertext":""}}"#
        );
        open(&pem("ENCRYPTED SIGSTORE PRIVATE KEY", document.as_bytes())).unwrap_err()
    };
    assert!(matches!(
        sealed("4294967296", "scrypt"),
        KeyError::Excessive(_)
    ));
    assert!(matches!(sealed("-1", "scrypt"), KeyError::Damaged(_)));
    assert!(matches!(sealed("32768", "argon"), KeyError::Encryption(_)));
    assert!(matches!(sealed("32768", "scrypt"), KeyError::Damaged(_)));
    let deep = "[".repeat(40_000);
    assert!(matches!(
        open(&pem("ENCRYPTED COSIGN PRIVATE KEY", deep.as_bytes())).unwrap_err(),
        KeyError::Damaged(_)
    ));
}

#[test]
fn no_cut_and_no_flipped_bit_of_a_key_makes_it_panic() {
    for kind in [KeyKind::Ed25519, KeyKind::EcdsaP256, KeyKind::EcdsaP384] {
        let key = PrivateKey::generate(kind).unwrap();
        for text in [
            key.to_plain_pem().unwrap().to_string(),
            key.public_key().to_pem(),
        ] {
            let content = pem_content(&text);
            let label = text.lines().next().unwrap();
            let label = label
                .trim_matches('-')
                .trim_start_matches("BEGIN ")
                .to_owned();
            for place in 0..content.len() {
                let mut changed = content.clone();
                changed[place] ^= 1 << (place % 8);
                let file = pem(&label, &changed);
                let _ = (open(&file), PublicKey::read(&file));
                let file = pem(&label, &content[..place]);
                assert!(open(&file).is_err() && PublicKey::read(&file).is_err());
            }
        }
    }
}

fn pem_content(text: &str) -> Vec<u8> {
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(body).unwrap()
}
