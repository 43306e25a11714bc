//! Images that real container engines have: Podman and containerd, each in its own storage in a
//! temporary folder.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run engines and the tools that fill them"
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

/// Makes an image with a lockfile, `image.tar`, as Docker saves it.
fn make_image(work: &Path) {
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
    make_image(work);

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

/// Starts containerd as the user who must be root; nothing where it can not run.
fn containerd(work: &Path) -> Option<(Service, String)> {
    let socket = work.join("containerd.sock").display().to_string();
    let config = format!(
        "version = 2\nroot = \"{0}/root\"\nstate = \"{0}/state\"\n\
         disabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n[grpc]\naddress = \"{socket}\"\n",
        work.display()
    );
    std::fs::write(work.join("config.toml"), config).unwrap();
    let log = std::fs::File::create(work.join("log")).unwrap();
    let service = Command::new("containerd")
        .args(["--config", "config.toml"])
        .current_dir(work)
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .ok()?;
    let mut service = Service(service);
    let begun = Instant::now();
    loop {
        let answers = Command::new("ctr")
            .args(["--address", &socket, "version"])
            .output()
            .ok()?;
        if answers.status.success() {
            return Some((service, socket));
        }
        let has_ended = service.0.try_wait().ok()?.is_some();
        if has_ended || begun.elapsed() > Duration::from_secs(30) {
            return None;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_image_of_containerd_is_read_through_its_client() {
    for needed in ["containerd", "ctr", "umoci", "skopeo"] {
        let there = Command::new(needed).arg("--version").output().is_ok();
        if !available(there, needed) {
            return;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    make_image(work);
    let Some((_service, socket)) = containerd(work) else {
        // Some sandboxes let nobody run it, however well it is installed.
        println!("skipped: containerd does not start here; it needs root");
        return;
    };
    let import = ["images", "import", "--no-unpack", "image.tar"];
    let client = ["--address", &socket, "--namespace", "linchpin"];
    tool(work, "ctr", &[&client[..], &import].concat());
    let archive = work.join("image.tar").display().to_string();
    let here = run(&["sbom", "-q", &archive, "-f", "json"]).json();
    let asked = |target: &str, namespace: &str| {
        let mut command = program(&["sbom", "-q", "--offline", target, "-f", "json"]);
        command.env("CONTAINERD_ADDRESS", &socket);
        command.env("CONTAINERD_NAMESPACE", namespace);
        outcome(&mut command)
    };
    let found = asked("containerd:packages.example/team/app:1", "linchpin");
    assert_eq!(found.code, 0, "{}", found.stderr);
    let json = found.json();
    assert!(json["packages"].as_array().unwrap().len() >= 2, "{json}");
    assert_eq!(json["packages"], here["packages"]);
    assert_eq!(json["target"]["name"], "packages.example/team/app:1");
    for (target, namespace) in [
        ("containerd:packages.example/team/none:1", "linchpin"),
        ("containerd:packages.example/team/app:1", "other"),
    ] {
        let missing = asked(target, namespace);
        assert_eq!(missing.code, 3);
        assert!(
            missing.stderr.contains("has no image"),
            "{}",
            missing.stderr
        );
    }
}
