//! Disks of machines, made by the tools that make file systems, partitions and virtual disks: they
//! hold what the folders hold that they were made of.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run the tools that make disks"
)]

use std::fmt::Write as _;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use linchpin_source::{Entry, Limits, Pattern, ReaderIndex, SourceOptions, Visitor, Wants};
use serde_json::Value;

use crate::program::{available, run};

const MIB: u64 = 1 << 20;
const BOOT_ID: &str = "6a0b1c2d-3e4f-4a5b-8c6d-7e8f90a1b2c3";

fn tool(folder: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn has_tools() -> bool {
    ["mkfs.ext4", "qemu-img", "sfdisk"].iter().all(|program| {
        let there = Command::new(program).arg("--version").output().is_ok();
        available(there, program)
    })
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// A system that starts from a partition of its own.
fn system(folder: &Path) {
    write(
        folder,
        "usr/lib/os-release",
        "ID=debian\nVERSION_ID=\"12\"\n",
    );
    std::fs::create_dir_all(folder.join("etc")).unwrap();
    std::os::unix::fs::symlink("../usr/lib/os-release", folder.join("etc/os-release")).unwrap();
    write(
        folder,
        "etc/fstab",
        format!("# places\nLABEL=none /none ext4\nUUID={BOOT_ID} /boot ext4 defaults 0 2\n"),
    );
    let mut status = String::new();
    for number in 0..2000 {
        let _ = write!(
            status,
            "Package: p{number}\nStatus: install ok installed\nVersion: 1.{number}\nArchitecture: all\n\n"
        );
    }
    write(folder, "var/lib/dpkg/status", status);
    let long = format!("srv/{}/{}", "long-".repeat(30), "longer-".repeat(20));
    for (place, name) in [("srv/app", "app"), (long.as_str(), "deep")] {
        let lock = format!(
            r#"{{"name":"{name}","version":"1.0.0","lockfileVersion":3,"packages":{{"":{{"name":"{name}","version":"1.0.0"}},"node_modules/{name}-part":{{"version":"1.2.3"}}}}}}"#
        );
        write(folder, &format!("{place}/package-lock.json"), lock);
    }
    // Enough for a folder with an index, and for a file in many places.
    for number in 0..500 {
        write(folder, &format!("many/{number}-{}", "x".repeat(60)), "x");
    }
    let mut image = vec![0; 64];
    image[0x38..0x3c].copy_from_slice(b"ARM\x64");
    image.resize(300_000, 7);
    image.extend(b"Linux version 6.1.0-50-arm64 (a@b) (gcc)\n");
    write(folder, "boot/vmlinuz-6.1.0-50-arm64", image);
}

fn make_file_system(work: &Path, tree: &str, image: &str, size: u64, more: &[&str]) {
    let blocks = format!("{}k", size / 1024);
    let mut arguments = vec!["-q", "-F", "-d", tree];
    arguments.extend(more);
    arguments.extend([image, &blocks]);
    tool(work, "mkfs.ext4", &arguments);
}

fn make_partitions(work: &Path, image: &str, script: &str) {
    let mut child = Command::new("sfdisk")
        .args(["-q", image])
        .current_dir(work)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(script.as_bytes()).unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
}

fn put(work: &Path, image: &str, at: u64, content: &[u8]) {
    let mut file = std::fs::File::options()
        .write(true)
        .open(work.join(image))
        .unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(content).unwrap();
}

fn found_in(target: &Path) -> Value {
    let outcome = run(&["sbom", "-q", &target.display().to_string(), "-f", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    outcome.json()
}

#[test]
fn a_file_system_holds_what_the_folder_holds() {
    if !has_tools() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    system(&work.join("tree"));
    let expected = found_in(&work.join("tree"));
    assert!(expected["packages"].as_array().unwrap().len() > 2000);
    for kind in ["ext4", "ext3", "ext2"] {
        make_file_system(work, "tree", "fs.img", 24 * MIB, &["-t", kind]);
        let found = found_in(&work.join("fs.img"));
        assert_eq!(found["packages"], expected["packages"], "{kind}");
        assert_eq!(
            found["target"]["distribution"],
            expected["target"]["distribution"]
        );
        assert_eq!(found["notes"], expected["notes"]);
    }
}

#[test]
fn disks_of_every_format_hold_what_their_partitions_hold() {
    if !has_tools() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    system(&work.join("tree"));
    let expected = found_in(&work.join("tree"));
    // The folder /boot of the root is empty: what is mounted there has the kernel.
    std::fs::rename(work.join("tree/boot"), work.join("boot")).unwrap();
    std::fs::create_dir(work.join("tree/boot")).unwrap();
    make_file_system(work, "tree", "root.img", 24 * MIB, &[]);
    make_file_system(work, "boot", "boot.img", 2 * MIB, &["-U", BOOT_ID]);
    let mut fat = vec![0; 4096];
    fat[54..62].copy_from_slice(b"FAT16   ");
    let script = |label: &str| {
        let at = |start: u64, size: u64| format!("start={}, size={}", start * 2048, size * 2048);
        match label {
            "gpt" => format!(
                "label: gpt\n{}, type=U\n{}\n{}\n",
                at(1, 1),
                at(2, 2),
                at(4, 24)
            ),
            // The root is in an extended partition.
            _ => format!(
                "label: dos\n{}, type=ef\n{}\n{}, type=5\n{}\n",
                at(1, 1),
                at(2, 2),
                at(4, 26),
                at(5, 24)
            ),
        }
    };
    for (label, root_at) in [("gpt", 4), ("dos", 5)] {
        let disk = std::fs::File::create(work.join("disk.img")).unwrap();
        disk.set_len(32 * MIB).unwrap();
        make_partitions(work, "disk.img", &script(label));
        put(work, "disk.img", MIB, &fat);
        let [boot, root] =
            ["boot.img", "root.img"].map(|name| std::fs::read(work.join(name)).unwrap());
        put(work, "disk.img", 2 * MIB, &boot);
        put(work, "disk.img", root_at * MIB, &root);
        let mut targets = vec!["disk.img".to_owned()];
        let formats: &[(&str, &[&str])] = &[
            ("qcow2", &[]),
            ("qcow2", &["-c"]),
            (
                "qcow2",
                &["-c", "-o", "compression_type=zstd,cluster_size=2M"],
            ),
            ("qcow2", &["-o", "compat=0.10"]),
            ("vmdk", &[]),
            ("vmdk", &["-o", "subformat=streamOptimized"]),
            ("vpc", &[]),
            ("vpc", &["-o", "subformat=fixed"]),
            ("vdi", &[]),
        ];
        // One table of partitions in all formats is enough.
        for (number, (format, options)) in formats.iter().enumerate().filter(|_| label == "gpt") {
            let name = format!("disk-{number}.{format}");
            let mut arguments = vec!["convert", "-O", format];
            arguments.extend(*options);
            arguments.extend(["disk.img", &name]);
            tool(work, "qemu-img", &arguments);
            targets.push(name);
        }
        for target in targets {
            let found = found_in(&work.join(&target));
            assert_eq!(found["packages"], expected["packages"], "{target}");
            let notes = found["notes"].to_string();
            assert!(notes.contains("partition 1 holds FAT"), "{target}: {notes}");
        }
    }
}

#[test]
fn disks_in_a_folder_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.qcow2", "vm/b.vmdk"] {
        write(folder.path(), name, "x");
    }
    for archives in ["packages", "all"] {
        let target = folder.path().display().to_string();
        let arguments = ["sbom", "-q", &target, "-f", "json", "--archives", archives];
        let notes = run(&arguments).json()["notes"].to_string();
        let expected = "2 images of disks were not opened: `a.qcow2`, `vm/b.vmdk`";
        assert!(notes.contains(expected), "{notes}");
    }
}

#[test]
fn disks_that_are_not_read_are_refused_with_a_reason() {
    if !has_tools() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    let disk = std::fs::File::create(work.join("empty.img")).unwrap();
    disk.set_len(4 * MIB).unwrap();
    let convert = |arguments: &[&str]| tool(work, "qemu-img", arguments);
    convert(&["convert", "-O", "vhdx", "empty.img", "a.vhdx"]);
    convert(&["convert", "-O", "qcow2", "empty.img", "base.qcow2"]);
    convert(&[
        "create",
        "-q",
        "-f",
        "qcow2",
        "-F",
        "qcow2",
        "-b",
        "base.qcow2",
        "b.qcow2",
    ]);
    convert(&[
        "create",
        "-q",
        "-f",
        "vmdk",
        "-o",
        "subformat=monolithicFlat",
        "c.vmdk",
        "4M",
    ]);
    convert(&[
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "data_file=d.raw",
        "d.qcow2",
        "4M",
    ]);
    put(work, "empty.img", 0x1_0040, b"_BHRfS_M");
    convert(&["convert", "-O", "vdi", "empty.img", "e.vdi"]);
    make_partitions(work, "empty.img", "label: dos\nstart=2048\n");
    put(work, "empty.img", MIB, b"XFSB");
    for (target, reason) in [
        (
            "a.vhdx",
            "it is a disk of Hyper-V (VHDX), which is not read",
        ),
        ("b.qcow2", "it is the difference to another disk"),
        ("base.qcow2", "no file system that is read"),
        ("c.vmdk", "it describes a disk in other files"),
        ("d.qcow2", "its data is in another file"),
        ("e.vdi", "no file system that is read"),
        ("empty.img", "no file system that is read, but XFS"),
    ] {
        let outcome = run(&["scan", &work.join(target).display().to_string()]);
        assert_eq!(outcome.code, 3, "{target}");
        assert!(
            outcome.stderr.contains(reason),
            "{target}: {}",
            outcome.stderr
        );
    }
}

struct Nobody;

impl Visitor for Nobody {
    fn visit(&self, _: &Entry<'_>, _: &[ReaderIndex]) {}
}

#[test]
fn damage_is_an_error_and_nothing_worse() {
    if !has_tools() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    write(&work.join("tree"), "a/wanted", "one");
    write(&work.join("tree"), "etc/fstab", "/dev/vda1 /x ext4");
    make_file_system(work, "tree", "fs.img", MIB / 2, &["-b", "1024", "-N", "16"]);
    let read = |bytes: &[u8]| {
        let options = SourceOptions {
            limits: Limits {
                entries: 1000,
                unpacked_bytes: 16 * MIB,
                executable_bytes: MIB,
                file_bytes: MIB,
                ..Limits::default()
            },
            ..SourceOptions::default()
        };
        let wants = Wants::compile([&[Pattern::Name("wanted")][..]]).unwrap();
        let _ = linchpin_source::open_stream(&mut &*bytes, options)
            .and_then(|source| source.visit(&wants, &Nobody));
    };
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    for (format, options) in [
        ("raw", &[][..]),
        ("qcow2", &["-c"]),
        ("vmdk", &["-o", "subformat=streamOptimized"]),
        ("vpc", &[]),
        ("vdi", &[]),
    ] {
        let mut arguments = vec!["convert", "-O", format];
        arguments.extend(options);
        arguments.extend(["fs.img", "changed.img"]);
        tool(work, "qemu-img", &arguments);
        let whole = std::fs::read(work.join("changed.img")).unwrap();
        // What says where things are is not zero.
        let places: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] != 0).collect();
        for _ in 0..80 {
            let mut changed = whole.clone();
            for _ in 0..=random() % 3 {
                let place = places[random() as usize % places.len()];
                changed[place] ^= random() as u8 | 1;
            }
            read(&changed);
            read(&changed[..random() as usize % whole.len()]);
        }
    }
}
