//! `linchpin purl`: one line out for each line in.

use crate::program::{Outcome, outcome, program, run};

fn fed(mode: &str, lines: &[u8]) -> Outcome {
    outcome(program(&["purl", mode]).write_stdin(lines))
}

#[test]
fn parts_are_read_and_written() {
    let lines = "pkg:npm/%40scope/name@1.0.0?vcs_url=git%2Bssh:%2F%2Fgit@packages.example#dist\n\
                 pkg:PyPI/Some_Name\r\n\
                 \n\
                 pkg:swift/name@1";
    let parsed = fed("parse", lines.as_bytes());
    assert_eq!(parsed.code, 0);
    assert_eq!(parsed.stderr, "");
    assert_eq!(
        parsed.stdout,
        concat!(
            r#"{"type":"npm","namespace":"@scope","name":"name","version":"1.0.0","qualifiers":{"vcs_url":"git+ssh://git@packages.example"},"subpath":"dist"}"#,
            "\n",
            r#"{"type":"pypi","namespace":null,"name":"some-name","version":null,"qualifiers":null,"subpath":null}"#,
            "\n",
            r#"{"error":"there is no scheme; it begins with `pkg:`"}"#,
            "\n",
            r#"{"error":"the type `swift` demands a namespace"}"#,
            "\n"
        )
    );
    let built = fed("build", parsed.stdout.as_bytes());
    assert_eq!(built.code, 0);
    let lines: Vec<&str> = built.stdout.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[..2],
        [
            "pkg:npm/%40scope/name@1.0.0?vcs_url=git%2Bssh:%2F%2Fgit%40packages.example#dist",
            "pkg:pypi/some-name"
        ]
    );
    assert!(
        lines[2..]
            .iter()
            .all(|line| line.starts_with(r#"{"error":"#))
    );
}

#[test]
fn a_checksum_may_be_a_list() {
    let built = fed(
        "build",
        br#"{"type":"generic","name":"n","qualifiers":{"checksum":["md5:0a","sha1:0b"],"x":null}}"#,
    );
    assert_eq!(built.stdout, "pkg:generic/n?checksum=md5:0a%2Csha1:0b\n");
}

#[test]
fn validation_is_a_verdict_and_its_reasons() {
    let outcome = fed(
        "validate",
        b"pkg:npm/name@1\npkg:NPM/name\npkg:cargo/a/b@1\n\xff\n",
    );
    assert_eq!(outcome.code, 0);
    assert_eq!(
        outcome.stdout,
        concat!(
            r#"{"valid":true,"messages":[]}"#,
            "\n",
            r#"{"valid":true,"messages":[{"severity":"warning","message":"the type is not in lower case"},{"severity":"warning","message":"the canonical form is `pkg:npm/name`"}]}"#,
            "\n",
            r#"{"valid":false,"messages":[{"severity":"error","message":"the type `cargo` has no namespace, and here is `a`"}]}"#,
            "\n",
            r#"{"valid":false,"messages":[{"severity":"error","message":"the line is not UTF-8"}]}"#,
            "\n"
        )
    );
}

#[test]
fn whatever_comes_in_one_line_goes_out() {
    let mut hostile: Vec<u8> = Vec::new();
    let lines: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"\0\xff\xfe".to_vec(),
        b"pkg:".to_vec(),
        [b"pkg:npm/".to_vec(), vec![b'%'; 1 << 20]].concat(),
        [b"pkg:npm/".to_vec(), vec![b'/'; 1 << 20]].concat(),
        [b"pkg:npm/a?".to_vec(), b"a=b&".repeat(1 << 18)].concat(),
        [b"{\"type\":".to_vec(), vec![b'['; 1 << 20]].concat(),
        b"{\"type\":\"npm\",\"name\":\"a\",\"verzion\":\"1\"}".to_vec(),
        b"null".to_vec(),
    ];
    for line in &lines {
        hostile.extend_from_slice(line);
        hostile.push(b'\n');
    }
    for mode in ["parse", "build", "validate"] {
        let outcome = fed(mode, &hostile);
        assert_eq!(outcome.code, 0, "{mode}: {}", outcome.stderr);
        assert_eq!(outcome.stdout.lines().count(), lines.len(), "{mode}");
        assert!(outcome.stdout.lines().all(|line| line.starts_with('{')));
    }
}

#[test]
fn what_to_do_must_be_said() {
    let outcome = run(&["purl"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("validate"), "{}", outcome.stderr);
}
