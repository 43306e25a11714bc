//! Databases of operating systems made to cost time or memory: pointers that lead to one place
//! again and again, counts that nothing stands behind, names that everybody provides.

use std::time::{Duration, Instant};

use linchpin_catalog::{read_with, take_inventory};
use linchpin_model::{Inventory, TargetPath};
use linchpin_source::{Entry, Mode, SourceOptions, open};

/// What a debug build on a busy machine may take for one target.
const PATIENCE: Duration = Duration::from_secs(60);

fn inventory_of(path: &str, content: &[u8]) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, content).unwrap();
    let start = Instant::now();
    let source = open(
        &folder.path().display().to_string(),
        SourceOptions::default(),
    )
    .unwrap();
    let inventory = take_inventory(source.as_ref()).unwrap();
    assert!(start.elapsed() < PATIENCE, "{path} takes too long");
    inventory
}

fn notes(inventory: &Inventory) -> String {
    inventory
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

/// A header of rpm: tags with lists of texts, and nothing else.
fn rpm_header(tags: &[(u32, u32, Vec<String>)]) -> Vec<u8> {
    let (mut index, mut data) = (Vec::new(), Vec::new());
    for (tag, kind, texts) in tags {
        for word in [*tag, *kind, data.len() as u32, texts.len() as u32] {
            index.extend(word.to_be_bytes());
        }
        for text in texts {
            data.extend(text.as_bytes());
            data.push(0);
        }
    }
    let mut header = Vec::new();
    header.extend((tags.len() as u32).to_be_bytes());
    header.extend((data.len() as u32).to_be_bytes());
    header.extend(index);
    header.extend(data);
    header
}

fn one(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

/// A `Packages.db` with these headers.
fn ndb(headers: &[Vec<u8>]) -> Vec<u8> {
    let pages = (headers.len() + 2).div_ceil(256);
    let mut file = b"RpmP".to_vec();
    for word in [0, 1, pages as u32, 0, 0, 0, 0] {
        file.extend(word.to_le_bytes());
    }
    let mut blobs = Vec::new();
    for (index, header) in headers.iter().enumerate() {
        let start = pages * 4096 + blobs.len();
        let number = index as u32 + 1;
        blobs.extend(b"BlbS");
        for word in [number, 0, header.len() as u32] {
            blobs.extend(word.to_le_bytes());
        }
        blobs.extend(header);
        blobs.resize(blobs.len().next_multiple_of(16) + 16, 0);
        file.extend(b"Slot");
        for word in [number, (start / 16) as u32, 0] {
            file.extend(word.to_le_bytes());
        }
    }
    while file.len() < pages * 4096 {
        file.extend(b"Slot\0\0\0\0\0\0\0\0\0\0\0\0");
    }
    file.extend(blobs);
    file
}

#[test]
fn what_all_packages_provide_and_require_makes_no_square_of_edges() {
    let count = 2_000;
    let headers: Vec<Vec<u8>> = (0..count)
        .map(|number| {
            rpm_header(&[
                (1000, 6, one(&format!("a{number}"))),
                (1001, 6, one("1")),
                (1047, 8, one("v")),
                (1049, 8, vec!["v".to_owned(), "/bin/x".to_owned()]),
                (1118, 8, one("/usr/bin/")),
                (1117, 8, one("x")),
                (1116, 4, vec!["\0\0\0".to_owned()]),
            ])
        })
        .collect();
    let inventory = inventory_of("var/lib/rpm/Packages.db", &ndb(&headers));
    assert_eq!(inventory.packages.len(), count);
    let edges: usize = inventory
        .iter()
        .map(|(id, _)| inventory.dependencies_of(id).len())
        .sum();
    assert!(edges > count && edges < count * 150, "{edges}");
}

#[test]
fn headers_with_long_lists_are_read_in_time() {
    let many = |text: &str| vec![text.to_owned(); 300_000];
    let header = rpm_header(&[
        (1000, 6, one("a")),
        (1001, 6, one("1")),
        (1047, 8, many("v")),
        (1049, 8, many("v")),
        (
            1118,
            8,
            vec![format!("/{}/", "d".repeat(10_000)), "/e/".to_owned()],
        ),
        (1117, 8, many("x")),
    ]);
    let inventory = inventory_of("var/lib/rpm/Packages.db", &ndb(&[header]));
    assert_eq!(inventory.packages.len(), 1);
}

#[test]
fn one_blob_in_many_slots_is_read_once_or_so() {
    let header = rpm_header(&[(1000, 6, one(&"a".repeat(1000))), (1001, 6, one("1"))]);
    let mut file = ndb(&vec![header; 5_000]);
    let first = file[32..48].to_vec();
    for slot in 1..5_000 {
        file[32 + slot * 16..48 + slot * 16].copy_from_slice(&first);
    }
    let inventory = inventory_of("var/lib/rpm/Packages.db", &file);
    assert_eq!(inventory.packages.len(), 1);
}

/// A record of SQLite: a header of types, and the values' bytes.
fn record(types: &[u8], body: &[u8]) -> Vec<u8> {
    let mut record = vec![types.len() as u8 + 1];
    record.extend(types);
    record.extend(body);
    record
}

#[test]
fn cells_that_share_a_record_are_not_all_read() {
    const PAGE: usize = 65536;
    let sql = b"create table Packages (hnum integer primary key, blob blob)";
    let mut body = b"tablePackagesPackages\x02".to_vec();
    body.extend(sql);
    // The type of the statement takes two bytes.
    let kind = 13 + 2 * sql.len();
    let mut types = vec![23, 29, 29, 1];
    types.extend([0x80 | (kind >> 7) as u8, (kind & 0x7f) as u8]);
    let row = record(&types, &body);
    let mut file = vec![0; 2 * PAGE];
    file[..16].copy_from_slice(b"SQLite format 3\0");
    file[16..18].copy_from_slice(&[0, 1]);
    file[56..60].copy_from_slice(&1_u32.to_be_bytes());
    let leaf = |page: &mut [u8], header: usize, cells: u16, at: u16| {
        page[header] = 13;
        page[header + 3..header + 5].copy_from_slice(&cells.to_be_bytes());
        for cell in 0..usize::from(cells) {
            page[header + 8 + 2 * cell..][..2].copy_from_slice(&at.to_be_bytes());
        }
    };
    leaf(&mut file[..PAGE], 100, 1, 1000);
    file[1000] = row.len() as u8;
    file[1001] = 1;
    file[1002..1002 + row.len()].copy_from_slice(&row);
    // 15,000 cells, all of them the same one with 30,000 values of no bytes.
    leaf(&mut file[PAGE..], 0, 15_000, 31_000);
    let cell = &mut file[PAGE + 31_000..];
    let length = 30_003_usize;
    let number = |value: usize| {
        [
            0x80 | (value >> 14) as u8,
            0x80 | (value >> 7) as u8,
            (value & 0x7f) as u8,
        ]
    };
    cell[..3].copy_from_slice(&number(length));
    cell[3] = 1;
    cell[4..7].copy_from_slice(&number(length));
    let inventory = inventory_of("var/lib/rpm/rpmdb.sqlite", &file);
    assert!(
        notes(&inventory).contains("page 2 "),
        "{}",
        notes(&inventory)
    );
}

#[test]
fn pages_in_a_circle_end() {
    const PAGE: usize = 512;
    let mut file = vec![0; 3 * PAGE];
    file[..16].copy_from_slice(b"SQLite format 3\0");
    file[16..18].copy_from_slice(&512_u16.to_be_bytes());
    // An inner page whose only child is itself.
    file[100] = 5;
    file[108..112].copy_from_slice(&1_u32.to_be_bytes());
    for path in [
        "var/lib/rpm/rpmdb.sqlite",
        "nix/var/nix/db/db.sqlite",
        "var/db/pkg/local.sqlite",
    ] {
        let inventory = inventory_of(path, &file);
        assert!(notes(&inventory).contains("in use twice"), "{path}");
    }
}

/// A hive whose root has so many children, all of them the root itself.
#[test]
fn keys_that_lead_to_each_other_end() {
    let mut file = vec![0; 4096 + (1 << 20)];
    file[..4].copy_from_slice(b"regf");
    file[0x24..0x28].copy_from_slice(&32_u32.to_le_bytes());
    let cells = &mut file[4096..];
    let size = |length: i32| (-length).to_le_bytes();
    // The key: named `Microsoft`, its children in a list at 4096, its values in one at 600000.
    cells[32..36].copy_from_slice(&size(256));
    let node = &mut cells[36..288];
    node[..2].copy_from_slice(b"nk");
    node[2] = 0x20;
    node[0x14..0x18].copy_from_slice(&60_000_u32.to_le_bytes());
    node[0x1c..0x20].copy_from_slice(&4096_u32.to_le_bytes());
    node[0x24..0x28].copy_from_slice(&60_000_u32.to_le_bytes());
    node[0x28..0x2c].copy_from_slice(&600_000_u32.to_le_bytes());
    node[0x48] = 9;
    node[0x4c..0x55].copy_from_slice(b"Microsoft");
    cells[4096..4100].copy_from_slice(&size(8 + 4 * 60_000));
    cells[4100..4102].copy_from_slice(b"ri");
    cells[4102..4104].copy_from_slice(&60_000_u16.to_le_bytes());
    for index in 0..60_000 {
        cells[4104 + 4 * index..][..4].copy_from_slice(&300_000_u32.to_le_bytes());
        cells[600_004 + 4 * index..][..4].copy_from_slice(&32_u32.to_le_bytes());
    }
    cells[300_000..300_004].copy_from_slice(&size(8 + 4 * 60_000));
    cells[300_004..300_006].copy_from_slice(b"li");
    cells[300_006..300_008].copy_from_slice(&60_000_u16.to_le_bytes());
    for index in 0..60_000 {
        cells[300_008 + 4 * index..][..4].copy_from_slice(&32_u32.to_le_bytes());
    }
    cells[600_000..600_004].copy_from_slice(&size(8 + 4 * 60_000));
    inventory_of("Windows/System32/config/SOFTWARE", &file);
    // All of what is looked for on the way to the programs is the key itself.
    for name in ["Windows", "CurrentVersion", "Uninstall"] {
        let node = &mut file[4096 + 36..];
        node[0x48] = name.len() as u8;
        node[0x4c..0x4c + name.len()].copy_from_slice(name.as_bytes());
        inventory_of("Windows/System32/config/SOFTWARE", &file);
    }
}

#[test]
fn random_bytes_behind_a_good_start_are_survived() {
    let mut state = 7_u64;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let mut sqlite = b"SQLite format 3\0\x02\x00\x02\x02\x00".to_vec();
    sqlite.resize(100, 0);
    let mut berkeley = vec![0; 12];
    berkeley.extend(0x0006_1561_u32.to_le_bytes());
    berkeley.extend([9, 0, 0, 0, 0, 2, 0, 0, 0, 8]);
    for round in 0..200 {
        for (path, start) in [
            ("var/lib/rpm/rpmdb.sqlite", sqlite.as_slice()),
            ("var/lib/rpm/Packages", berkeley.as_slice()),
            (
                "var/lib/rpm/Packages.db",
                b"RpmP\0\0\0\0\x01\0\0\0\x01\0\0\0",
            ),
            ("Windows/System32/config/SOFTWARE", b"regf"),
            ("x.rpm", b"\xed\xab\xee\xdb"),
        ] {
            let mut content = start.to_vec();
            // Small numbers are more often places in the file.
            content.extend((0..4096 + round).map(|_| if next() < 128 { 0 } else { next() % 32 }));
            let path = TargetPath::new(path);
            let id = if path.name() == "SOFTWARE" {
                "windows"
            } else {
                "rpm"
            };
            read_with(id, &Entry::whole(&path, None, Mode(0o644), &content));
        }
    }
}
