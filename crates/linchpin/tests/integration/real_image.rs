//! A real image, built by real clients: the package database of this Debian machine, a project that
//! npm installed, a deletion in a later layer; as OCI layout and as docker archive.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run the tools that build real images"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::{available, run};

fn tool(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn is_there(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    available(there, program)
}

fn names(sbom: &Value, kind: &str) -> BTreeSet<String> {
    let prefix = format!("pkg:{kind}/");
    sbom["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| package["role"] != "application")
        .filter(|package| package["purl"].as_str().unwrap().starts_with(&prefix))
        .map(|package| {
            format!(
                "{} {}",
                package["name"].as_str().unwrap(),
                package["version"].as_str().unwrap_or("")
            )
        })
        .collect()
}

#[test]
fn a_debian_image_holds_what_dpkg_and_npm_say() {
    if !["umoci", "skopeo", "dpkg-query", "npm"]
        .into_iter()
        .all(is_there)
    {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    let dpkg = work.join("dpkg");
    std::fs::create_dir_all(dpkg.join("info")).unwrap();
    std::fs::copy("/var/lib/dpkg/status", dpkg.join("status")).unwrap();
    let expected: BTreeSet<String> = tool(
        work,
        "dpkg-query",
        &["-W", "-f", "${Package} ${Version} ${db:Status-Status}\n"],
    )
    .lines()
    .filter_map(|line| line.strip_suffix(" installed"))
    .map(str::to_owned)
    .collect();

    // `old` goes away in the last layer, with everything that npm installed into it.
    for project in ["app", "old"] {
        let place = work.join(project);
        let dependency = place.join("packages").join(format!("{project}-part"));
        std::fs::create_dir_all(&dependency).unwrap();
        std::fs::write(
            dependency.join("package.json"),
            format!(r#"{{"name":"{project}-part","version":"1.2.3","license":"MIT"}}"#),
        )
        .unwrap();
        std::fs::write(
            place.join("package.json"),
            format!(r#"{{"name":"{project}","version":"1.0.0"}}"#),
        )
        .unwrap();
        let archive = tool(&dependency, "npm", &["pack", "--silent"]);
        tool(
            &place,
            "npm",
            &[
                "install",
                "--silent",
                "--offline",
                "--no-audit",
                "--no-fund",
                &format!("packages/{project}-part/{}", archive.trim()),
            ],
        );
    }

    tool(work, "umoci", &["init", "--layout", "image"]);
    tool(work, "umoci", &["new", "--image", "image:latest"]);
    let insert = |arguments: &[&str]| {
        let arguments = [&["insert", "--image", "image:latest"], arguments].concat();
        tool(work, "umoci", &arguments);
    };
    std::fs::write(work.join("os-release"), "ID=debian\nVERSION_ID=\"12\"\n").unwrap();
    insert(&["os-release", "/etc/os-release"]);
    insert(&["dpkg", "/var/lib/dpkg"]);
    insert(&["app", "/srv/app"]);
    insert(&["old", "/srv/old"]);
    insert(&["--whiteout", "/srv/old"]);
    tool(
        work,
        "skopeo",
        &[
            "--insecure-policy",
            "copy",
            "-q",
            "oci:image:latest",
            "docker-archive:image.tar:test/image:1",
        ],
    );
    tool(work, "tar", &["cf", "layout.tar", "-C", "image", "."]);

    for target in ["image", "image.tar", "layout.tar"] {
        let target = work.join(target).display().to_string();
        let sbom = run(&["sbom", "-q", &target, "--format", "json"]);
        assert_eq!(sbom.code, 0, "{}", sbom.stderr);
        let sbom = sbom.json();
        assert_eq!(names(&sbom, "deb"), expected, "{target}");
        assert_eq!(
            names(&sbom, "npm"),
            BTreeSet::from(["app-part 1.2.3".to_owned()]),
            "{target}"
        );
        let scan = run(&["scan", &target]);
        assert_eq!(scan.code, 0, "{}", scan.stderr);
        assert!(scan.stdout.contains("image sha256:"), "{}", scan.stdout);
    }
}
