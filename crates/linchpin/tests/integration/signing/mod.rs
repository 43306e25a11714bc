//! `linchpin keygen`, `sign`, `attest`, `verify`, `trust-root` and what the conformance suite of
//! Sigstore calls: exit codes, results and messages.

mod files;
mod hostile_registries;
mod identity;
mod images;
mod keys;
mod registries;
mod results;
mod roots;

use std::fs;
use std::path::Path;

use crate::program::{Outcome, outcome, program};

/// A folder with an artifact, and a pair of keys.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        bench.write("app.tar", b"an application\n");
        let made = bench.run(&["keygen", "release"]);
        assert_eq!(made.code, 0, "{made:?}");
        bench
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path().join(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap()
    }

    /// Runs the program in the folder, with a passphrase in the environment.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let mut command = program(arguments);
        command
            .current_dir(self.path())
            .env("LINCHPIN_PASSPHRASE", "a passphrase");
        outcome(&mut command)
    }

    pub(crate) fn succeeds(&self, arguments: &[&str]) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {outcome:?}");
        outcome
    }

    /// Runs the program, which must end with this code and say this.
    pub(crate) fn fails(&self, code: i32, arguments: &[&str], says: &str) {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert!(outcome.stderr.contains(says), "{arguments:?}: {outcome:?}");
    }
}
