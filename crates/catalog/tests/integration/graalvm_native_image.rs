//! Programs with an embedded SBOM, as a linker makes them: the symbols are in the table that
//! `strip` leaves, or only in the one that it takes.

use linchpin_model::Inventory;

use crate::cases::inventory_of;
use crate::reference_tools::output_of;

const DOCUMENT: &str = r#"{
  "bomFormat": "CycloneDX", "specVersion": "1.6",
  "metadata": {"component": {"bom-ref": "a", "group": "com.example", "name": "shop", "version": "1.0.0"}},
  "components": [{"type": "library", "bom-ref": "b", "group": "org.json", "name": "json", "version": "20211205"}],
  "dependencies": [{"ref": "a", "dependsOn": ["b"]}]
}"#;

/// Links a library that holds the document that this command writes, with these arguments for the
/// linker; nothing without a C compiler.
fn inventory_of_library(command: &str, arguments: &[&str]) -> Option<Inventory> {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path();
    std::fs::write(folder.join("document"), DOCUMENT).unwrap();
    let pack = format!("{command} | gzip -9 > sbom.gz");
    output_of("sh", &["-c", &pack], folder)?;
    let packed = std::fs::metadata(folder.join("sbom.gz")).unwrap().len();
    let source = format!(
        ".data\n.globl sbom, sbom_length\n.balign 8\nsbom: .incbin \"sbom.gz\"\n.balign 8\n\
         sbom_length: .quad {packed}\n.section .svm_heap,\"aw\"\n.quad 0\n"
    );
    std::fs::write(folder.join("image.s"), source).unwrap();
    let target = folder.join("target");
    std::fs::create_dir(&target).unwrap();
    let mut command = vec!["-nostdlib", "-o", "target/image.so", "image.s"];
    command.extend(arguments);
    output_of("cc", &command, folder)?;
    Some(inventory_of(&target))
}

#[test]
fn the_symbols_are_found_wherever_they_stand() {
    for arguments in [&["-shared"][..], &["-shared", "-s"], &["-pie", "-Wl,-e0"]] {
        let Some(inventory) = inventory_of_library("cat document", arguments) else {
            return;
        };
        let shop = inventory.find("pkg:maven/com.example/shop@1.0.0").unwrap();
        let json = inventory.find("pkg:maven/org.json/json@20211205").unwrap();
        assert_eq!(inventory.dependencies_of(shop)[0].on, json);
        assert_eq!(inventory.roots().next().unwrap().0, shop);
        assert!(inventory.notes.is_empty(), "{:?}", inventory.notes);
    }
}

#[test]
fn a_document_that_unpacks_without_end_is_refused() {
    let Some(inventory) = inventory_of_library("head -c 68000000 /dev/zero", &["-shared"]) else {
        return;
    };
    assert!(inventory.packages.is_empty());
    let notes: Vec<&str> = inventory
        .notes
        .iter()
        .filter(|note| note.path.is_some())
        .map(|note| note.text.as_str())
        .collect();
    assert_eq!(
        notes,
        ["its embedded SBOM can not be read: it is over 64 MiB long"]
    );
}
