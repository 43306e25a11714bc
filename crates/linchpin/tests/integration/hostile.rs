//! Hostile input, from the outside: a clear error or note, and never a panic.

use std::os::unix::fs::PermissionsExt;

use crate::program::{outcome, program, run};

#[test]
fn nothing_from_a_target_reaches_the_terminal_raw() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "{\"name\":\"a\",\"lockfileVersion\":3,\"packages\":{\"\":{\"dependencies\":{\"x\\u001b[31m\":\"1\"}},\"node_modules/lodash\":{\"version\":\"4.17.20\",\"license\":\"\\u001b]0;title\\u0007\"},\"node_modules/x\\u001b[31m\":{\"version\":\"1.0.0\\u202e\"}}}";
    std::fs::create_dir(folder.path().join("dir\u{1b}[2J")).unwrap();
    std::fs::write(folder.path().join("dir\u{1b}[2J/package-lock.json"), evil).unwrap();
    for arguments in [&["scan"][..], &["scan", "-v"], &["scan", "--include-dev"]] {
        let mut arguments = arguments.to_vec();
        let target = folder.path().display().to_string();
        arguments.push(&target);
        let scan = run(&arguments);
        assert_eq!(scan.code, 0, "{}", scan.stderr);
        assert!(scan.stdout.contains("lodash"));
        for text in [&scan.stdout, &scan.stderr] {
            assert!(
                !text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains('\u{7}'),
                "{text:?}"
            );
        }
    }
    let missing = run(&["scan", "no\u{1b}[31msuch"]);
    assert!(!missing.stderr.contains('\u{1b}'), "{:?}", missing.stderr);
}

#[test]
fn a_folder_without_permission_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    let locked = folder.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::write(folder.path().join("requirements.txt"), "requests==2.19.1\n").unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let target = folder.path().display().to_string();
    // The super-user may read everything, so the program is run as somebody else then.
    let scan = if std::fs::read_dir(&locked).is_ok() {
        let mut copied = assert_cmd::Command::new("setpriv");
        let program = env!("CARGO_BIN_EXE_linchpin");
        let copy = folder.path().join("linchpin");
        std::fs::copy(program, &copy).unwrap();
        copied
            .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
            .arg(&copy)
            .args(["scan", &target]);
        outcome(copied.env("XDG_DATA_HOME", "/nonexistent"))
    } else {
        run(&["scan", &target])
    };
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(scan.code, 0, "{}", scan.stderr);
    assert!(scan.stdout.contains("requests"), "{}", scan.stdout);
    assert!(
        scan.stdout.contains("locked") && scan.stdout.contains("ermission denied"),
        "{}",
        scan.stdout
    );
}

#[test]
fn broken_files_are_noted_and_the_rest_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    write("good/requirements.txt", b"requests==2.19.1\n");
    write(
        "deep/package-lock.json",
        "{\"a\":".repeat(100_000).as_bytes(),
    );
    write(
        "cut/package-lock.json",
        b"{\"lockfileVersion\":3,\"packages\":{",
    );
    write("bytes/Cargo.lock", b"\xff\xfe\x00\x01");
    write(
        "nested/poetry.lock",
        format!("a = {}", "[".repeat(100_000)).as_bytes(),
    );
    write("bin/tool", b"\x7fELF\x02\x01\x01");
    let scan = run(&["scan", "-v", folder.path().to_str().unwrap()]);
    assert_eq!(scan.code, 0, "{}", scan.stderr);
    assert!(scan.stdout.contains("CVE-2018-18074"), "{}", scan.stdout);
    for broken in [
        "deep/package-lock.json",
        "cut/package-lock.json",
        "bytes/Cargo.lock",
        "nested/poetry.lock",
    ] {
        assert!(
            scan.stdout.contains(broken),
            "{broken} is not noted in {}",
            scan.stdout
        );
    }
    assert!(!scan.stderr.contains("panicked"), "{}", scan.stderr);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let shell = format!(
        "'{}' scan . --format json | head -c 1",
        env!("CARGO_BIN_EXE_linchpin")
    );
    let mut command = assert_cmd::Command::new("bash");
    command
        .args(["-o", "pipefail", "-c", &shell])
        .current_dir(crate::program::storefront());
    let outcome = outcome(command.env("XDG_DATA_HOME", "/nonexistent"));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(
        program(&["--version"]).output().unwrap().status.code(),
        Some(0)
    );
}
