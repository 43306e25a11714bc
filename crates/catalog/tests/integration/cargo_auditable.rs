//! Programs with an embedded list of crates: crafted ones, and a real one that cargo auditable
//! built.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use linchpin_model::{Inventory, Scope};

use crate::cases::inventory_of;
use crate::program_files::{elf_with, write_program};
use crate::reference_tools::output_of;

fn inventory_of_list(list: &[u8]) -> Inventory {
    let mut section = ZlibEncoder::new(Vec::new(), Compression::best());
    section.write_all(list).unwrap();
    inventory_of_section(&section.finish().unwrap())
}

fn inventory_of_section(section: &[u8]) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    let program = elf_with(Some(".dep-v0"), section);
    write_program(&folder.path().join("bin/app"), &program);
    inventory_of(folder.path())
}

#[test]
fn crates_edges_and_kinds_are_read() {
    let inventory = inventory_of_list(
        br#"{"packages":[
            {"name":"adler","version":"1.0.2","source":"crates.io"},
            {"name":"app","version":"0.1.0","source":"local","dependencies":[0,2],"root":true},
            {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build","dependencies":[99]}
        ]}"#,
    );
    let app = inventory.find("pkg:cargo/app@0.1.0").unwrap();
    assert_eq!(inventory.roots().next().unwrap().0, app);
    let scopes: Vec<Scope> = inventory
        .dependencies_of(app)
        .iter()
        .map(|dependency| dependency.scope)
        .collect();
    assert_eq!(scopes, [Scope::Runtime, Scope::Build]);
    let cc = inventory.find("pkg:cargo/cc@1.0.0").unwrap();
    assert_eq!(inventory.package(cc).scope, Scope::Build);
}

#[test]
fn a_list_that_unpacks_without_end_is_refused() {
    let inventory = inventory_of_list(&vec![b' '; 20 << 20]);
    assert!(inventory.packages.is_empty());
    assert_eq!(
        problems(&inventory),
        ["its list of crates can not be read: it is over 8 MiB long"]
    );
}

#[test]
fn what_is_no_list_is_said() {
    for section in [&b"no zlib"[..], b""] {
        assert_eq!(problems(&inventory_of_section(section)).len(), 1);
    }
    assert_eq!(problems(&inventory_of_list(b"{\"packages\": 3}")).len(), 1);
}

/// What is said of the file; that nobody knows the program is said of the whole target.
fn problems(inventory: &Inventory) -> Vec<&str> {
    let notes = inventory.notes.iter();
    notes
        .filter(|note| note.path.is_some())
        .map(|note| note.text.as_str())
        .collect()
}

#[test]
fn a_real_program_has_the_crates_of_its_lockfile() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n\
            [workspace]\n\n[dependencies]\nengine = { path = \"engine\" }\n",
    );
    write("src/main.rs", "fn main() { engine::run() }\n");
    write(
        "engine/Cargo.toml",
        "[package]\nname = \"engine\"\nversion = \"0.2.0\"\nedition = \"2021\"\n\n\
            [build-dependencies]\nmaker = { path = \"../maker\" }\n",
    );
    write("engine/src/lib.rs", "pub fn run() {}\n");
    write("engine/build.rs", "fn main() { maker::make() }\n");
    write(
        "maker/Cargo.toml",
        "[package]\nname = \"maker\"\nversion = \"0.3.0\"\nedition = \"2021\"\n",
    );
    write("maker/src/lib.rs", "pub fn make() {}\n");
    let script = "command -v cargo-auditable >/dev/null || exit 0\n\
        CARGO_TARGET_DIR=out cargo auditable build --quiet --offline && echo built";
    // Debian does not package the tool, so that no machine can be asked to have it.
    if output_of("sh", &["-c", script], root).is_none_or(|output| output.is_empty()) {
        println!("skipped: cargo auditable is not there");
        return;
    }
    let only = tempfile::tempdir().unwrap();
    fs::copy(root.join("out/debug/app"), only.path().join("app")).unwrap();
    let inventory = inventory_of(only.path());
    let found: Vec<String> = inventory
        .packages
        .iter()
        .map(|package| format!("{} {}", package.purl, package.scope.label()))
        .collect();
    assert_eq!(
        found,
        [
            "pkg:cargo/app@0.1.0 runtime",
            "pkg:cargo/engine@0.2.0 runtime",
            "pkg:cargo/maker@0.3.0 build",
        ]
    );
}
