//! Programs that are too large to be kept are read at the places where catalogers look, and tell the
//! same as small ones.

use std::fs::{self, File};
use std::path::Path;

use crate::cases::{case_input, inventory_of, render};

/// More than is kept of a program.
const LARGE: u64 = 5 << 20;

/// Cases with programs in them that some cataloger looks into.
const CASES: [&str; 6] = [
    "cargo-auditable/crates",
    "dotnet-deps/single-file",
    "elf-package-notes/programs",
    "go-binary/modules",
    "graalvm-native-image/images",
    "windows-programs/products",
];

/// Copies a folder. Programs become large; what follows a program's own end says nothing.
fn copy(from: &Path, to: &Path, enlarged: &mut usize) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let copied = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &copied, enlarged);
            continue;
        }
        fs::copy(entry.path(), &copied).unwrap();
        let start = fs::read(&copied).unwrap();
        let magics: [&[u8]; 3] = [b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe"];
        if magics.iter().any(|magic| start.starts_with(magic)) {
            let file = File::options().write(true).open(&copied).unwrap();
            file.set_len(LARGE).unwrap();
            *enlarged += 1;
        }
    }
}

#[test]
fn large_programs_tell_the_same_as_small_ones() {
    for case in CASES {
        let input = case_input(case);
        let (folder, mut enlarged) = (tempfile::tempdir().unwrap(), 0);
        // A project without a name goes by that of its folder.
        let large = folder.path().join("input");
        copy(&input, &large, &mut enlarged);
        assert!(enlarged > 0, "{case}");
        let small = render(&inventory_of(&input));
        assert!(small.contains("pkg:"), "{case}: {small}");
        assert_eq!(render(&inventory_of(&large)), small, "{case}");
    }
}
