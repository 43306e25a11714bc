//! Hives of Windows that hivexregedit has filled: thousands of keys, the component store, and changes
//! that are still in a log.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::output_of;

/// Merges keys and values into a hive; nothing without the tool.
fn merge(hive: &Path, additions: &str) -> Option<()> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = format!("Windows Registry Editor Version 5.00\n{additions}");
    fs::write(file.path(), text).unwrap();
    let arguments = [
        "--merge",
        "--encoding",
        "UTF-8",
        hive.to_str().unwrap(),
        file.path().to_str().unwrap(),
    ];
    output_of("hivexregedit", &arguments, Path::new("/")).map(|_| ())
}

/// A folder with the hive of a server; gives the hive's path, too.
fn server() -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("Windows/System32/config");
    fs::create_dir_all(&folder).unwrap();
    let hive = folder.join("SOFTWARE");
    let original = case_input("windows/server").join("Windows/System32/config/SOFTWARE");
    fs::copy(original, &hive).unwrap();
    (root, hive)
}

/// Thousands of programs, as additions to a hive, and how they are found.
fn many_programs() -> (String, BTreeSet<String>) {
    let (mut additions, mut expected) = (String::new(), BTreeSet::new());
    for number in 0..3_000 {
        // Names and values of many lengths.
        let name = format!("Program {number} x{}", "x".repeat(number % 60));
        let _ = write!(
            additions,
            "\n[\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Key{number:05}]\n\
             \"Comment\"=dword:{number:08x}\n\"DisplayName\"=\"{name}\"\n\"DisplayVersion\"=\"1.{number}\"\n"
        );
        expected.insert(format!("{name} 1.{number}"));
    }
    (additions, expected)
}

#[test]
fn keys_that_hivexregedit_has_written_are_found() {
    let (root, hive) = server();
    let mut expected = programs(root.path());
    let (additions, more) = many_programs();
    expected.extend(more);
    if merge(&hive, &additions).is_none() {
        return;
    }
    let found = programs(root.path());
    let differences: Vec<&String> = found.symmetric_difference(&expected).take(5).collect();
    assert!(differences.is_empty(), "{differences:?}");
}

#[test]
fn changes_in_the_logs_of_a_hive_count() {
    let (root, hive) = server();
    let before = fs::read(&hive).unwrap();
    let (additions, _) = many_programs();
    if merge(&hive, &additions).is_none() {
        return;
    }
    let after = fs::read(&hive).unwrap();
    let expected = programs(root.path());
    // The changes are in two logs, each with several entries.
    let changes = entries(&before, &after, 7);
    let unfinished = numbered(&before, 8, 7);
    fs::write(&hive, &unfinished).unwrap();
    let (first, second) = changes.split_at(changes.len() / 2);
    let log = |entries: &[Vec<u8>]| {
        let mut log = before[..512].to_vec();
        log.extend(entries.concat());
        // What is left from earlier.
        log.extend(changes.first().unwrap());
        log
    };
    fs::write(hive.with_extension("LOG1"), log(second)).unwrap();
    fs::write(hive.with_extension("LOG2"), log(first)).unwrap();
    assert_eq!(programs(root.path()), expected);

    fs::write(hive.with_extension("LOG1"), vec![0; 4096]).unwrap();
    fs::write(hive.with_extension("LOG2"), b"regf").unwrap();
    let inventory = inventory_of(root.path());
    let notes: Vec<&str> = inventory
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("was being changed")),
        "{notes:?}"
    );
    assert!(inventory.packages.len() > 3 && inventory.packages.len() < 100);
}

/// A hive with these numbers of its last change begun and ended.
fn numbered(hive: &[u8], begun: u32, ended: u32) -> Vec<u8> {
    let mut hive = hive.to_vec();
    hive[4..8].copy_from_slice(&begun.to_le_bytes());
    hive[8..12].copy_from_slice(&ended.to_le_bytes());
    hive
}

/// Entries of a log, ten pages in each, that make one hive of another.
fn entries(before: &[u8], after: &[u8], first: u32) -> Vec<Vec<u8>> {
    let cells =
        |hive: &[u8]| -> Vec<Vec<u8>> { hive[4096..].chunks(4096).map(<[u8]>::to_vec).collect() };
    let (before, after) = (cells(before), cells(after));
    let changed: Vec<(usize, &Vec<u8>)> = after
        .iter()
        .enumerate()
        .filter(|(place, page)| before.get(*place) != Some(page))
        .collect();
    let size = (after.len() * 4096) as u32;
    let chunks = changed.chunks(10).enumerate();
    chunks
        .map(|(index, pages)| {
            let mut body = Vec::new();
            for (place, page) in pages {
                body.extend((place * 4096).to_le_bytes().into_iter().take(4));
                body.extend((page.len() as u32).to_le_bytes());
            }
            body.extend(pages.iter().flat_map(|(_, page)| page.iter()));
            body.resize((body.len() + 40).next_multiple_of(512) - 40, 0);
            let mut entry = b"HvLE".to_vec();
            let length = (body.len() + 40) as u32;
            for word in [length, 0, first + index as u32, size, pages.len() as u32] {
                entry.extend(word.to_le_bytes());
            }
            entry.extend(marvin32(&body));
            entry.extend(marvin32(&entry));
            entry.extend(body);
            entry
        })
        .collect()
}

/// The checksum of what is a multiple of four bytes long.
fn marvin32(bytes: &[u8]) -> [u8; 8] {
    let (mut low, mut high) = (0x7a4e_55c5_u32, 0x82ef_4d88_u32);
    let words = bytes
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes(word.try_into().unwrap()));
    for word in words.chain([0x80, 0]) {
        low = low.wrapping_add(word);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
    }
    (u64::from(high) << 32 | u64::from(low)).to_le_bytes()
}

#[test]
fn updates_of_the_component_store_are_found() {
    let (root, software) = server();
    let hive = software.with_file_name("COMPONENTS");
    fs::copy(&software, &hive).unwrap();
    let mut additions = String::new();
    for (number, (letter, identity)) in [
        (
            "i",
            "CBS_Package_7_for_KB5050008~31bf3856ad364e35~amd64~~20348.2400.1.2.5050008-7_neutral",
        ),
        (
            "i",
            "CBS_Package_for_KB5050008~31bf3856ad364e35~amd64~~20348.2400.1.2",
        ),
        (
            "s",
            "CBS_Package_for_KB5050009~31bf3856ad364e35~amd64~~20348.2401.1.2",
        ),
        (
            "p",
            "CBS_Package_for_KB5050010~31bf3856ad364e35~amd64~~20348.2402.1.2",
        ),
        // The hive SOFTWARE says of this one that it is not installed.
        (
            "i",
            "CBS_Package_for_KB5000001~31bf3856ad364e35~amd64~~1.1.1.1",
        ),
        (
            "i",
            "CBS_Microsoft-Windows-Foundation-Package~31bf3856ad364e35~amd64~~10.0.20348.1",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let data: Vec<String> = (identity.len() as u32)
            .to_le_bytes()
            .into_iter()
            .chain([0; 4])
            .chain(identity.bytes())
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let _ = write!(
            additions,
            "\n[\\CanonicalData\\Deployments\\deployment_{number}]\n\
             \"appid\"=hex(3):41\n\"{letter}!CBS_{}_0123456789abcdef\"=hex(3):{}\n",
            identity[4..30].to_ascii_lowercase(),
            data.join(",")
        );
    }
    // Keys are made one by one.
    additions = format!("\n[\\CanonicalData]\n\n[\\CanonicalData\\Deployments]\n{additions}");
    if merge(&hive, &additions).is_none() {
        return;
    }
    let inventory = inventory_of(root.path());
    assert!(inventory.notes.is_empty(), "{:?}", inventory.notes);
    let numbers: Vec<&str> = inventory
        .packages
        .iter()
        .filter(|package| package.purl.namespace() == Some("windows-update"))
        .map(|package| package.purl.as_str())
        .collect();
    assert_eq!(
        numbers,
        [
            "pkg:generic/windows-update/KB5012170@20348.880.1.1",
            "pkg:generic/windows-update/KB5033914@20348.2201.1.3",
            "pkg:generic/windows-update/KB5050008@20348.2400.1.2",
        ]
    );
}

fn programs(root: &Path) -> BTreeSet<String> {
    let inventory = inventory_of(root);
    assert!(inventory.notes.is_empty(), "{:?}", inventory.notes);
    let programs = inventory
        .packages
        .iter()
        .filter(|package| package.purl.namespace() == Some("windows-program"));
    programs
        .map(|package| format!("{} {}", package.purl.name(), package.version().unwrap()))
        .collect()
}
