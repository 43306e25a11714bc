//! Boxes around private keys as cosign writes them, made by libsodium and Python's scrypt.

use std::fs;

use linchpin_trust::{KeyError, Passphrase, PrivateKeyFile};

use crate::reference_tools::{has_module, has_openssl, openssl, python, run};

/// Writes a box around `key.der` into `box.pem`: label, passphrase and the cost of scrypt are
/// arguments.
const MAKE_BOX: &str = r#"
import base64, hashlib, json, os, sys, textwrap
import nacl.secret
label, passphrase, cost = sys.argv[1], sys.argv[2].encode(), int(sys.argv[3])
salt, nonce = os.urandom(32), os.urandom(24)
key = hashlib.scrypt(passphrase, salt=salt, n=cost, r=8, p=1, dklen=32, maxmem=1 << 28)
sealed = nacl.secret.SecretBox(key).encrypt(open("key.der", "rb").read(), nonce).ciphertext
text = lambda data: base64.b64encode(data).decode()
document = {"kdf": {"name": "scrypt", "params": {"N": cost, "r": 8, "p": 1}, "salt": text(salt)},
            "cipher": {"name": "nacl/secretbox", "nonce": text(nonce)}, "ciphertext": text(sealed)}
body = "\n".join(textwrap.wrap(text(json.dumps(document).encode()), 64))
open("box.pem", "w").write(f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
"#;

#[test]
fn boxes_of_cosign_are_opened_by_their_passphrase_alone() {
    if !has_openssl() || !has_module("nacl.secret") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    openssl(
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-outform",
            "DER",
            "-out",
            "private.der",
        ],
        folder,
    );
    openssl(
        &[
            "pkcs8",
            "-topk8",
            "-nocrypt",
            "-inform",
            "DER",
            "-in",
            "private.der",
            "-outform",
            "DER",
            "-out",
            "key.der",
        ],
        folder,
    );
    let public = openssl(
        &["pkey", "-inform", "DER", "-in", "key.der", "-pubout"],
        folder,
    );
    for (label, word, cost) in [
        ("ENCRYPTED SIGSTORE PRIVATE KEY", "secret", "65536"),
        ("ENCRYPTED COSIGN PRIVATE KEY", "", "32768"),
    ] {
        let made = run(python(), &["-c", MAKE_BOX, label, word, cost], folder);
        assert!(made.status.success(), "{made:?}");
        let pem = fs::read(folder.join("box.pem")).unwrap();
        let file = PrivateKeyFile::read(&pem).unwrap();
        assert!(file.is_encrypted());
        assert_eq!(file.open(None).unwrap_err(), KeyError::PassphraseNeeded);
        let wrong = Passphrase::new("wrong".to_owned());
        assert_eq!(
            file.open(Some(&wrong)).unwrap_err(),
            KeyError::WrongPassphrase
        );
        let key = file.open(Some(&Passphrase::new(word.to_owned()))).unwrap();
        assert_eq!(key.public_key().to_pem().as_bytes(), public);
    }
}
