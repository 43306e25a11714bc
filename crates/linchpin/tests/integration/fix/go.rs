//! Go, with a proxy of modules in a folder: <https://go.dev/ref/mod#module-proxy>.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::bench::{Bench, Needs, advisory, is_there};

/// Puts one version of a module into the proxy.
fn publish(proxy: &Path, module: &str, version: &str, needs: Needs) {
    let folder = proxy.join(module).join("@v");
    fs::create_dir_all(&folder).unwrap();
    let mut manifest = format!("module {module}\n\ngo 1.18\n");
    let mut source = String::from("package x\n");
    for (name, version) in needs {
        writeln!(manifest, "\nrequire {name} {version}").unwrap();
        writeln!(source, "import _ \"{name}\"").unwrap();
    }
    let archive = fs::File::create(folder.join(format!("{version}.zip"))).unwrap();
    let mut archive = zip::ZipWriter::new(archive);
    for (path, text) in [("go.mod", &manifest), ("x.go", &source)] {
        let options = zip::write::SimpleFileOptions::default();
        let path = format!("{module}@{version}/{path}");
        archive.start_file(path, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    let information = format!(r#"{{"Version": "{version}", "Time": "2026-01-01T00:00:00Z"}}"#);
    fs::write(folder.join(format!("{version}.info")), information).unwrap();
    fs::write(folder.join(format!("{version}.mod")), manifest).unwrap();
    let list = folder.join("list");
    let known = fs::read_to_string(&list).unwrap_or_default();
    fs::write(list, format!("{known}{version}\n")).unwrap();
}

#[test]
fn go_makes_what_was_planned() {
    if !is_there("go") {
        return;
    }
    let manifest = "module app.example/app\n\ngo 1.18\n\nrequire (\n\tmods.example/left v1.0.0\n\t\
                    mods.example/web v1.0.0\n)\n\nrequire mods.example/low v1.0.0 // indirect\n";
    let source = "package main\n\nimport _ \"mods.example/left\"\nimport _ \"mods.example/web\"\n\n\
                  func main() {}\n";
    let advisories = [
        advisory("Go", "GO-2026-0001", "mods.example/left", Some("1.0.1")),
        advisory("Go", "GO-2026-0002", "mods.example/low", Some("1.1.0")),
        advisory("Go", "GO-2026-0003", "mods.example/web", None),
    ];
    let files = [("go.mod", manifest), ("main.go", source)];
    let bench = Bench::new("Go", &advisories, &files);
    let proxy = bench.folder.path().join("proxy");
    let low: Needs = &[("mods.example/low", "v1.0.0")];
    for (module, version, needs) in [
        ("mods.example/left", "v1.0.0", &[][..]),
        ("mods.example/left", "v1.0.1", &[]),
        ("mods.example/left", "v1.2.0", &[]),
        ("mods.example/low", "v1.0.0", &[]),
        ("mods.example/low", "v1.1.0", &[]),
        ("mods.example/low", "v1.2.0", &[]),
        ("mods.example/web", "v1.0.0", low),
    ] {
        publish(&proxy, module, version, needs);
    }
    let proxy = format!("file://{}", proxy.display());
    let cache = bench.folder.path().join("modules").display().to_string();
    let settings = [
        ("GOPROXY", proxy.as_str()),
        ("GOSUMDB", "off"),
        ("GONOSUMDB", "*"),
        // Modules in the cache are read-only, and the folder of the test is removed.
        ("GOFLAGS", "-modcacherw"),
        ("GOMODCACHE", &cache),
        ("GOTOOLCHAIN", "local"),
    ];
    bench.client(&["go", "mod", "tidy"], &settings);
    assert_eq!(bench.found().len(), 3);
    let plan = bench.keeps_its_promise(&settings);
    let project = &plan["projects"][0];
    assert_eq!(project["tried"], true, "{project:#}");
    assert_eq!(project["stays"][0]["reason"], "no-fix", "{project:#}");
    // Go takes the least version that all ask for, and is asked for the least that helps.
    let changed = bench.text("go.mod");
    assert!(changed.contains("mods.example/left v1.0.1"), "{changed}");
    assert!(changed.contains("mods.example/low v1.1.0"), "{changed}");
    let left: Vec<String> = bench.found().into_iter().map(|(id, _)| id).collect();
    assert_eq!(left, ["GO-2026-0003"]);
}
