//! Targets made to harm: each gives a clear error or note, and never more than its share of memory.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;

use linchpin_source::{Limits, SourceOptions};

use crate::making::Member::{File, Folder, HardLink, Link};
use crate::making::{Layout, docker_archive, file_with, gzip, sha256, tar_of};
use crate::seen::{Seen, told};

fn error_of(target: &str) -> String {
    told(&Seen::in_target(target).unwrap_err())
}

fn small() -> SourceOptions {
    let limits = Limits {
        entries: 10_000,
        ratio: 100,
        ratio_starts_at: 1 << 20,
        unpacked_bytes: 64 << 20,
        file_bytes: 1 << 20,
        ..Limits::default()
    };
    SourceOptions {
        limits,
        ..SourceOptions::default()
    }
}

#[test]
fn a_truncated_tar_is_said_to_be_cut_off() {
    let tar = tar_of(&[File("wanted", "x"), File("big", "long content")]);
    for length in [512, 1024 + 100, 1024 + 512 + 5] {
        let file = file_with(&tar[..length]);
        let error = error_of(&file.path().display().to_string());
        assert!(error.contains("cut off"), "{length}: {error}");
    }
    let layout = Layout::of_layers(&[gzip(&tar)[..100].to_vec()]);
    let error = error_of(&layout.target());
    assert!(
        error.contains("layer 0 (sha256:") && error.contains("cut off"),
        "{error}"
    );
}

#[test]
fn a_truncated_docker_archive_names_the_missing_part() {
    let archive = docker_archive(&[tar_of(&[File("wanted", "x")])]);
    let length = archive.as_file().metadata().unwrap().len();
    archive.as_file().set_len(length - 2048).unwrap();
    let error = error_of(&archive.path().display().to_string());
    assert!(
        error.contains("cut off") && error.contains("0/layer.tar"),
        "{error}"
    );
}

#[test]
fn a_gzip_bomb_is_given_up() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..4].copy_from_slice(b"zero");
    header.set_size(60 << 20);
    header.set_cksum();
    encoder.write_all(header.as_bytes()).unwrap();
    for _ in 0..60 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let layout = Layout::of_layers(&[encoder.finish().unwrap()]);
    let error = told(&Seen::with(&layout.target(), small()).unwrap_err());
    assert!(error.contains("decompression bomb"), "{error}");
}

#[test]
fn a_zstd_bomb_is_given_up() {
    let mut tar = tar_of(&[File("wanted", "x")]);
    tar.truncate(1024);
    tar.resize(40 << 20, 0);
    let layout = Layout::of_layers(&[zstd::encode_all(tar.as_slice(), 3).unwrap()]);
    let error = told(&Seen::with(&layout.target(), small()).unwrap_err());
    assert!(error.contains("decompression bomb"), "{error}");
}

#[test]
fn paths_never_leave_the_target() {
    let layout = Layout::of_layers(&[tar_of(&[
        File("../../etc/wanted", "up"),
        File("/absolute/wanted", "absolute"),
        Folder("etc/"),
        Link("etc/wanted-link", "../../../../../../../../etc/passwd"),
        HardLink("hard/wanted", "/etc/passwd"),
    ])]);
    let seen = Seen::in_target(&layout.target()).unwrap();
    assert_eq!(seen.paths(), ["absolute/wanted", "etc/wanted"]);
    assert!(
        seen.notes()
            .contains("etc/wanted-link: is a symbolic link that leads to nothing"),
        "{}",
        seen.notes()
    );
}

#[test]
fn too_many_entries_are_given_up() {
    let mut tar = Vec::new();
    for number in 0..10_001 {
        let mut header = tar::Header::new_gnu();
        let name = format!("f{number}");
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(0);
        header.set_cksum();
        tar.extend_from_slice(header.as_bytes());
    }
    tar.resize(tar.len() + 1024, 0);
    let layout = Layout::of_layers(&[tar]);
    let error = told(&Seen::with(&layout.target(), small()).unwrap_err());
    assert!(error.contains("more than 10000 entries"), "{error}");
}

#[test]
fn a_missing_a_changed_and_a_cut_blob_are_told_apart() {
    let layer = tar_of(&[File("wanted", "x")]);
    let digest = sha256(&layer);

    let layout = Layout::of_layers(std::slice::from_ref(&layer));
    std::fs::remove_file(layout.blob_path(&digest)).unwrap();
    let error = error_of(&layout.target());
    assert!(
        error.contains(&format!(
            "names `blobs/sha256/{}`, which is not in it",
            digest.hex()
        )),
        "{error}"
    );

    let layout = Layout::of_layers(std::slice::from_ref(&layer));
    let mut changed = layer.clone();
    changed[512] ^= 1;
    std::fs::write(layout.blob_path(&digest), changed).unwrap();
    let error = error_of(&layout.target());
    assert!(
        error.contains(&format!(
            "the manifest says {digest}: it was changed or damaged"
        )),
        "{error}"
    );

    let layout = Layout::of_layers(std::slice::from_ref(&layer));
    std::fs::write(layout.blob_path(&digest), &layer[..layer.len() - 512]).unwrap();
    let error = error_of(&layout.target());
    assert!(
        error.contains("bytes long, and the manifest says"),
        "{error}"
    );
}

#[test]
fn a_changed_layer_of_a_docker_archive_is_found_out() {
    let layer = tar_of(&[File("wanted", "honest content")]);
    let archive = docker_archive(&[layer]);
    let mut content = std::fs::read(archive.path()).unwrap();
    let place = content
        .windows(14)
        .position(|window| window == b"honest content")
        .unwrap();
    content[place..place + 6].copy_from_slice(b"forged");
    let forged = file_with(&content);
    let error = error_of(&forged.path().display().to_string());
    assert!(error.contains("it was changed or damaged"), "{error}");
}

#[test]
fn a_changed_manifest_is_found_out() {
    let layout = Layout::of_layers(&[tar_of(&[File("wanted", "x")])]);
    for entry in std::fs::read_dir(layout.path().join("blobs/sha256")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if text.contains("schemaVersion") {
            std::fs::write(&path, text + " ").unwrap();
        }
    }
    let error = error_of(&layout.target());
    assert!(error.contains("changed or damaged"), "{error}");
}

#[test]
fn names_that_are_no_text_are_kept_readable() {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..10].copy_from_slice(b"b\xff\xfe/wanted");
    header.set_size(0);
    header.set_cksum();
    let mut tar = header.as_bytes().to_vec();
    tar.resize(tar.len() + 1024, 0);
    let layout = Layout::of_layers(&[tar]);
    assert_eq!(
        Seen::in_target(&layout.target()).unwrap().paths(),
        ["b\\xff\\xfe/wanted"]
    );

    let folder = tempfile::tempdir().unwrap();
    let strange = folder.path().join(std::ffi::OsStr::from_bytes(b"x\xff"));
    std::fs::create_dir(&strange).unwrap();
    std::fs::write(strange.join("wanted"), "x").unwrap();
    let seen = Seen::in_target(&folder.path().display().to_string()).unwrap();
    assert_eq!(seen.paths(), ["x\\xff/wanted"]);
}

#[test]
fn nonsense_and_nothing_are_refused_with_a_reason() {
    let empty = file_with(b"");
    assert!(error_of(&empty.path().display().to_string()).contains("is empty"));
    assert!(error_of("no/such/target").contains("there is no file or folder `no/such/target`"));

    let layout = Layout::new();
    layout.index("[]");
    assert!(error_of(&layout.target()).contains("holds no image"));
    layout.index("[{\"digest\":\"sha256:zz\"}]");
    assert!(error_of(&layout.target()).contains("hexadecimal"));
    std::fs::write(layout.path().join("index.json"), "[".repeat(100_000)).unwrap();
    assert!(error_of(&layout.target()).contains("no valid image index"));

    let garbage = Layout::of_layers(&[b"this is no tar archive at all".repeat(100)]);
    let error = error_of(&garbage.target());
    assert!(error.contains("no valid tar archive"), "{error}");
}

#[test]
fn an_index_that_names_itself_ends() {
    let layout = Layout::new();
    let mut descriptor = layout.image("amd64", &[tar_of(&[])]);
    for _ in 0..20 {
        let blob = layout.blob(format!(r#"{{"manifests":[{descriptor}]}}"#).as_bytes());
        descriptor = format!(r#"{{"mediaType":"application/vnd.oci.image.index.v1+json",{blob}}}"#);
    }
    layout.index(&format!("[{descriptor}]"));
    assert!(error_of(&layout.target()).contains("more than 8 indexes in one another"));
}

#[test]
fn a_file_over_the_limit_is_passed_over_with_a_note() {
    let text: &'static str = Box::leak("x".repeat(2 << 20).into_boxed_str());
    let layout = Layout::of_layers(&[tar_of(&[File("wanted", text), File("a/wanted", "small")])]);
    let seen = Seen::with(&layout.target(), small()).unwrap();
    assert_eq!(seen.paths(), ["a/wanted"]);
    assert!(
        seen.notes()
            .contains("wanted: is 2 MiB large and was passed over"),
        "{}",
        seen.notes()
    );
}

#[test]
fn huge_names_in_extended_headers_are_refused() {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..13].copy_from_slice(b"././@LongLink");
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(40 << 30);
    header.set_cksum();
    let mut tar = header.as_bytes().to_vec();
    tar.resize(1 << 20, b'a');
    let layout = Layout::of_layers(&[tar]);
    let error = error_of(&layout.target());
    assert!(error.contains("a name or attributes of over"), "{error}");
}
