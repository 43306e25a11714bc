//! Files with keys: any text, and the bytes of a key under each label that is read.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use linchpin_trust::{Passphrase, PrivateKeyFile, PublicKey};

const LABELS: [&str; 8] = [
    "PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "EC PRIVATE KEY",
    "RSA PRIVATE KEY",
    "ENCRYPTED SIGSTORE PRIVATE KEY",
    "ENCRYPTED COSIGN PRIVATE KEY",
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
];

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    if let Some((choice, content)) = bytes.split_first() {
        let label = LABELS[usize::from(*choice) % LABELS.len()];
        let body = STANDARD.encode(content);
        read(format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n").as_bytes());
    }
});

fn read(file: &[u8]) {
    if let Ok(key) = PublicKey::read(file) {
        assert_eq!(PublicKey::read(key.to_pem().as_bytes()), Ok(key));
    }
    let Ok(file) = PrivateKeyFile::read(file) else {
        return;
    };
    if let Ok(key) = file.open(Some(&Passphrase::new("x".to_owned()))) {
        let written = key.to_plain_pem().unwrap();
        let again = PrivateKeyFile::read(written.as_bytes()).unwrap().open(None);
        assert_eq!(again.unwrap().public_key(), key.public_key());
        assert!(key.public_key().verifies(b"x", &key.sign(b"x").unwrap()));
    }
}
