//! Go programs: crafted ones of each form, and real ones compared with `go version -m`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use linchpin_model::{Inventory, Role};
use proptest::prelude::*;

use crate::cases::inventory_of;
use crate::program_files::{DATA_ADDRESS, elf_with, write_program};
use crate::reference_tools::output_of;

const MODULES: &str = "path\tmodules.example/app/cmd/app\n\
    mod\tmodules.example/app\tv1.2.3\th1:AAAA=\n\
    dep\tmodules.example/library/v2\tv2.0.1\th1:BBBB=\n\
    dep\tmodules.example/original\tv1.0.0\n\
    =>\tmodules.example/fork\tv1.0.1\th1:CCCC=\n\
    build\t-compiler=gc\n";

/// The text of the modules between its two markers.
fn marked(modules: &str) -> Vec<u8> {
    let mut text = vec![0x30; 16];
    text.extend(modules.as_bytes());
    text.extend([0x31; 16]);
    text
}

fn counted(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut length = text.len();
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(text);
    bytes
}

/// The form since Go 1.18: the texts follow the header.
fn inline_form(version: &str, modules: &str) -> Vec<u8> {
    let mut data = b"\xff Go buildinf:\x08\x02".to_vec();
    data.resize(32, 0);
    data.extend(counted(version.as_bytes()));
    data.extend(counted(&marked(modules)));
    data
}

/// The form before: the header holds the addresses of two Go strings.
fn pointer_form(version: &str, modules: &str) -> Vec<u8> {
    let modules = marked(modules);
    let strings = DATA_ADDRESS + 32;
    let texts = strings + 32;
    let mut data = b"\xff Go buildinf:\x08\x00".to_vec();
    for word in [
        strings,
        strings + 16,
        texts,
        version.len() as u64,
        texts + version.len() as u64,
        modules.len() as u64,
    ] {
        data.extend(word.to_le_bytes());
    }
    data.extend(version.as_bytes());
    data.extend(modules);
    data
}

fn inventory_of_program(content: &[u8]) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    write_program(&folder.path().join("bin/app"), content);
    inventory_of(folder.path())
}

fn purls(inventory: &Inventory) -> BTreeSet<String> {
    inventory
        .packages
        .iter()
        .map(|package| package.purl.to_string())
        .collect()
}

#[test]
fn every_form_of_build_information_is_read() {
    let with_padding = [vec![7; 48], inline_form("go1.21.3", MODULES)].concat();
    for program in [
        elf_with(Some(".go.buildinfo"), &inline_form("go1.21.3", MODULES)),
        elf_with(Some(".go.buildinfo"), &pointer_form("go1.21.3", MODULES)),
        elf_with(None, &with_padding),
    ] {
        let inventory = inventory_of_program(&program);
        let expected = [
            "pkg:golang/modules.example/app@v1.2.3",
            "pkg:golang/modules.example/fork@v1.0.1",
            "pkg:golang/modules.example/library/v2@v2.0.1",
            "pkg:golang/stdlib@1.21.3",
        ];
        assert_eq!(purls(&inventory), expected.map(str::to_owned).into());
        let (root, package) = inventory.roots().next().unwrap();
        assert_eq!(package.role, Role::Application);
        assert_eq!(inventory.dependencies_of(root).len(), 3);
    }
}

#[test]
fn a_program_without_modules_names_its_standard_library() {
    let program = elf_with(Some(".go.buildinfo"), &inline_form("go1.19.8", ""));
    let inventory = inventory_of_program(&program);
    let expected = ["pkg:generic/app", "pkg:golang/stdlib@1.19.8"];
    assert_eq!(purls(&inventory), expected.map(str::to_owned).into());
}

#[test]
fn a_real_program_is_what_go_version_says() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    // A dependency in the vendor folder, so that nothing is downloaded.
    write(
        "go.mod",
        "module modules.example/app\n\ngo 1.17\n\nrequire modules.example/library/v2 v2.0.1\n",
    );
    write(
        "vendor/modules.txt",
        "# modules.example/library/v2 v2.0.1\n## explicit; go 1.17\nmodules.example/library/v2\n",
    );
    write(
        "vendor/modules.example/library/v2/library.go",
        "package library\n\nfunc Word() string { return \"hello\" }\n",
    );
    write(
        "main.go",
        "package main\n\nimport library \"modules.example/library/v2\"\n\n\
            func main() { print(library.Word()) }\n",
    );
    let build = |system: &str, flags: &str, output: &str| {
        let script = format!(
            "command -v go >/dev/null || exit 0\n\
                GOCACHE={root}/cache GOFLAGS=-mod=vendor GOTOOLCHAIN=local CGO_ENABLED=0 GOOS={system} \
                go build -buildvcs=false -ldflags='{flags}' -o {root}/out/{output} . && echo built",
            root = root.display()
        );
        output_of("sh", &["-c", &script], root)
    };
    if build("linux", "-s -w", "stripped").is_none_or(|output| output.is_empty()) {
        crate::reference_tools::skip("go is not there");
        return;
    }
    build("windows", "", "program.exe");
    build("darwin", "", "for-mac");
    for program in ["stripped", "program.exe", "for-mac"] {
        let output = output_of("go", &["version", "-m", &format!("out/{program}")], root).unwrap();
        let only = tempfile::tempdir().unwrap();
        let copy = only.path().join(program);
        fs::copy(root.join("out").join(program), &copy).unwrap();
        let found = purls(&inventory_of(only.path()));
        assert_eq!(found, from_go_version(&output), "{program}: {output}");
    }
}

/// The package URLs that belong to the lines of `go version -m`.
fn from_go_version(output: &str) -> BTreeSet<String> {
    let mut lines = output.lines();
    let go = lines.next().unwrap().rsplit("go").next().unwrap();
    let mut found = BTreeSet::from([format!("pkg:golang/stdlib@{go}")]);
    for line in lines {
        let words: Vec<&str> = line.trim().split('\t').collect();
        match words.as_slice() {
            ["mod", path, "(devel)", ..] => found.insert(format!("pkg:golang/{path}")),
            ["mod" | "dep", path, version, ..] => {
                found.insert(format!("pkg:golang/{path}@{version}"))
            }
            _ => true,
        };
    }
    found
}

#[test]
fn installed_programs_are_what_go_version_says() {
    for program in ["/usr/bin/umoci", "/usr/bin/skopeo", "/usr/bin/buildah"] {
        if !Path::new(program).exists() {
            continue;
        }
        let Some(output) = output_of("go", &["version", program], Path::new("/")) else {
            return;
        };
        let go = output.trim().rsplit("go").next().unwrap();
        let content = fs::read(program).unwrap();
        assert!(
            purls(&inventory_of_program(&content)).contains(&format!("pkg:golang/stdlib@{go}")),
            "{program}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damaged_programs_do_no_harm(
        changes in proptest::collection::vec((0_usize..1200, any::<u8>()), 1..20),
        cut in 0_usize..1200,
        older in any::<bool>(),
    ) {
        let data = if older { pointer_form("go1.21.3", MODULES) } else { inline_form("go1.21.3", MODULES) };
        let mut program = elf_with(Some(".go.buildinfo"), &data);
        for (at, byte) in changes {
            if let Some(slot) = program.get_mut(at) {
                *slot = byte;
            }
        }
        program.truncate(program.len().saturating_sub(cut / 4));
        let path = linchpin_model::TargetPath::new("bin/app");
        let entry = linchpin_source::Entry::whole(&path, None, linchpin_source::Mode(0o755), &program);
        linchpin_catalog::read_with("go-binary", &entry);
        linchpin_catalog::read_with("cargo-auditable", &entry);
    }
}
