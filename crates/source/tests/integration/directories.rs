//! Folders, archives of files, and single files.

use std::os::unix::fs::symlink;

use linchpin_model::{SubjectKind, TargetPath};
use linchpin_source::{Pattern, SourceOptions, exclude_globs, open};

use crate::making::Member::{File, Folder};
use crate::making::{Packing, file_with, pack, tar_of};
use crate::seen::{Seen, told};

#[test]
fn a_folder_is_walked_links_inside_are_read_and_circles_end() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for sub in ["a/b", ".hidden", ".git/objects", "etc"] {
        std::fs::create_dir_all(root.join(sub)).unwrap();
    }
    for file in [
        "wanted",
        "a/b/wanted",
        ".hidden/wanted",
        ".git/wanted",
        "a/real",
    ] {
        std::fs::write(root.join(file), file).unwrap();
    }
    symlink("..", root.join("a/b/up")).unwrap();
    symlink("round", root.join("around")).unwrap();
    symlink("around", root.join("round")).unwrap();
    symlink("../a/real", root.join("etc/wanted-link")).unwrap();
    let outside = file_with(b"secret");
    symlink(outside.path(), root.join(".hidden/outside")).unwrap();
    std::fs::create_dir(root.join("out")).unwrap();
    symlink(outside.path(), root.join("out/wanted")).unwrap();

    let seen = Seen::in_target(&root.display().to_string()).unwrap();
    assert_eq!(
        seen.paths(),
        [".hidden/wanted", "a/b/wanted", "etc/wanted-link", "wanted"]
    );
    assert_eq!(seen.content("etc/wanted-link"), Some("a/real"));
    let notes = seen.notes();
    assert!(
        notes.contains("around: is a symbolic link that leads in a circle"),
        "{notes}"
    );
    assert!(
        notes.contains("out/wanted: is a symbolic link that leads to nothing inside the target"),
        "{notes}"
    );
    assert!(seen.visited.tree.exists(&TargetPath::new("a/b/up/real")));
    assert_eq!(
        seen.visited
            .tree
            .resolve(&TargetPath::new("etc/wanted-link")),
        Some(TargetPath::new("a/real"))
    );
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "only a program of the system makes a pipe"
)]
fn a_link_to_a_pipe_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path().join("pipe"))
        .status()
        .unwrap();
    assert!(made.success());
    symlink("pipe", folder.path().join("wanted")).unwrap();
    let seen = Seen::in_target(&folder.path().display().to_string()).unwrap();
    assert!(seen.paths().is_empty());
}

#[test]
fn excluded_folders_are_not_entered() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("x/target/deep")).unwrap();
    std::fs::write(folder.path().join("x/target/deep/wanted"), "").unwrap();
    std::fs::write(folder.path().join("wanted"), "").unwrap();
    let options = SourceOptions {
        exclude: exclude_globs(["target"]).unwrap(),
        ..SourceOptions::default()
    };
    let seen = Seen::with(&folder.path().display().to_string(), options).unwrap();
    assert_eq!(seen.paths(), ["wanted"]);
}

#[test]
fn folders_that_are_too_deep_are_not_entered_and_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("a/b/c")).unwrap();
    for file in ["a/wanted", "a/b/wanted", "a/b/c/wanted"] {
        std::fs::write(folder.path().join(file), file).unwrap();
    }
    let mut options = SourceOptions::default();
    options.limits.depth = 2;
    let seen = Seen::with(&folder.path().display().to_string(), options).unwrap();
    assert_eq!(seen.paths(), ["a/wanted"]);
    assert_eq!(
        seen.notes(),
        "a/b: lies 2 folders deep and was not entered\n"
    );
}

#[test]
fn a_tar_of_files_is_read_packed_or_not() {
    for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd] {
        let file = file_with(&pack(
            &tar_of(&[Folder("a/"), File("./a/wanted", "x")]),
            packing,
        ));
        let target = file.path().display().to_string();
        let seen = Seen::in_target(&target).unwrap();
        assert_eq!(
            seen.files.keys().collect::<Vec<_>>(),
            [&("a/wanted".to_owned(), None)],
            "{packing:?}"
        );
        assert_eq!(
            open(&target, SourceOptions::default())
                .unwrap()
                .subject()
                .kind,
            SubjectKind::Archive
        );
    }
}

#[test]
fn a_single_file_is_read_if_somebody_wants_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wanted");
    std::fs::write(&file, "content").unwrap();
    let seen = Seen::in_target(&file.display().to_string()).unwrap();
    assert_eq!(seen.content("wanted"), Some("content"));
    let other = folder.path().join("other");
    std::fs::write(&other, "content").unwrap();
    let error = told(&Seen::in_target(&other.display().to_string()).unwrap_err());
    assert!(
        error.contains("no image, no archive, and no file that packages are read from"),
        "{error}"
    );
}

#[test]
fn programs_without_the_wanted_section_are_not_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    std::os::unix::fs::symlink(&program, folder.path().join("link")).unwrap();
    std::fs::copy(&program, folder.path().join("tool")).unwrap();
    std::fs::write(
        folder.path().join("cut.so"),
        b"\x7fELF\x02\x01\x01 and no table",
    )
    .unwrap();
    let source = open(
        &folder.path().display().to_string(),
        SourceOptions::default(),
    )
    .unwrap();
    let count = |section: &'static [&'static str]| {
        let patterns = [linchpin_source::Pattern::ExecutableWith(section)];
        Seen::wanting(source.as_ref(), &patterns)
            .unwrap()
            .paths()
            .join(" ")
    };
    assert_eq!(count(&[".text"]), "cut.so tool");
    let patterns = [linchpin_source::Pattern::ExecutableWith(&[".text"])];
    let seen = Seen::wanting(source.as_ref(), &patterns).unwrap();
    assert!(
        seen.content("tool")
            .is_some_and(|content| content.starts_with("\u{7f}ELF"))
    );
    assert_eq!(
        count(&[".no-such-section"]),
        "cut.so",
        "what no table can tell is handed out"
    );
}

#[test]
fn of_a_huge_file_only_the_head_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("large.model")).unwrap();
    file.set_len(64 << 30).unwrap();
    std::os::unix::fs::FileExt::write_at(&file, b"GGUF3", 0).unwrap();
    let source = linchpin_source::open(
        &folder.path().display().to_string(),
        SourceOptions::default(),
    )
    .unwrap();
    let head = Pattern::Head(&Pattern::Suffix(".model"), 4);
    let seen = Seen::wanting(source.as_ref(), &[head]).unwrap();
    assert_eq!(seen.content("large.model"), Some("GGUF"));
    assert_eq!(seen.notes(), "");
    let both = [head, Pattern::Name("large.model")];
    let seen = Seen::wanting(source.as_ref(), &both).unwrap();
    assert!(seen.notes().contains("at most 256 MiB"), "{}", seen.notes());
}

#[test]
fn files_are_read_again_by_their_paths_and_only_inside_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir(root.join("a")).unwrap();
    std::fs::write(root.join("a/b.js"), "b").unwrap();
    std::fs::write(root.join("large.js"), "larger").unwrap();
    std::fs::write(root.join("left-out.js"), "x").unwrap();
    symlink("a/b.js", root.join("inside.js")).unwrap();
    let outside = file_with(b"o");
    symlink(outside.path(), root.join("outside.js")).unwrap();
    let options = SourceOptions {
        exclude: exclude_globs(["left-out.js"]).unwrap(),
        ..SourceOptions::default()
    };
    let source = open(&root.display().to_string(), options).unwrap();
    let asked = [
        "a/b.js",
        "a",
        "inside.js",
        "outside.js",
        "../a/b.js",
        "large.js",
        "left-out.js",
        "none.js",
    ];
    let paths = asked.map(TargetPath::new);
    let seen = std::sync::Mutex::new(Vec::new());
    source.read_files(&paths, 4, &|entry| {
        let text = String::from_utf8_lossy(entry.content).into_owned();
        seen.lock().unwrap().push(format!("{} {text}", entry.path));
    });
    // A path above the root is one below it.
    assert_eq!(
        seen.into_inner().unwrap(),
        ["a/b.js b", "inside.js b", "a/b.js b"]
    );
}
