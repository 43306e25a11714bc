//! Archives inside targets and as targets.

use std::io::Write;

use linchpin_model::TargetPath;
use linchpin_source::{
    ArchiveFacts, Archives, Entry, Pattern, ReaderIndex, SourceOptions, Visitor, Wants, open,
    open_stream,
};

use crate::making::Member::{File, Folder, Link};
use crate::making::{Packing, gzip, pack, sha256, tar_of, zip_of};
use crate::seen::{Seen, told};

fn all() -> SourceOptions {
    SourceOptions {
        archives: Archives::All,
        ..SourceOptions::default()
    }
}

/// A folder with these files.
fn folder_of(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

fn target(folder: &tempfile::TempDir) -> String {
    folder.path().display().to_string()
}

fn nested_war() -> Vec<u8> {
    let jar = zip_of(&[("META-INF/wanted", b"innermost"), ("other", b"x")]);
    zip_of(&[("WEB-INF/lib/x.jar", &jar), ("WEB-INF/wanted", b"inner")])
}

#[test]
fn packages_in_folders_and_layers_are_opened_and_those_in_them() {
    let paths = [
        "lib/app.war!/WEB-INF/lib/x.jar!/META-INF/wanted",
        "lib/app.war!/WEB-INF/wanted",
    ];
    let folder = folder_of(&[("lib/app.war", &nested_war())]);
    let seen = Seen::in_target(&target(&folder)).unwrap();
    assert_eq!(seen.paths(), paths);
    assert_eq!(seen.content(paths[0]), Some("innermost"));
    assert_eq!(seen.notes(), "");

    let layer = crate::making::tar_of_files(&[("lib/app.war", &nested_war())]);
    for packing in [Packing::Plain, Packing::Gzip] {
        let layout = crate::making::Layout::of_layers(&[pack(&layer, packing)]);
        let seen = Seen::in_target(&layout.target()).unwrap();
        assert_eq!(seen.paths(), paths);
    }
}

#[test]
fn plain_archives_stay_closed_unless_asked_for_and_one_note_says_so() {
    let zip = zip_of(&[("wanted", b"zipped")]);
    let tar = gzip(&tar_of(&[File("wanted", "packed")]));
    let names: Vec<String> = (0..1000).map(|number| format!("{number:04}.zip")).collect();
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), &zip[..])).collect();
    files.push(("x.tar.gz", &tar));
    let folder = folder_of(&files);
    let seen = Seen::in_target(&target(&folder)).unwrap();
    assert!(seen.files.is_empty());
    assert_eq!(
        seen.notes(),
        ": 1001 archives were not opened: `0000.zip`, `0001.zip`, `0002.zip` and 998 more; \
         `--archives all` opens plain archives too\n"
    );
    let seen = Seen::with(&target(&folder), all()).unwrap();
    assert_eq!(seen.files.len(), 1001);
    assert_eq!(seen.content("x.tar.gz!/wanted"), Some("packed"));
    let none = SourceOptions {
        archives: Archives::None,
        ..SourceOptions::default()
    };
    let folder = folder_of(&[("a.jar", &zip)]);
    let seen = Seen::with(&target(&folder), none).unwrap();
    assert!(seen.files.is_empty() && seen.notes().contains("1 archive was not opened: `a.jar`"));
}

#[test]
fn a_package_as_the_target_is_a_file_that_is_opened() {
    let folder = folder_of(&[("app.war", &nested_war())]);
    let seen = Seen::in_target(&folder.path().join("app.war").display().to_string()).unwrap();
    assert_eq!(
        seen.paths(),
        [
            "app.war!/WEB-INF/lib/x.jar!/META-INF/wanted",
            "app.war!/WEB-INF/wanted"
        ]
    );
}

#[test]
fn a_plain_archive_as_the_target_is_a_tree() {
    let tar = tar_of(&[
        Folder("a/"),
        File("a/wanted", "x"),
        Folder("b/"),
        Link("b/wanted", "../a/wanted"),
    ]);
    let packed = [
        ("x.tar", tar.clone()),
        ("x.tar.gz", gzip(&tar)),
        ("x.tar.zst", pack(&tar, Packing::Zstd)),
        ("x.tar.xz", xz(&tar)),
        ("x.tar.bz2", bzip2(&tar)),
        ("x.tar.lz4", lz4(&tar)),
        ("x.zip", zip_of(&[("a/wanted", b"x")])),
        ("x", zip_of(&[("a/wanted", b"x")])),
    ];
    for (name, content) in packed {
        let folder = folder_of(&[(name, &content)]);
        let seen = Seen::in_target(&folder.path().join(name).display().to_string()).unwrap();
        assert_eq!(
            seen.content("a/wanted"),
            Some("x"),
            "{name}: {:?}",
            seen.paths()
        );
        let tree = &seen.visited.tree;
        assert!(tree.exists(&TargetPath::new("a")) && !tree.exists(&TargetPath::new("c")));
    }
}

fn xz(content: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(content: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn lz4(content: &[u8]) -> Vec<u8> {
    let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn standard_input_is_called_by_what_it_holds() {
    let shown = |content: &[u8]| {
        let source = open_stream(&mut &content[..], SourceOptions::default()).unwrap();
        let seen = Seen::of(source.as_ref()).unwrap();
        seen.paths().join(" ")
    };
    assert_eq!(
        shown(&zip_of(&[("META-INF/MANIFEST.MF", b""), ("wanted", b"x")])),
        "stdin.jar!/wanted"
    );
    assert_eq!(
        shown(&zip_of(&[("x-1.dist-info/WHEEL", b""), ("x/wanted", b"x")])),
        "stdin.whl!/x/wanted"
    );
    assert_eq!(shown(&zip_of(&[("wanted", b"x")])), "wanted");
    assert_eq!(shown(&gzip(&tar_of(&[File("wanted", "x")]))), "wanted");
    let layout = crate::making::Layout::of_layers(&[tar_of(&[File("wanted", "x")])]);
    let tar = std::fs::read(layout.as_tar().path()).unwrap();
    assert_eq!(shown(&tar), "wanted");
    assert_eq!(shown(&gzip(&tar)), "wanted");
    let error = open_stream(&mut &b""[..], SourceOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "`-` is empty");
}

#[test]
fn an_image_archive_may_be_compressed_as_a_whole() {
    let layers = [
        tar_of(&[File("wanted", "low")]),
        tar_of(&[File("wanted", "high")]),
    ];
    let layout = crate::making::Layout::of_layers(&layers);
    let docker = crate::making::docker_archive(&layers);
    for archive in [layout.as_tar().path(), docker.path()] {
        let content = std::fs::read(archive).unwrap();
        for packed in [gzip(&content), pack(&content, Packing::Zstd), xz(&content)] {
            let file = crate::making::file_with(&packed);
            let source =
                open(&file.path().display().to_string(), SourceOptions::default()).unwrap();
            assert!(source.subject().digest.is_some());
            let seen = Seen::of(source.as_ref()).unwrap();
            assert_eq!(seen.content("wanted"), Some("high"));
        }
    }
}

#[test]
fn parts_of_package_formats_belong_to_the_package() {
    let deb = ar_of(&[
        ("debian-binary", b"2.0\n"),
        (
            "control.tar.xz",
            &xz(&tar_of(&[File("./control", "c"), File("./wanted", "w")])),
        ),
        (
            "data.tar.gz",
            &gzip(&tar_of(&[File("./usr/lib/wanted", "d")])),
        ),
    ]);
    let gem = crate::making::tar_of_files(&[
        ("metadata.gz", &gzip(b"--- yaml")),
        ("data.tar.gz", &gzip(&tar_of(&[File("lib/wanted", "g")]))),
    ]);
    let apk: Vec<u8> = [
        // The parts of Alpine's packages are streams of their own, without an archive's end.
        gzip(&tar_of(&[File(".SIGN.RSA.x", "s")])[..1024]),
        gzip(&tar_of(&[File(".PKGINFO", "i")])[..1024]),
        gzip(&tar_of(&[File("usr/wanted", "a")])),
    ]
    .concat();
    let conda = zip_of(&[
        ("metadata.json", b"{}"),
        (
            "info-x.tar.zst",
            &pack(&tar_of(&[File("info/wanted", "c")]), Packing::Zstd),
        ),
    ]);
    let crate_file = gzip(&tar_of(&[File("x-1.0.0/wanted", "r")]));
    let folder = folder_of(&[
        ("a.deb", &deb),
        ("b.gem", &gem),
        ("c.apk", &apk),
        ("d.conda", &conda),
        ("e.crate", &crate_file),
    ]);
    let source = open(&target(&folder), SourceOptions::default()).unwrap();
    let patterns = [
        Pattern::Name("wanted"),
        Pattern::Suffix(".deb!/DEBIAN/control"),
        Pattern::Suffix(".gem!/metadata"),
        Pattern::Name(".PKGINFO"),
    ];
    let seen = Seen::wanting(source.as_ref(), &patterns).unwrap();
    assert_eq!(
        seen.paths(),
        [
            "a.deb!/DEBIAN/control",
            "a.deb!/DEBIAN/wanted",
            "a.deb!/usr/lib/wanted",
            "b.gem!/data/lib/wanted",
            "b.gem!/metadata",
            "c.apk!/.PKGINFO",
            "c.apk!/usr/wanted",
            "d.conda!/info/wanted",
            "e.crate!/x-1.0.0/wanted",
        ]
    );
    assert_eq!(seen.content("b.gem!/metadata"), Some("--- yaml"));
    assert_eq!(seen.notes(), "");
}

pub(crate) fn ar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, content) in members {
        archive.extend(
            format!(
                "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
                0,
                0,
                0,
                "100644",
                content.len()
            )
            .as_bytes(),
        );
        archive.extend_from_slice(content);
        if content.len() % 2 == 1 {
            archive.push(b'\n');
        }
    }
    archive
}

struct Facts(std::sync::Mutex<Vec<(String, ArchiveFacts)>>);

impl Visitor for Facts {
    fn visit(&self, entry: &Entry<'_>, _: &[ReaderIndex]) {
        let facts = entry.archive.unwrap().clone();
        self.0.lock().unwrap().push((entry.path.to_string(), facts));
    }
}

#[test]
fn a_reader_may_ask_for_the_archive_as_a_whole() {
    let war = nested_war();
    let folder = folder_of(&[("app.war", &war), ("no.jar", b"text")]);
    let source = open(&target(&folder), SourceOptions::default()).unwrap();
    let patterns = [
        Pattern::Archive(&Pattern::Suffix(".war")),
        Pattern::Archive(&Pattern::Suffix(".jar")),
    ];
    let wants = Wants::compile([&patterns[..]]).unwrap();
    let facts = Facts(std::sync::Mutex::default());
    let visited = source.visit(&wants, &facts).unwrap();
    let mut facts = facts.0.into_inner().unwrap();
    facts.sort_by(|left, right| left.0.cmp(&right.0));
    let (path, outer) = &facts[0];
    assert_eq!(path, "app.war");
    assert_eq!(outer.digests[1], sha256(&war));
    assert!(outer.is_complete);
    let names: Vec<&str> = outer
        .members
        .iter()
        .map(|member| member.name.as_ref())
        .collect();
    assert_eq!(names, ["WEB-INF/lib/x.jar", "WEB-INF/wanted"]);
    assert_eq!(facts[1].0, "app.war!/WEB-INF/lib/x.jar");
    assert_eq!(facts.len(), 2);
    assert!(
        visited.notes[0]
            .text
            .contains("`no.jar` (its first bytes are not those of an archive")
    );
}

#[test]
fn what_stands_before_a_zip_is_passed_over() {
    let jar = [
        b"#!/bin/sh\nexec java -jar $0\n".as_slice(),
        &zip_of(&[("wanted", b"x")]),
    ]
    .concat();
    let folder = folder_of(&[("app.jar", &jar)]);
    let seen = Seen::in_target(&target(&folder)).unwrap();
    assert_eq!(seen.content("app.jar!/wanted"), Some("x"));
}

#[test]
fn excluded_members_are_passed_over() {
    let folder = folder_of(&[("app.war", &nested_war())]);
    let options = SourceOptions {
        exclude: linchpin_source::exclude_globs(["*.jar"]).unwrap(),
        ..SourceOptions::default()
    };
    let seen = Seen::with(&target(&folder), options).unwrap();
    assert_eq!(seen.paths(), ["app.war!/WEB-INF/wanted"]);
}

#[test]
fn what_is_no_archive_as_a_target_is_said() {
    let folder = folder_of(&[("x.jar", b"PK\x03\x04 and nothing more")]);
    let path = folder.path().join("x.jar").display().to_string();
    let error = told(&Seen::in_target(&path).unwrap_err());
    assert!(
        error.contains("no valid zip archive: it has no directory"),
        "{error}"
    );
}

#[test]
fn large_programs_in_archives_are_looked_into() {
    let program = |text: &[u8]| {
        let mut program = b"\x7fELF\x02\x01\x01".to_vec();
        program.resize(5 << 20, 0);
        program.extend_from_slice(text);
        program
    };
    let (with, without) = (program(b"a needle"), program(b"a pin"));
    let wheel = zip_of(&[("x/with.so", &with), ("x/without.so", &without)]);
    let packed = crate::making::tar_of_files(&[("x/with.so", &with), ("x/without.so", &without)]);
    let folder = folder_of(&[
        ("x-1.whl", &wheel),
        ("x.tar.gz", &pack(&packed, Packing::Gzip)),
    ]);
    let source = open(&target(&folder), all()).unwrap();
    let patterns = [Pattern::ExecutableContaining(&[b"a needle"])];
    let seen = Seen::wanting(source.as_ref(), &patterns).unwrap();
    let paths = ["x-1.whl!/x/with.so", "x.tar.gz!/x/with.so"];
    assert_eq!(seen.paths(), paths);
    for path in paths {
        assert_eq!(seen.content(path).map(str::len), Some(with.len()));
    }
    assert_eq!(seen.notes(), "");
}
