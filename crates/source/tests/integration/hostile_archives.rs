//! Archives made to harm: each gives notes, never a hang, a crash, or more than its share.

use std::io::Write;

use linchpin_source::{Archives, Limits, SourceOptions};

use crate::archives::ar_of;
use crate::making::Member::{File, HardLink, Link};
use crate::making::{file_with, gzip, tar_of, zip_of};
use crate::seen::{Seen, told};

/// Reads a folder with this archive in it.
fn seen_in(name: &str, archive: &[u8]) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), archive).unwrap();
    Seen::with(&folder.path().display().to_string(), small()).unwrap()
}

fn seen_as_target(name: &str, archive: &[u8]) -> Result<Seen, linchpin_source::SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, archive).unwrap();
    Seen::with(&path.display().to_string(), small())
}

fn small() -> SourceOptions {
    SourceOptions {
        limits: Limits {
            file_bytes: 1 << 20,
            ratio_starts_at: 4 << 20,
            archive_bytes: 16 << 20,
            archive_ratio: 50,
            spooled_bytes: 32 << 20,
            entries: 10_000,
            ..Limits::default()
        },
        archives: Archives::All,
        ..SourceOptions::default()
    }
}

#[test]
fn names_never_lead_out_of_the_archive() {
    let seen = seen_in(
        "a.jar",
        &zip_of(&[
            ("../../wanted", b"1"),
            ("/etc/wanted", b"2"),
            ("a//./b/../wanted", b"3"),
            ("wanted", b"4"),
        ]),
    );
    assert_eq!(
        seen.paths(),
        ["a.jar!/a/wanted", "a.jar!/etc/wanted", "a.jar!/wanted"]
    );
    let links = tar_of(&[
        Link("wanted", "../../../etc/passwd"),
        HardLink("x/wanted", "/etc/passwd"),
        File("../../y/wanted", "y"),
    ]);
    let seen = seen_in("a.tar", &links);
    assert_eq!(seen.paths(), ["a.tar!/y/wanted"]);
}

#[test]
fn nesting_ends_somewhere() {
    let mut archive = zip_of(&[("wanted", b"deepest")]);
    for _ in 0..10 {
        archive = zip_of(&[("wanted", b"level"), ("a.jar", &archive)]);
    }
    let seen = seen_in("a.jar", &archive);
    assert_eq!(seen.files.len(), 4);
    assert!(
        seen.notes()
            .contains("1 archive was not opened, nested too deep in others: `a.jar!/a.jar!/a.jar!/a.jar!/a.jar`"),
        "{}",
        seen.notes()
    );
}

#[test]
fn bombs_are_given_up() {
    // One member that is large.
    let zeros = vec![0; 20 << 20];
    let seen = seen_in("a.jar", &zip_of(&[("wanted", &zeros)]));
    assert!(
        seen.notes().contains("20 MiB large and was passed over"),
        "{}",
        seen.notes()
    );
    // Many that are not.
    let zeros = vec![0; 1 << 20];
    let names: Vec<String> = (0..100).map(|number| format!("{number}/wanted")).collect();
    let members: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &zeros[..]))
        .collect();
    let archive = zip_of(&members);
    let seen = seen_in("a.jar", &archive);
    assert!(seen.files.len() < 10, "{}", seen.files.len());
    assert!(
        seen.notes().contains("being too large: `a.jar`"),
        "{}",
        seen.notes()
    );
    // Archives of archives: the whole is limited, not each.
    let middle = zip_of(&members[..3]);
    let names: Vec<String> = (0..100).map(|number| format!("{number}.jar")).collect();
    let members: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &middle[..]))
        .collect();
    let seen = seen_in("a.jar", &zip_of(&members));
    assert!(seen.files.len() < 70, "{}", seen.files.len());
    assert!(seen.notes().contains("being too large"), "{}", seen.notes());
    // Compressed as a whole.
    let mut tar = tar_of(&[File("wanted", "x")]);
    tar.truncate(1024);
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..4].copy_from_slice(b"zero");
    header.set_size(60 << 20);
    header.set_cksum();
    tar.extend(header.as_bytes());
    tar.resize(60 << 20, 0);
    let seen = seen_in("a.crate", &gzip(&tar));
    assert_eq!(seen.paths(), ["a.crate!/wanted"]);
    assert!(
        seen.notes().contains("being too large: `a.crate`"),
        "{}",
        seen.notes()
    );
}

/// A zip whose directory lists the one member that it has many times.
fn overlapping(times: u32) -> Vec<u8> {
    let zip = zip_of(&[("wanted", &vec![0; 1 << 19])]);
    let end = zip.len() - 22;
    let start = u32::from_le_bytes(zip[end + 16..end + 20].try_into().unwrap()) as usize;
    let entry = &zip[start..end];
    let mut archive = zip[..start].to_vec();
    for _ in 0..times {
        archive.extend_from_slice(entry);
    }
    let mut ending = zip[end..].to_vec();
    ending[8..10].copy_from_slice(&(times as u16).to_le_bytes());
    ending[10..12].copy_from_slice(&(times as u16).to_le_bytes());
    ending[12..16].copy_from_slice(&(times * entry.len() as u32).to_le_bytes());
    archive.extend(ending);
    archive
}

#[test]
fn overlapping_members_count_each_time() {
    let seen = seen_in("a.jar", &overlapping(5000));
    assert!(
        seen.notes().contains("being too large: `a.jar`"),
        "{}",
        seen.notes()
    );
}

#[test]
fn duplicate_names_are_all_shown() {
    let layers = tar_of(&[File("wanted", "1"), File("wanted", "2")]);
    let seen = seen_in("a.tar", &layers);
    assert_eq!(seen.files.len(), 1);
    let seen = seen_in("a.jar", &overlapping(2));
    assert_eq!(seen.notes(), "");
}

#[test]
fn huge_counts_are_given_up() {
    let seen = seen_in("a.jar", &overlapping(60_000));
    assert!(
        seen.notes().contains("being too large: `a.jar`"),
        "{}",
        seen.notes()
    );
    let mut cpio = Vec::new();
    for number in 0..10_001 {
        let name = format!("{number:05}\0");
        cpio.extend(
            format!(
                "070701{:08x}{:08x}{}{:08x}{:08x}",
                0,
                0o100_644,
                "00000000".repeat(9),
                6,
                0
            )
            .as_bytes(),
        );
        cpio.extend(name.as_bytes());
        cpio.resize(cpio.len().next_multiple_of(4), 0);
    }
    let seen = seen_in("a.cpio", &cpio);
    assert!(
        seen.notes().contains("more than 10000 entries"),
        "{}",
        seen.notes()
    );
}

#[test]
fn lies_about_sizes_and_sums_are_told() {
    let zip = zip_of(&[("wanted", b"some text that is long enough")]);
    let end = zip.len() - 22;
    let directory = u32::from_le_bytes(zip[end + 16..end + 20].try_into().unwrap()) as usize;
    for (place, reason) in [
        (16, "its checksum is wrong"),
        (24, "than the directory says"),
        (10, "is packed by method"),
        (42, "there is no file where the directory says"),
    ] {
        let mut lie = zip.clone();
        lie[directory + place] = lie[directory + place].wrapping_add(2);
        let seen = seen_in("a.jar", &lie);
        assert!(seen.files.is_empty(), "{place}");
        assert!(seen.notes().contains(reason), "{place}: {}", seen.notes());
    }
    let mut lie = zip.clone();
    lie[end + 10] = 7;
    let seen = seen_in("a.jar", &lie);
    assert!(
        seen.notes()
            .contains("its directory says that it has 7 members, and lists 1"),
        "{}",
        seen.notes()
    );
    // An encrypted member that nobody wants is nobody's business.
    let mut encrypted = zip_of(&[("wanted", b"secret"), ("other", b"x")]);
    let end = encrypted.len() - 22;
    let directory = u32::from_le_bytes(encrypted[end + 16..end + 20].try_into().unwrap()) as usize;
    encrypted[directory + 8] |= 1;
    let seen = seen_in("a.jar", &encrypted);
    assert_eq!(
        seen.notes(),
        ": 1 file in archives was not read, being encrypted: `a.jar!/wanted`\n"
    );
}

#[test]
fn archives_cut_off_anywhere_are_told_and_harm_nothing() {
    let tar = tar_of(&[File("wanted", "some text"), File("b/wanted", "other text")]);
    let deb = ar_of(&[
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", &gzip(&tar)),
        ("data.tar.gz", &gzip(&tar)),
    ]);
    let jar = zip_of(&[("a.jar", &zip_of(&[("wanted", b"x")])), ("wanted", b"y")]);
    let mut cpio = Vec::new();
    for (name, content) in [("wanted", "text"), ("TRAILER!!!", "")] {
        let mut fields = [0_usize; 13];
        (fields[1], fields[6], fields[11]) = (0o100_644, content.len(), name.len() + 1);
        cpio.extend(b"070701");
        for field in fields {
            cpio.extend(format!("{field:08x}").as_bytes());
        }
        cpio.extend(name.as_bytes());
        cpio.push(0);
        cpio.resize(cpio.len().next_multiple_of(4), 0);
        cpio.extend(content.as_bytes());
        cpio.resize(cpio.len().next_multiple_of(4), 0);
    }
    for (name, archive) in [
        ("a.deb", deb),
        ("a.jar", jar),
        ("a.crate", gzip(&tar)),
        ("a.cpio", cpio),
    ] {
        let whole = seen_as_target(name, &archive).unwrap();
        assert_eq!(whole.notes(), "", "{name}");
        for length in 0..archive.len() {
            // An error is an answer too.
            if let Ok(seen) = seen_as_target(name, &archive[..length]) {
                let told = !seen.notes().is_empty();
                assert!(told || seen.files == whole.files, "{name} at {length}");
            }
        }
    }
}

#[test]
fn damaged_bytes_harm_nothing() {
    let jar = zip_of(&[("a.jar", &zip_of(&[("wanted", b"x")])), ("wanted", b"y")]);
    let deb = ar_of(&[
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", &gzip(&tar_of(&[File("wanted", "x")]))),
        ("data.tar.gz", &gzip(&tar_of(&[File("b/wanted", "x")]))),
    ]);
    let mut rpm = vec![0xed, 0xab, 0xee, 0xdb];
    rpm.resize(96, 0);
    for _ in 0..2 {
        rpm.extend([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
        rpm.extend([0; 16]);
    }
    rpm.extend(gzip(b"070701"));
    for (name, archive) in [("a.jar", jar), ("a.deb", deb), ("a.rpm", rpm)] {
        for place in 0..archive.len() {
            for value in [0x00, 0xff, archive[place] ^ 0x41] {
                let mut damaged = archive.clone();
                damaged[place] = value;
                let _ = seen_as_target(name, &damaged);
            }
        }
    }
}

#[test]
fn a_compressed_image_archive_that_grows_too_much_is_given_up() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..9].copy_from_slice(b"blobs/x/y");
    header.set_size(60 << 20);
    header.set_cksum();
    encoder.write_all(header.as_bytes()).unwrap();
    for _ in 0..60 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let file = file_with(&encoder.finish().unwrap());
    let error = linchpin_source::open(&file.path().display().to_string(), small()).unwrap_err();
    assert!(
        told(&error).contains("unpacks to more than"),
        "{}",
        told(&error)
    );
}
