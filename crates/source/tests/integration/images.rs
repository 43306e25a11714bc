//! Images: forms, platforms, layers.

use linchpin_model::{Subject, TargetPath};
use linchpin_source::{IMAGE_CONFIGURATION, LeftOut, Pattern, SourceOptions, open};

use crate::making::Member::{File, Folder, HardLink, Link, Program};
use crate::making::{Layout, Packing, docker_archive, gzip, pack, sha256, tar_of};
use crate::seen::{Seen, told};

fn subject(target: &str) -> Subject {
    open(target, SourceOptions::default())
        .unwrap()
        .subject()
        .clone()
}

#[test]
fn layers_are_read_however_they_are_packed() {
    for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd] {
        let layer = tar_of(&[
            Folder("a/"),
            File("a/wanted", "one"),
            File("a/other", "two"),
        ]);
        let layout = Layout::of_layers(&[pack(&layer, packing)]);
        let seen = Seen::in_target(&layout.target()).unwrap();
        assert_eq!(seen.content("a/wanted"), Some("one"), "{packing:?}");
        assert_eq!(seen.files.len(), 1);
        assert_eq!(seen.visited.entries, 3);
        let tar = layout.as_tar();
        let seen = Seen::in_target(&tar.path().display().to_string()).unwrap();
        assert_eq!(
            seen.content("a/wanted"),
            Some("one"),
            "{packing:?} in a tar"
        );
    }
}

#[test]
fn a_layer_of_several_gzip_members_is_one_stream() {
    let tar = tar_of(&[File("wanted", "one"), File("x/wanted", "two")]);
    let (first, second) = tar.split_at(700);
    let layout = Layout::of_layers(&[[gzip(first), gzip(second)].concat()]);
    assert_eq!(
        Seen::in_target(&layout.target()).unwrap().paths(),
        ["wanted", "x/wanted"]
    );
}

#[test]
fn what_higher_layers_hide_is_not_seen() {
    let lower = tar_of(&[
        Folder("a/"),
        File("a/wanted", "hidden"),
        Folder("b/"),
        File("b/wanted", "kept"),
        Folder("c/"),
        File("c/wanted", "old"),
        Folder("d/"),
        Folder("d/e/"),
        File("d/e/wanted", "gone"),
    ]);
    let upper = tar_of(&[
        File("a/.wh.wanted", ""),
        File("c/wanted", "new"),
        Folder("d/"),
        File("d/.wh..wh..opq", ""),
    ]);
    let layout = Layout::of_layers(&[lower, upper]);
    let seen = Seen::in_target(&layout.target()).unwrap();
    let files: Vec<_> = seen
        .files
        .iter()
        .map(|((path, layer), text)| (path.as_str(), layer.unwrap(), text.as_str()))
        .collect();
    assert_eq!(files, [("b/wanted", 0, "kept"), ("c/wanted", 1, "new")]);
    assert!(seen.visited.tree.exists(&TargetPath::new("d")));
    assert!(!seen.visited.tree.exists(&TargetPath::new("d/e/wanted")));
}

#[test]
fn links_across_layers_lead_where_they_lead_in_the_image() {
    let lower = tar_of(&[
        Folder("usr/"),
        Folder("usr/lib/"),
        Link("lib", "usr/lib"),
        File("usr/lib/wanted", "old"),
        File("usr/lib/real", "target"),
        Folder("etc/"),
        Link("etc/wanted-link", "../lib/real"),
        File("usr/lib/second", "hard"),
        HardLink("usr/wanted", "usr/lib/second"),
    ]);
    let upper = tar_of(&[File("lib/wanted", "new")]);
    let layout = Layout::of_layers(&[lower, upper]);
    let seen = Seen::in_target(&layout.target()).unwrap();
    assert_eq!(seen.content("lib/wanted"), Some("new"));
    assert_eq!(
        seen.content("usr/lib/wanted"),
        None,
        "the upper layer replaced it through the link"
    );
    assert_eq!(seen.content("etc/wanted-link"), Some("target"));
    assert_eq!(seen.content("usr/wanted"), Some("hard"));
}

#[test]
fn a_hard_link_may_name_a_file_of_a_lower_layer() {
    let lower = tar_of(&[File("data", "low")]);
    let upper = tar_of(&[HardLink("wanted", "data"), HardLink("x/wanted", "nothing")]);
    let seen = Seen::in_target(&Layout::of_layers(&[lower, upper]).target()).unwrap();
    assert_eq!(seen.content("wanted"), Some("low"));
    assert!(
        seen.notes()
            .contains("x/wanted: is a link to a file that is not there"),
        "{}",
        seen.notes()
    );
}

#[test]
fn programs_are_told_by_mode_and_first_bytes() {
    let elf = b"\x7fELF\x02\x01\x01rest".to_vec();
    let layout = Layout::of_layers(&[tar_of(&[
        Program("bin/tool", elf.clone()),
        Program("bin/script", b"#!/bin/sh\n".to_vec()),
        File("lib/libx.so.1", "\x7fELF but not marked executable"),
        Program("lib/x.py", elf),
    ])]);
    assert_eq!(
        Seen::in_target(&layout.target()).unwrap().paths(),
        ["bin/tool", "lib/libx.so.1"]
    );
}

/// What makes a program wanted.
const NEEDLE: &[&[u8]] = &[b"/registry/src/"];

#[test]
fn large_programs_pass_by_unless_somebody_wants_what_is_in_them() {
    let program_of = |size: usize, needle: &[u8]| {
        let mut program = b"\x7fELF\x02\x01\x01".to_vec();
        program.resize(size - (1 << 20), 0);
        program.extend_from_slice(needle);
        program.resize(size, 0);
        program
    };
    let program = |needle: &[u8]| program_of(18 << 20, needle);
    let layout = Layout::of_layers(&[
        tar_of(&[
            Program("bin/hidden", program(b"/registry/src/")),
            Program("bin/with", program(b"/registry/src/")),
            Program("bin/without", program(b"/something/else/")),
            Program("bin/shorter", program_of(5 << 20, b"/registry/src/")),
            // Too large for a copy: it is read again.
            Program("bin/huge", program_of(66 << 20, b"/registry/src/")),
        ]),
        tar_of(&[File("bin/hidden", "other")]),
    ]);
    let source = open(&layout.target(), SourceOptions::default()).unwrap();
    let seen = Seen::wanting(source.as_ref(), &[Pattern::ExecutableContaining(NEEDLE)]).unwrap();
    assert_eq!(seen.paths(), ["bin/huge", "bin/shorter", "bin/with"]);
    for (name, size) in [("with", 18 << 20), ("shorter", 5 << 20), ("huge", 66 << 20)] {
        let content = seen.content(&format!("bin/{name}")).unwrap();
        assert!(
            content.len() == size && content.contains("/registry/src/"),
            "{name}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("with.so", "/registry/src/"), ("without.so", "")] {
        std::fs::write(folder.path().join(name), program(content.as_bytes())).unwrap();
    }
    let source = open(
        &folder.path().display().to_string(),
        SourceOptions::default(),
    )
    .unwrap();
    let seen = Seen::wanting(source.as_ref(), &[Pattern::ExecutableContaining(NEEDLE)]).unwrap();
    assert_eq!(seen.paths(), ["with.so"]);
    assert_eq!(seen.content("with.so").map(str::len), Some(18 << 20));
}

#[test]
fn docker_archives_are_read_and_checked() {
    let layers = [
        tar_of(&[File("wanted", "low")]),
        tar_of(&[File("x/wanted", "high")]),
    ];
    let archive = docker_archive(&layers);
    let target = archive.path().display().to_string();
    let seen = Seen::in_target(&target).unwrap();
    assert_eq!(seen.paths(), ["wanted", "x/wanted"]);
    let subject = subject(&target);
    assert_eq!(subject.name, "shop:1.0");
    assert_eq!(subject.platform.as_deref(), Some("linux/amd64"));
    assert_eq!(subject.layers, layers.map(|layer| sha256(&layer)));
}

#[test]
fn the_platform_chooses_also_through_nested_indexes() {
    let layout = Layout::new();
    let (amd, arm) = (
        layout.image("amd64", &[tar_of(&[File("wanted", "amd")])]),
        layout.image("arm64", &[tar_of(&[File("wanted", "arm")])]),
    );
    let attestation = amd.replace(
        r#""os":"linux","architecture":"amd64""#,
        r#""os":"unknown","architecture":"unknown""#,
    );
    let nested = layout.blob(
        format!(r#"{{"schemaVersion":2,"manifests":[{amd},{arm},{attestation}]}}"#).as_bytes(),
    );
    layout.index(&format!(
        r#"[{{"mediaType":"application/vnd.oci.image.index.v1+json",{nested},"annotations":{{"org.opencontainers.image.ref.name":"1.0"}}}}]"#
    ));
    for (platform, expected) in [("linux/arm64", "arm"), ("linux/amd64", "amd")] {
        let options = SourceOptions {
            platform: Some(platform.parse().unwrap()),
            ..SourceOptions::default()
        };
        assert_eq!(
            Seen::with(&layout.target(), options)
                .unwrap()
                .content("wanted"),
            Some(expected)
        );
    }
    let options = SourceOptions {
        platform: Some("linux/s390x".parse().unwrap()),
        ..SourceOptions::default()
    };
    let error = told(&Seen::with(&layout.target(), options).unwrap_err());
    assert!(
        error.contains("no image for linux/s390x; there are: linux/amd64, linux/arm64"),
        "{error}"
    );
}

#[test]
fn one_of_several_images_is_chosen_by_name() {
    let layout = Layout::new();
    let named = |name: &str| {
        let descriptor = layout.image(
            "amd64",
            &[tar_of(&[File(
                "wanted",
                Box::leak(name.to_owned().into_boxed_str()),
            )])],
        );
        descriptor.replacen(
            '{',
            &format!(r#"{{"annotations":{{"org.opencontainers.image.ref.name":"{name}"}},"#),
            1,
        )
    };
    layout.index(&format!("[{},{}]", named("1.0"), named("2.0")));
    let error = told(&Seen::in_target(&layout.target()).unwrap_err());
    assert!(error.contains("several images: 1.0, 2.0"), "{error}");
    let seen = Seen::in_target(&format!("{}:2.0", layout.target())).unwrap();
    assert_eq!(seen.content("wanted"), Some("2.0"));
    assert!(
        told(&Seen::in_target(&format!("{}:3", layout.target())).unwrap_err())
            .contains("no image `3`")
    );
}

#[test]
fn excluded_paths_are_passed_over() {
    let layout = Layout::of_layers(&[tar_of(&[
        File("a/wanted", ""),
        File("b/c/wanted", ""),
        File("wanted", ""),
    ])]);
    let exclude = linchpin_source::exclude_globs(["b", "/a/*"]).unwrap();
    let options = SourceOptions {
        exclude,
        ..SourceOptions::default()
    };
    assert_eq!(
        Seen::with(&layout.target(), options).unwrap().paths(),
        ["wanted"]
    );
}

#[test]
fn heads_of_files_in_layers_are_read_beside_whole_files() {
    let layout = Layout::of_layers(&[tar_of(&[
        File("a/large.model", "GGUF and more"),
        File("b/after", "after"),
    ])]);
    let source = open(&layout.target(), SourceOptions::default()).unwrap();
    let seen = Seen::wanting(
        source.as_ref(),
        &[
            Pattern::Head(&Pattern::Suffix(".model"), 4),
            Pattern::Head(&Pattern::Name("after"), 400),
        ],
    )
    .unwrap();
    assert_eq!(seen.content("a/large.model"), Some("GGUF"));
    assert_eq!(seen.content("b/after"), Some("after"));
}

#[test]
fn texts_are_seen_in_every_layer_whether_hidden_or_not_and_so_is_the_configuration() {
    const LEFT_OUT: LeftOut = LeftOut {
        folders: &["node_modules"],
        root_folders: &["usr/share"],
        endings: &["png"],
        names: &[],
        most: 10,
    };
    let lower = tar_of(&[
        File("app/.env", "deleted"),
        File("app/x", "old"),
        File("app/long", "0123456789 and more"),
        File("app/binary", "\0\0"),
        File("app/node_modules/x", "of others"),
        File("usr/share/x", "of others"),
    ]);
    let upper = tar_of(&[
        File("app/.wh..env", ""),
        File("app/x", "new"),
        Link("app/link", "x"),
        HardLink("app/hard", "app/x"),
    ]);
    let layout = Layout::of_layers(&[lower, upper]);
    let source = open(&layout.target(), SourceOptions::default()).unwrap();
    let seen = Seen::wanting(source.as_ref(), &[Pattern::TextsBut(&LEFT_OUT)]).unwrap();
    let texts: Vec<(&str, Option<u16>, &str)> = seen
        .files
        .iter()
        .map(|((path, layer), text)| (path.as_str(), *layer, text.as_str()))
        .collect();
    assert_eq!(
        texts,
        [
            (
                IMAGE_CONFIGURATION,
                None,
                r#"{"os":"linux","architecture":"amd64"}"#
            ),
            ("app/.env", Some(0), "deleted"),
            ("app/long", Some(0), "0123456789"),
            ("app/x", Some(0), "old"),
            ("app/x", Some(1), "new"),
        ]
    );
    // Nobody else's view of the image changes.
    let seen = Seen::wanting(source.as_ref(), &[Pattern::Name("x")]).unwrap();
    assert_eq!(seen.content("app/x"), Some("new"));
}
