//! Keys and signatures of openssl are ours, and ours are openssl's: every algorithm, every form.

use std::fs;
use std::path::Path;

use linchpin_trust::{
    KeyAlgorithm, KeyError, KeyKind, Passphrase, PrivateKey, PrivateKeyFile, PublicKey,
};

use crate::reference_tools::{has_openssl, openssl, run};

const MESSAGE: &[u8] = b"what is signed\n";

/// How openssl makes a key: the algorithm, its arguments, and what we call it.
const MADE: [(&[&str], KeyAlgorithm); 4] = [
    (&["-algorithm", "ED25519"], KeyAlgorithm::Ed25519),
    (
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        KeyAlgorithm::EcdsaP256,
    ),
    (
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        KeyAlgorithm::EcdsaP384,
    ),
    (
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        KeyAlgorithm::Rsa,
    ),
];

const KINDS: [(KeyKind, KeyAlgorithm); 4] = [
    (KeyKind::Ed25519, KeyAlgorithm::Ed25519),
    (KeyKind::EcdsaP256, KeyAlgorithm::EcdsaP256),
    (KeyKind::EcdsaP384, KeyAlgorithm::EcdsaP384),
    (KeyKind::Rsa3072, KeyAlgorithm::Rsa),
];

fn passphrase() -> Passphrase {
    Passphrase::new("correct horse é".to_owned())
}

fn digest_of(algorithm: KeyAlgorithm) -> &'static str {
    match algorithm {
        KeyAlgorithm::EcdsaP384 => "-sha384",
        _ => "-sha256",
    }
}

/// Whether openssl takes the signature in `signature` over `message` for that of `public.pem`.
fn openssl_verifies(algorithm: KeyAlgorithm, folder: &Path) -> bool {
    let arguments: &[&str] = if algorithm == KeyAlgorithm::Ed25519 {
        &[
            "pkeyutl",
            "-verify",
            "-rawin",
            "-pubin",
            "-inkey",
            "public.pem",
            "-in",
            "message",
            "-sigfile",
            "signature",
        ]
    } else {
        &[
            "dgst",
            digest_of(algorithm),
            "-verify",
            "public.pem",
            "-signature",
            "signature",
            "message",
        ]
    };
    run("openssl", arguments, folder).status.success()
}

fn openssl_signs(algorithm: KeyAlgorithm, folder: &Path) -> Vec<u8> {
    if algorithm == KeyAlgorithm::Ed25519 {
        openssl(
            &[
                "pkeyutl",
                "-sign",
                "-rawin",
                "-inkey",
                "private.pem",
                "-in",
                "message",
            ],
            folder,
        )
    } else {
        openssl(
            &[
                "dgst",
                digest_of(algorithm),
                "-sign",
                "private.pem",
                "message",
            ],
            folder,
        )
    }
}

fn read(path: &Path) -> PrivateKey {
    let file = PrivateKeyFile::read(&fs::read(path).unwrap()).unwrap();
    file.open(Some(&passphrase())).unwrap()
}

#[test]
fn what_openssl_makes_and_signs_is_ours() {
    if !has_openssl() {
        return;
    }
    for (arguments, algorithm) in MADE {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("message"), MESSAGE).unwrap();
        let mut generate = vec!["genpkey"];
        generate.extend(arguments);
        generate.extend(["-out", "private.pem"]);
        openssl(&generate, folder);
        openssl(
            &[
                "pkey",
                "-in",
                "private.pem",
                "-pubout",
                "-out",
                "public.pem",
            ],
            folder,
        );
        let public = PublicKey::read(&fs::read(folder.join("public.pem")).unwrap()).unwrap();
        assert_eq!(public.algorithm(), algorithm);
        let signature = openssl_signs(algorithm, folder);
        assert!(public.verifies(MESSAGE, &signature), "{algorithm}");
        assert!(
            !public.verifies(b"something else", &signature),
            "{algorithm}"
        );
        // The public key in PEM is the same text, the hint the digest of its DER.
        assert_eq!(
            public.to_pem().as_bytes(),
            fs::read(folder.join("public.pem")).unwrap()
        );

        // Plain, encrypted in both ways, and in the forms of old: always the same key.
        let word = "pass:correct horse é";
        openssl(
            &[
                "pkcs8",
                "-topk8",
                "-in",
                "private.pem",
                "-out",
                "pbkdf2.pem",
                "-passout",
                word,
            ],
            folder,
        );
        openssl(
            &[
                "pkcs8",
                "-topk8",
                "-scrypt",
                "-in",
                "private.pem",
                "-out",
                "scrypt.pem",
                "-passout",
                word,
            ],
            folder,
        );
        let mut names = vec!["private.pem", "pbkdf2.pem", "scrypt.pem"];
        // Ed25519 is younger than the forms of old.
        if algorithm != KeyAlgorithm::Ed25519 {
            let mut write = vec!["pkey", "-in", "private.pem", "-traditional"];
            write.extend(["-out", "traditional.pem"]);
            openssl(&write, folder);
            names.push("traditional.pem");
        }
        for name in names {
            let key = read(&folder.join(name));
            assert_eq!(key.public_key(), &public, "{algorithm} {name}");
            fs::write(folder.join("signature"), key.sign(MESSAGE).unwrap()).unwrap();
            assert!(openssl_verifies(algorithm, folder), "{algorithm} {name}");
        }
        for name in ["pbkdf2.pem", "scrypt.pem"] {
            let file = PrivateKeyFile::read(&fs::read(folder.join(name)).unwrap()).unwrap();
            assert!(file.is_encrypted());
            assert_eq!(file.open(None).unwrap_err(), KeyError::PassphraseNeeded);
            let wrong = Passphrase::new("wrong".to_owned());
            // One in 256 wrong passphrases leaves bytes that look padded, and are then no key.
            assert!(matches!(
                file.open(Some(&wrong)).unwrap_err(),
                KeyError::WrongPassphrase | KeyError::Damaged(_)
            ));
        }
    }
}

#[test]
fn what_we_make_and_sign_is_openssls() {
    if !has_openssl() {
        return;
    }
    for (kind, algorithm) in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("message"), MESSAGE).unwrap();
        let key = PrivateKey::generate(kind).unwrap();
        assert_eq!(key.public_key().algorithm(), algorithm);
        fs::write(folder.join("public.pem"), key.public_key().to_pem()).unwrap();
        fs::write(folder.join("signature"), key.sign(MESSAGE).unwrap()).unwrap();
        assert!(openssl_verifies(algorithm, folder), "{algorithm}");
        fs::write(folder.join("message"), b"something else").unwrap();
        assert!(!openssl_verifies(algorithm, folder), "{algorithm}");
        fs::write(folder.join("message"), MESSAGE).unwrap();

        // Openssl opens our private keys, and its signatures are ours.
        let encrypted = key.to_encrypted_pem(&passphrase()).unwrap();
        fs::write(folder.join("encrypted.pem"), encrypted.as_bytes()).unwrap();
        openssl(
            &[
                "pkey",
                "-in",
                "encrypted.pem",
                "-passin",
                "pass:correct horse é",
                "-out",
                "private.pem",
            ],
            folder,
        );
        let signature = openssl_signs(algorithm, folder);
        assert!(
            key.public_key().verifies(MESSAGE, &signature),
            "{algorithm}"
        );
        assert_eq!(
            read(&folder.join("encrypted.pem")).public_key(),
            key.public_key()
        );
        fs::write(
            folder.join("plain.pem"),
            key.to_plain_pem().unwrap().as_bytes(),
        )
        .unwrap();
        openssl(&["pkey", "-in", "plain.pem", "-check", "-noout"], folder);
        assert_eq!(
            read(&folder.join("plain.pem")).public_key(),
            key.public_key()
        );
    }
}

#[test]
fn a_digest_is_enough_but_for_ed25519() {
    for (kind, algorithm) in KINDS {
        let key = PrivateKey::generate(kind).unwrap();
        let signature = key.sign(MESSAGE).unwrap();
        let artifact = linchpin_trust::Artifact::from_content(MESSAGE.to_vec()).unwrap();
        let other = linchpin_trust::Artifact::from_content(b"other".to_vec()).unwrap();
        let holds = |artifact: &linchpin_trust::Artifact| {
            key.public_key()
                .verifies_digest(artifact.digests(), &signature)
        };
        let expected = algorithm != KeyAlgorithm::Ed25519;
        assert_eq!(holds(&artifact), expected.then_some(true), "{algorithm}");
        assert_eq!(holds(&other), expected.then_some(false), "{algorithm}");
    }
}

#[test]
fn keys_that_are_not_taken_are_named() {
    if !has_openssl() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (name, arguments) in [
        (
            "small",
            &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"][..],
        ),
        (
            "p521",
            &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
        ),
        ("x25519", &["-algorithm", "X25519"]),
    ] {
        let (private, public) = (format!("{name}.pem"), format!("{name}.pub"));
        let mut generate = vec!["genpkey"];
        generate.extend(arguments);
        generate.extend(["-out", &private]);
        openssl(&generate, folder);
        openssl(
            &["pkey", "-in", &private, "-pubout", "-out", &public],
            folder,
        );
        let read = PublicKey::read(&fs::read(folder.join(&public)).unwrap());
        let opened = PrivateKeyFile::read(&fs::read(folder.join(&private)).unwrap())
            .unwrap()
            .open(None);
        match name {
            "small" => {
                assert_eq!(read, Err(KeyError::RsaSize { bits: 1024 }));
                assert!(opened.is_err());
            }
            _ => {
                assert!(matches!(read, Err(KeyError::Algorithm(_))), "{read:?}");
                assert!(matches!(opened, Err(KeyError::Algorithm(_))), "{opened:?}");
            }
        }
    }
    // A key of old with its curve in front, and one encrypted in the old way.
    openssl(
        &[
            "ecparam",
            "-name",
            "prime256v1",
            "-genkey",
            "-out",
            "old.pem",
        ],
        folder,
    );
    assert!(read(&folder.join("old.pem")).sign(MESSAGE).is_ok());
    openssl(
        &[
            "ec",
            "-in",
            "old.pem",
            "-aes128",
            "-passout",
            "pass:x",
            "-out",
            "encrypted.pem",
        ],
        folder,
    );
    let old = fs::read(folder.join("encrypted.pem")).unwrap();
    assert_eq!(
        PrivateKeyFile::read(&old).unwrap_err(),
        KeyError::OldEncryption
    );
}
