//! Making keys, and where passphrases come from.

use std::fs;

use super::Bench;
use crate::program::{outcome, program};

#[test]
fn keys_are_made_once_and_for_their_owner() {
    let bench = Bench::new();
    let private = String::from_utf8(bench.read("release.key")).unwrap();
    assert!(private.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    assert!(
        bench
            .read("release.pub")
            .starts_with(b"-----BEGIN PUBLIC KEY-----\n")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(bench.path().join("release.key")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
    bench.fails(
        5,
        &["keygen", "release"],
        "there is a file of that name already",
    );
    assert_eq!(bench.read("release.key"), private.as_bytes());
    let again = bench.succeeds(&["keygen", "release", "--force", "--algorithm", "ecdsa-p384"]);
    assert!(again.stdout.starts_with("ECDSA P-384 key "), "{again:?}");
    assert!(
        again.stderr.contains("encrypted by the passphrase"),
        "{again:?}"
    );
    assert_ne!(bench.read("release.key"), private.as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(bench.path().join("release.key")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
    let plain = bench.succeeds(&["keygen", "plain-1.0", "--no-passphrase"]);
    assert!(plain.stderr.contains("whoever can read it"), "{plain:?}");
    assert!(
        bench
            .read("plain-1.0.key")
            .starts_with(b"-----BEGIN PRIVATE KEY-----\n")
    );
}

#[test]
fn a_passphrase_comes_from_a_file_or_the_environment_and_never_from_nowhere() {
    let bench = Bench::new();
    let mut command = program(&["keygen", "other"]);
    let asked = outcome(command.current_dir(bench.path()));
    assert_eq!((asked.code, asked.stdout.as_str()), (7, ""));
    assert!(
        asked.stderr.contains("hint: set LINCHPIN_PASSPHRASE"),
        "{asked:?}"
    );
    assert!(!bench.path().join("other.key").exists());

    let mut command = program(&["keygen", "other"]);
    let empty = outcome(
        command
            .current_dir(bench.path())
            .env("LINCHPIN_PASSPHRASE", ""),
    );
    assert_eq!(empty.code, 7);
    assert!(empty.stderr.contains("protects nothing"), "{empty:?}");

    bench.write("word", b"another passphrase\r\n");
    bench.succeeds(&["keygen", "other", "--passphrase-file", "word"]);
    let sign = ["sign", "app.tar", "--key", "other.key"];
    bench.fails(7, &sign, "the passphrase does not open the key");
    bench.succeeds(&[&sign[..], &["--passphrase-file", "word"]].concat());
    bench.succeeds(&["verify", "app.tar", "--key", "other.pub"]);
}
