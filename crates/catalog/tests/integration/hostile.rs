//! Files made to cost time or memory: long lines, deep nesting, thousands of things of one name,
//! circles and long chains. The sizes are small enough for a test that is not optimised, and large
//! enough that work which grows with their square would show.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use linchpin_catalog::take_inventory;
use linchpin_model::Inventory;
use linchpin_source::{SourceOptions, open};

/// What a debug build on a busy machine may take for one target.
const PATIENCE: Duration = Duration::from_secs(60);

/// The inventory of a target with these files, or a failure if it takes too long. It is taken on
/// a thread with the stack that the program's own threads have.
fn inventory_of<P: AsRef<Path>>(files: impl IntoIterator<Item = (P, String)>) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            let target = folder.path().display().to_string();
            let source = open(&target, SourceOptions::default()).unwrap();
            sender.send(take_inventory(source.as_ref()).unwrap()).ok();
        })
        .unwrap();
    receiver.recv_timeout(PATIENCE).expect("it takes too long")
}

/// The number of edges.
fn edges(inventory: &Inventory) -> usize {
    let packages = inventory.iter();
    packages
        .map(|(id, _)| inventory.dependencies_of(id).len())
        .sum()
}

/// So many texts, one after the other.
fn repeated(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

const TEXT_FILES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Pipfile",
    "Pipfile.lock",
    "etc/os-release",
    "go.mod",
    "lib/apk/db/installed",
    "lib/python3.11/site-packages/x-1.dist-info/METADATA",
    "lib/python3.11/site-packages/x.egg-info/requires.txt",
    "node_modules/.package-lock.json",
    "node_modules/x/package.json",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "poetry.lock",
    "pyproject.toml",
    "requirements.txt",
    "usr/share/doc/x/copyright",
    "uv.lock",
    "var/lib/dpkg/info/x.list",
    "var/lib/dpkg/status",
    "vendor/modules.txt",
    "yarn.lock",
];

#[test]
fn a_long_line_of_anything_is_read_or_refused() {
    for piece in [
        "a", "a ", "(", "[", "{\"a\":", "{a: ", "- ", "? ", "\"", "\\\"", "a.", "[a.", "a = {",
        ",", "a\\\n", "]\n", "\n", "# ", "a: b, ", "&a ", "*a ", "!", "\u{e9}", "\0",
    ] {
        let line = piece.repeat((1 << 19) / piece.len());
        let files = TEXT_FILES.iter();
        let inventory = inventory_of(files.map(|path| (path, line.clone())));
        assert!(
            inventory.packages.len() < 100,
            "{piece:?}: {}",
            inventory.packages.len()
        );
    }
}

#[test]
fn nesting_behind_a_good_start_ends_no_stack() {
    for (path, start, piece) in [
        ("package-lock.json", r#"{"packages":{"":{"x":"#, "["),
        ("package.json", r#"{"name":"x","dependencies":"#, r#"{"a":"#),
        ("Pipfile.lock", r#"{"default":"#, r#"{"a":"#),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages: ", "["),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\npackages: ",
            "{a: ",
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 8\n\"a@npm:1\": ",
            "{a: ",
        ),
        ("Cargo.lock", "version = 4\npackage = ", "["),
        ("Cargo.toml", "dependencies = ", "{a="),
        ("Cargo.toml", "[dependencies]\n", "a."),
        ("pyproject.toml", "[project]\ndependencies = ", "["),
        ("uv.lock", "[[package]]\nname = ", "["),
        ("poetry.lock", "[[package]]\ndependencies.", "a."),
        ("requirements.txt", "a==1; ", "("),
        ("requirements.txt", "a==1; ", "not "),
        (
            "lib/python3.11/site-packages/x-1.dist-info/METADATA",
            "Name: x\nVersion: 1\nLicense-Expression: ",
            "(",
        ),
        (
            "lib/python3.11/site-packages/x-1.dist-info/METADATA",
            "Name: x\nVersion: 1\nRequires-Dist: b; ",
            "(",
        ),
        ("lib/apk/db/installed", "P:a\nV:1\nL:", "("),
    ] {
        inventory_of([(path, start.to_owned() + &piece.repeat(100_000))]);
    }
}

#[test]
fn an_object_that_never_ends_is_given_up_early() {
    // At the start of a document, all of it may yet turn out to be a key.
    for piece in ["a: b, ", "a: b,\n", "'}': b,\n"] {
        let inventory = inventory_of([("pnpm-lock.yaml", "{".to_owned() + &piece.repeat(200_000))]);
        let note = &inventory.notes[0].text;
        assert!(note.contains("KiB"), "{note}");
    }
}

#[test]
fn aliases_multiply_nothing() {
    let levels = repeated(30, |level| {
        let list = vec![format!("*a{level}"); 9].join(", ");
        format!("a{}: &a{} [{list}]\n", level + 1, level + 1)
    });
    inventory_of([(
        "pnpm-lock.yaml",
        format!("lockfileVersion: '9.0'\na0: &a0 [x]\n{levels}packages: *a30\n"),
    )]);
}

#[test]
fn a_chain_of_packages_is_as_long_as_it_is() {
    let count = 20_000;
    let npm = repeated(count, |number| {
        let next = number + 1;
        format!(
            r#","node_modules/a{number}":{{"version":"1.0.0","dependencies":{{"a{next}":"*"}}}}"#
        )
    });
    let npm = format!(
        r#"{{"name":"r","version":"1.0.0","lockfileVersion":3,"packages":{{"":{{"dependencies":{{"a0":"*"}}}}{npm}}}}}"#
    );
    assert_eq!(edges(&inventory_of([("package-lock.json", npm)])), count);

    let cargo = repeated(count, |number| {
        let source = if number > 0 {
            "source = \"registry+x\"\n"
        } else {
            ""
        };
        let next = number + 1;
        format!(
            "[[package]]\nname = \"a{number}\"\nversion = \"1.0.0\"\n{source}dependencies = [\"a{next}\"]\n"
        )
    });
    let cargo = format!("version = 4\n{cargo}");
    assert_eq!(edges(&inventory_of([("Cargo.lock", cargo)])), count - 1);

    let uv = repeated(count, |number| {
        let next = number + 1;
        format!(
            "[[package]]\nname = \"a{number}\"\nversion = \"1\"\nsource = {{registry=\"x\"}}\ndependencies = [{{name=\"a{next}\"}}]\n"
        )
    });
    let uv = format!(
        "version = 1\n[[package]]\nname = \"r\"\nversion = \"1\"\nsource = {{virtual=\".\"}}\ndependencies = [{{name=\"a0\"}}]\n{uv}"
    );
    assert_eq!(edges(&inventory_of([("uv.lock", uv)])), count);

    let yarn = repeated(count, |number| {
        let next = number + 1;
        format!("a{number}@*:\n  version \"1.0.0\"\n  dependencies:\n    a{next} \"*\"\n\n")
    });
    let inventory = inventory_of([("yarn.lock", format!("# yarn lockfile v1\n\n{yarn}"))]);
    assert_eq!(edges(&inventory), count - 1);

    let pnpm = repeated(count, |number| {
        let next = number + 1;
        format!("  a{number}@1.0.0:\n    dependencies:\n      a{next}: 1.0.0\n")
    });
    let inventory = inventory_of([(
        "pnpm-lock.yaml",
        format!("lockfileVersion: '9.0'\nsnapshots:\n{pnpm}"),
    )]);
    assert_eq!(edges(&inventory), count - 1);

    let dpkg = repeated(count, |number| {
        let next = number + 1;
        format!(
            "Package: a{number}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\nDepends: a{next}\n\n"
        )
    });
    assert_eq!(
        edges(&inventory_of([("var/lib/dpkg/status", dpkg)])),
        count - 1
    );
}

#[test]
fn what_everybody_provides_and_needs_makes_no_square_of_edges() {
    let count = 3_000;
    let dpkg = repeated(count, |number| {
        format!(
            "Package: a{number}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\nProvides: v\nDepends: v\n\n"
        )
    });
    let inventory = inventory_of([("var/lib/dpkg/status", dpkg)]);
    assert!(edges(&inventory) < count * 100);

    let apk = repeated(count, |number| {
        format!("P:a{number}\nV:1-r0\nA:x86_64\np:v=1\nD:v\n\n")
    });
    let inventory = inventory_of([("lib/apk/db/installed", apk)]);
    assert!(edges(&inventory) < count * 100);
}

#[test]
fn copies_of_one_name_in_a_folder_make_no_square_of_edges() {
    let count = 2_000;
    let inventory = inventory_of((0..count).map(|number| {
        let path = format!("lib/python3.11/site-packages/a-{number}.dist-info/METADATA");
        let text = format!("Metadata-Version: 2.1\nName: a\nVersion: {number}\nRequires-Dist: a\n");
        (path, text)
    }));
    assert_eq!(inventory.packages.len(), count);
    assert!(edges(&inventory) <= count * 10);
}

#[test]
fn many_environments_and_manifests_do_not_multiply() {
    let inventory = inventory_of((0..1_000).flat_map(|number| {
        [
            (
                format!("v{number}/lib/python3.11/site-packages/a-1.dist-info/METADATA"),
                "Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: b\n".to_owned(),
            ),
            (
                format!("v{number}/pyvenv.cfg"),
                "version = 3.11.2\n".to_owned(),
            ),
            (format!("p{number}/requirements.txt"), "a\n".to_owned()),
        ]
    }));
    assert!(inventory.packages.len() > 1_000);
}

#[test]
fn requirements_that_include_each_other_are_each_read_once() {
    let count = 2_000;
    let inventory = inventory_of((0..count).map(|number| {
        let next = (number + 1) % count;
        let text = format!("-r requirements{next}.txt\na{number}==1\n");
        (format!("requirements{number}.txt"), text)
    }));
    assert_eq!(inventory.libraries().count(), count);
}

#[test]
fn a_long_folder_is_not_repeated_for_each_of_its_files() {
    let folder = "d/".repeat(50_000);
    let files = repeated(50_000, |number| format!("R:x{number}\n"));
    let inventory = inventory_of([(
        "lib/apk/db/installed",
        format!("P:a\nV:1-r0\nA:x86_64\nF:usr\nR:there\nF:{folder}\n{files}"),
    )]);
    let package = &inventory.packages[0];
    assert_eq!(package.files.as_ref().map(|files| files.listed), Some(1));
}

#[test]
fn packages_installed_too_deep_are_passed_over() {
    let mut folder = String::new();
    let needs = repeated(300, |number| format!(r#""z{number}":"*","#));
    let mut files = Vec::new();
    for level in 0..110 {
        let _ = write!(folder, "node_modules/p{level:06}/");
        let text = format!(
            r#"{{"name":"p{level:06}","version":"1.0.0","dependencies":{{{needs}"a":"*"}}}}"#
        );
        files.push((format!("{folder}package.json"), text));
    }
    let inventory = inventory_of(files);
    assert!(inventory.packages.len() < 60);
    assert!(
        inventory
            .notes
            .iter()
            .any(|note| note.text.contains("too deep"))
    );
}
