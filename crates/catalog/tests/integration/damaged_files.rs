//! The files of all cases, damaged at random: no reader may panic, whatever it is given.

use std::fs;
use std::path::{Path, PathBuf};

use linchpin_catalog::{catalogers, read_with};
use linchpin_model::TargetPath;
use linchpin_source::{Entry, Mode};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::cases::cases;

/// Larger files than this would only make the test slow.
const LARGEST: u64 = 64 << 10;

#[test]
fn no_reader_panics_on_a_damaged_file() {
    for cataloger in catalogers() {
        for case in fs::read_dir(cases().join(cataloger.id.0))
            .into_iter()
            .flatten()
        {
            let root = case.unwrap().path().join("input");
            let mut files = Vec::new();
            collect(&root, &mut files);
            for file in files {
                damage(cataloger.id.0, &root, &file);
            }
        }
    }
}

fn damage(id: &str, root: &Path, file: &Path) {
    let content = fs::read(file).unwrap();
    let inside = file.strip_prefix(root).unwrap().to_string_lossy();
    let path = TargetPath::new(&inside);
    let changes = proptest::collection::vec((any::<usize>(), any::<u8>(), 0_u8..4), 0..12);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&changes, |changes| {
            let mut damaged = content.clone();
            for (at, byte, what) in changes {
                if damaged.is_empty() {
                    break;
                }
                let at = at % damaged.len();
                match what {
                    0 => damaged[at] = byte,
                    1 => damaged.insert(at, byte),
                    2 => drop(damaged.remove(at)),
                    _ => damaged.truncate(at + 1),
                }
            }
            let entry = Entry::whole(&path, None, Mode(0o755), &damaged);
            read_with(id, &entry);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{id}: {}: {error}", file.display()));
}

/// All files below a folder; links are not followed.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&entry.path(), files);
        } else if kind.is_file() && entry.metadata().unwrap().len() <= LARGEST {
            files.push(entry.path());
        }
    }
}
