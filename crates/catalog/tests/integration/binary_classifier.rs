//! The versions that are found in the programs of this machine, beside what they say themselves.

#![expect(clippy::disallowed_methods, reason = "tests run reference tools")]

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cases::inventory_of;
use crate::reference_tools::skip;

/// Programs, how to ask them, and under which name they are filed.
const PROGRAMS: &[(&str, &str, &str)] = &[
    ("bash", "--version", "bash"),
    ("curl", "--version", "curl"),
    ("git", "--version", "git"),
    ("grep", "--version", "gnu-grep"),
    ("gzip", "--version", "gzip"),
    ("jq", "--version", "jq"),
    ("memcached", "--version", "memcached"),
    ("nginx", "-v", "nginx"),
    ("node", "--version", "node"),
    ("openssl", "version", "openssl"),
    ("perl", "--version", "perl"),
    ("php", "--version", "php"),
    ("psql", "--version", "postgresql"),
    ("redis-cli", "--version", "redis"),
    ("ssh", "-V", "openssh"),
    ("tmux", "-V", "tmux"),
    ("wget", "--version", "wget"),
    ("xz", "--version", "xz"),
    ("zstd", "--version", "zstd"),
];

#[test]
fn versions_are_those_that_the_programs_print() {
    let mut compared = 0;
    for (program, argument, name) in PROGRAMS {
        let Some(file) = find(program) else { continue };
        let said = Command::new(&file).arg(argument).output().unwrap();
        let said = [said.stdout, said.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(&file, folder.path().join(program)).unwrap();
        let inventory = inventory_of(folder.path());
        let version = inventory.iter().find_map(|(_, package)| {
            (package.purl.name() == *name).then(|| package.version().unwrap_or_default().to_owned())
        });
        match version {
            Some(version) => {
                assert!(
                    said.contains(&version),
                    "{program}: {version} is not in: {said}"
                );
                compared += 1;
            }
            // A program whose version stands in a library of its own.
            None => assert!(
                is_thin(&file),
                "{program} at {} was not recognised",
                file.display()
            ),
        }
    }
    if compared == 0 {
        skip("none of the programs that are recognised is there");
    }
}

/// The program's own file, unless it is a script.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())?;
    let file = file.canonicalize().ok()?;
    std::fs::read(&file)
        .ok()?
        .starts_with(b"\x7fELF")
        .then_some(file)
}

/// Whether a program is little more than a call of its library, as Debian builds some.
fn is_thin(file: &Path) -> bool {
    file.metadata().unwrap().len() < 200_000
}
