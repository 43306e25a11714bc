//! Images that a real container engine has: Podman, in its own storage in a temporary folder.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run the engine and the tools that fill it"
)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{available, outcome, program, run};

struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn tool(folder: &Path, program: &str, arguments: &[&str]) {
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
}

fn podman(folder: &Path) -> Vec<String> {
    ["root", "runroot", "tmpdir"]
        .iter()
        .flat_map(|place| {
            [
                format!("--{place}"),
                folder.join(place).display().to_string(),
            ]
        })
        .chain(
            [
                "--storage-driver=vfs",
                "--cgroup-manager=cgroupfs",
                "--events-backend=none",
            ]
            .map(str::to_owned),
        )
        .collect()
}

#[test]
fn an_image_of_podman_is_read_through_its_socket() {
    for needed in ["podman", "umoci", "skopeo"] {
        let there = Command::new(needed).arg("--version").output().is_ok();
        if !available(there, needed) {
            return;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    tool(work, "umoci", &["init", "--layout", "image"]);
    tool(work, "umoci", &["new", "--image", "image:latest"]);
    let lock = r#"{"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"app","version":"1.0.0"},"node_modules/part":{"version":"1.2.3"}}}"#;
    std::fs::write(work.join("lock"), lock).unwrap();
    tool(
        work,
        "umoci",
        &[
            "insert",
            "--image",
            "image:latest",
            "lock",
            "/srv/package-lock.json",
        ],
    );
    let archive = "docker-archive:image.tar:packages.example/team/app:1";
    tool(
        work,
        "skopeo",
        &[
            "--insecure-policy",
            "copy",
            "-q",
            "oci:image:latest",
            archive,
        ],
    );

    let policy = work.join("policy.json");
    std::fs::write(
        &policy,
        r#"{"default":[{"type":"insecureAcceptAnything"}]}"#,
    )
    .unwrap();
    let mut load = podman(work);
    load.extend(["load", "-q", "-i", "image.tar", "--signature-policy"].map(str::to_owned));
    load.push(policy.display().to_string());
    tool(
        work,
        "podman",
        &load.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let socket = work.join("podman.sock");
    let address = format!("unix://{}", socket.display());
    let service = Command::new("podman")
        .args(podman(work))
        .args(["system", "service", "--time=0", &address])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _service = Service(service);
    let begun = Instant::now();
    while std::os::unix::net::UnixStream::connect(&socket).is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "podman does not listen"
        );
        std::thread::sleep(Duration::from_millis(50));
    }

    let here = run(&[
        "sbom",
        "-q",
        &work.join("image.tar").display().to_string(),
        "-f",
        "json",
    ])
    .json();
    assert!(here["packages"].as_array().unwrap().len() >= 2, "{here}");
    for (transport, variable) in [
        ("podman:", "CONTAINER_HOST"),
        ("docker-daemon:", "DOCKER_HOST"),
    ] {
        let target = format!("{transport}packages.example/team/app:1");
        let mut command = program(&["sbom", "-q", "--offline", &target, "-f", "json"]);
        command.env(variable, &address);
        let found = outcome(&mut command);
        assert_eq!(found.code, 0, "{}", found.stderr);
        let json = found.json();
        assert_eq!(json["packages"], here["packages"]);
        assert_eq!(json["target"]["layers"], here["target"]["layers"]);
        assert_eq!(json["target"]["name"], "packages.example/team/app:1");

        let mut command = program(&["scan", &format!("{transport}packages.example/team/none:1")]);
        command.env(variable, &address);
        let missing = outcome(&mut command);
        assert_eq!(missing.code, 3);
        assert!(
            missing.stderr.contains("has no image"),
            "{}",
            missing.stderr
        );
    }
}
