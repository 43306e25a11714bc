//! Files of operating system packages, followed through the links of a merged `/usr`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::cases::inventory_of;
use crate::program_files::{elf_with, write_program};

/// A system with one Debian package that has these files, one per line, all listed as regular.
fn system_with(root: &Path, files: &str) {
    let database = root.join("var/lib/dpkg");
    fs::create_dir_all(database.join("info")).unwrap();
    fs::write(
        database.join("status"),
        "Package: tool\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n",
    )
    .unwrap();
    fs::write(database.join("info/tool.list"), files).unwrap();
    let zeros = "0".repeat(32);
    let digests: Vec<String> = files
        .lines()
        .map(|path| format!("{zeros}  {}", path.trim_start_matches('/')))
        .collect();
    fs::write(database.join("info/tool.md5sums"), digests.join("\n")).unwrap();
}

#[test]
fn a_program_belongs_to_the_package_that_lists_it_under_another_path() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    // Built without modules: the header, the version of Go, no modules.
    let header = b"\xff Go buildinf:\x08\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08go1.21.3\0";
    let program = elf_with(Some(".go.buildinfo"), header);
    write_program(&root.join("usr/bin/tool"), &program);
    write_program(&root.join("opt/other"), &program);
    symlink("usr/bin", root.join("bin")).unwrap();
    system_with(root, "/bin/tool\n");
    let inventory = inventory_of(root);
    let tool = inventory.find("pkg:deb/debian/tool@1?arch=amd64").unwrap();
    assert_eq!(inventory.package(tool).files, None);
    let library = inventory.find("pkg:golang/stdlib@1.21.3").unwrap();
    let owners: Vec<_> = inventory
        .package(library)
        .occurrences
        .iter()
        .map(|occurrence| (occurrence.path.as_str(), occurrence.owner))
        .collect();
    assert_eq!(owners, [("opt/other", None), ("usr/bin/tool", Some(tool))]);
}

#[test]
fn links_count_as_files_and_what_lies_behind_missing_folders_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("usr/lib")).unwrap();
    fs::create_dir_all(root.join("opt/data")).unwrap();
    fs::write(root.join("opt/data/words"), "").unwrap();
    symlink("nowhere", root.join("usr/lib/dangling")).unwrap();
    symlink("/opt/data", root.join("usr/lib/data")).unwrap();
    symlink("circle", root.join("usr/lib/circle")).unwrap();
    system_with(
        root,
        "/usr/lib/dangling\n/usr/lib/data/words\n/usr/lib/circle\n/usr/lib/circle/x\n/gone/y\n\
            /usr/share/man/man1/left-out.1\n",
    );
    let inventory = inventory_of(root);
    let files = inventory.packages[0].files.as_ref().unwrap();
    let missing: Vec<&str> = files
        .examples
        .iter()
        .map(linchpin_model::TargetPath::as_str)
        .collect();
    assert_eq!(missing, ["usr/lib/circle/x", "gone/y"]);
}
