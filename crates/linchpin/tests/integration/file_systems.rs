//! File systems in a file, made by squashfs's own tool: they hold what the folder holds.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run the tool that makes file systems"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use linchpin_source::{Entry, Limits, Pattern, ReaderIndex, SourceOptions, Visitor, Wants};
use serde_json::Value;

use crate::program::{available, run};

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

fn lock(name: &str) -> String {
    format!(
        r#"{{"name":"{name}","version":"1.0.0","lockfileVersion":3,"packages":{{"":{{"name":"{name}","version":"1.0.0"}},"node_modules/{name}-part":{{"version":"1.2.3"}}}}}}"#
    )
}

/// A system with files of all sizes, long names and links.
fn system(folder: &Path) {
    write(
        folder,
        "usr/lib/os-release",
        "ID=debian\nVERSION_ID=\"12\"\n",
    );
    std::fs::create_dir_all(folder.join("etc")).unwrap();
    std::os::unix::fs::symlink("../usr/lib/os-release", folder.join("etc/os-release")).unwrap();
    let mut status = String::new();
    for number in 0..4000 {
        let _ = write!(
            status,
            "Package: p{number}\nStatus: install ok installed\nVersion: 1.{number}\nArchitecture: all\n\n"
        );
    }
    write(folder, "var/lib/dpkg/status", status);
    write(folder, "srv/app/package-lock.json", lock("app"));
    let long = format!("srv/{}/{}", "long-".repeat(30), "longer-".repeat(20));
    write(folder, &format!("{long}/package-lock.json"), lock("deep"));
    for number in 0..700 {
        write(folder, &format!("many/{number}/small"), number.to_string());
    }
    write(folder, "holes", vec![0; 700_000]);
    write(folder, "empty", "");
}

fn squash(work: &Path, compression: &str) -> bool {
    let made = Command::new("mksquashfs")
        .args([
            "tree",
            "image.squashfs",
            "-quiet",
            "-no-progress",
            "-noappend",
            "-comp",
            compression,
        ])
        .current_dir(work)
        .output();
    let there = made.is_ok();
    if let Ok(made) = made {
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
    }
    available(there, "mksquashfs")
}

fn found_in(target: &Path) -> Value {
    let outcome = run(&["sbom", "-q", &target.display().to_string(), "-f", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    outcome.json()
}

#[test]
fn a_squashfs_holds_what_the_folder_holds() {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    system(&work.join("tree"));
    let expected = found_in(&work.join("tree"));
    assert!(expected["packages"].as_array().unwrap().len() > 4000);
    for compression in ["gzip", "xz", "lz4", "zstd"] {
        if !squash(work, compression) {
            return;
        }
        let found = found_in(&work.join("image.squashfs"));
        assert_eq!(found["packages"], expected["packages"], "{compression}");
        assert_eq!(
            found["target"]["distribution"],
            expected["target"]["distribution"]
        );
        assert_eq!(found["target"]["kind"], "archive");
    }
    squash(work, "lzo");
    let outcome = run(&["scan", &work.join("image.squashfs").display().to_string()]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("compressed with lzo"),
        "{}",
        outcome.stderr
    );
}

/// An image as Singularity makes it: a header, two descriptors, the file system.
fn singularity(file_system: &[u8], kind: i32) -> Vec<u8> {
    let mut image = b"#!/usr/bin/env run-singularity\n\0SIF_MAGIC\x0001\x0002\0".to_vec();
    image.resize(64, 0);
    let data_at: i64 = 128 + 2 * 585;
    let length = i64::try_from(file_system.len()).unwrap();
    for number in [0, 0, 0, 2, 128, 2 * 585, data_at, length] {
        image.extend(i64::to_le_bytes(number));
    }
    for (sort, length) in [(0x4001_i32, 0), (0x4004, length)] {
        let begins = image.len();
        image.extend(sort.to_le_bytes());
        image.push(1);
        image.resize(begins + 17, 0);
        for number in [data_at, length, length] {
            image.extend(number.to_le_bytes());
        }
        image.resize(begins + 201, 0);
        image.extend(kind.to_le_bytes());
        image.extend(2_i32.to_le_bytes());
        image.extend(b"02\0");
        image.resize(begins + 585, 0);
    }
    image.extend(file_system);
    image
}

#[test]
fn an_image_of_singularity_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    system(&work.join("tree"));
    if !squash(work, "gzip") {
        return;
    }
    let squashed = std::fs::read(work.join("image.squashfs")).unwrap();
    let image = work.join("image.sif");
    std::fs::write(&image, singularity(&squashed, 1)).unwrap();
    let found = found_in(&image);
    assert_eq!(found["packages"], found_in(&work.join("tree"))["packages"]);
    assert_eq!(found["target"]["kind"], "image");
    assert_eq!(found["target"]["platform"], "linux/amd64");
    for (kind, expected) in [(2, "ext3"), (5, "encrypted"), (4, "none that is read")] {
        std::fs::write(&image, singularity(&squashed, kind)).unwrap();
        let outcome = run(&["scan", &image.display().to_string()]);
        assert_eq!(outcome.code, 3);
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
}

struct Nobody;

impl Visitor for Nobody {
    fn visit(&self, _: &Entry<'_>, _: &[ReaderIndex]) {}
}

#[test]
fn damage_is_an_error_and_nothing_worse() {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    let tree = work.join("tree");
    write(&tree, "a/wanted", "one");
    write(&tree, "a/b/big", vec![b'x'; 20_000]);
    std::os::unix::fs::symlink("a/b", tree.join("link")).unwrap();
    for compression in ["gzip", "zstd"] {
        if !squash(work, compression) {
            return;
        }
        let whole = std::fs::read(work.join("image.squashfs")).unwrap();
        let end = whole.iter().rposition(|byte| *byte != 0).unwrap();
        let read = |bytes: &[u8]| {
            let options = SourceOptions {
                limits: Limits {
                    entries: 1000,
                    unpacked_bytes: 16 << 20,
                    executable_bytes: 1 << 20,
                    file_bytes: 1 << 20,
                    ..Limits::default()
                },
                ..SourceOptions::default()
            };
            let wants = Wants::compile([&[Pattern::Name("wanted")][..]]).unwrap();
            let _ = linchpin_source::open_stream(&mut &*bytes, options)
                .and_then(|source| source.visit(&wants, &Nobody));
        };
        let mut state = 1_u32;
        for place in 0..=end {
            let mut changed = whole.clone();
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            changed[place] ^= (state >> 24) as u8 | 1;
            read(&changed);
            read(&whole[..place]);
        }
    }
}
