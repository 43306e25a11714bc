//! Python's readers with input that nobody wrote in good faith.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use linchpin_catalog::read_with;
use linchpin_model::TargetPath;
use linchpin_source::{Entry, Mode};
use proptest::prelude::*;

use crate::cases::inventory_of;

/// Each cataloger with a file that it reads.
const FILES: &[(&str, &str)] = &[
    ("pipfile-lock", "Pipfile"),
    ("pipfile-lock", "Pipfile.lock"),
    ("poetry-lock", "poetry.lock"),
    ("pyproject", "pyproject.toml"),
    ("python-installed", "site-packages/a-1.dist-info/METADATA"),
    (
        "python-installed",
        "site-packages/a-1.egg-info/requires.txt",
    ),
    ("python-installed", "pyvenv.cfg"),
    ("requirements", "requirements.txt"),
    ("uv-lock", "uv.lock"),
];

fn read(id: &str, path: &str, content: &[u8]) {
    let path = TargetPath::new(path);
    let entry = Entry::whole(&path, None, Mode::default(), content);
    read_with(id, &entry);
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(content in prop::collection::vec(any::<u8>(), 0..300)) {
        for (id, path) in FILES {
            read(id, path, &content);
        }
    }

    #[test]
    fn no_text_of_the_formats_own_words_makes_a_reader_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "a", "==", ">=1", "1.0", "[", "]", "(", ")", ";", "extra", "'x'", "and", "or", "not in",
            "python_version", "@", "#", "\\", "\n", " ", "-r ", "-e ", "--hash=sha256:", "# via ",
            "Requires-Dist: ", "Name: ", "é", "\u{feff}", "git+https://x#egg=", ".whl", "-", ",",
            "[[package]]\n", "name = \"a\"\n", "version = \"1\"\n", "\"", "{", "}", "=",
        ]), 0..60)
    ) {
        let content = words.concat();
        for (id, path) in FILES {
            read(id, path, content.as_bytes());
        }
    }
}

#[test]
fn long_lines_and_deep_nesting_take_no_long_time() {
    let start = Instant::now();
    for pattern in [
        "a", "[", "(", "{", " ", "\\\n", "# via a,", "a==1 ; (", "'", "a.", "\"a\":[",
    ] {
        let content = pattern.repeat(400_000 / pattern.len());
        for (id, path) in FILES {
            read(id, path, content.as_bytes());
            let field = format!("Name: a\nRequires-Dist: b; {content}");
            read(id, path, field.as_bytes());
        }
    }
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn many_extras_and_many_versions_take_no_long_time() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder
        .path()
        .join("lib/python3.11/site-packages/a-1.dist-info");
    std::fs::create_dir_all(&site).unwrap();
    let mut metadata = "Name: a\nVersion: 1\n".to_owned();
    let mut lock = "version = 1\n".to_owned();
    for number in 0..20_000 {
        let _ = writeln!(
            metadata,
            "Requires-Dist: a[x{number}]; extra == 'x{number}' or os_name == 'posix'"
        );
        let _ = writeln!(
            lock,
            "[[package]]\nname = \"a\"\nversion = \"{number}\"\ndependencies = [{{name = \"a\"}}]"
        );
    }
    std::fs::write(site.join("METADATA"), metadata).unwrap();
    std::fs::write(folder.path().join("uv.lock"), lock).unwrap();
    let start = Instant::now();
    let inventory = inventory_of(folder.path());
    assert_eq!(inventory.packages.len(), 20_000);
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}
