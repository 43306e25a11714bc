//! Images: packages of Debian, installed by dpkg itself into layers that umoci makes; those of an rpm
//! distribution, in rpm's own database; those of Alpine.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::{Value, json};

use super::bench::{Bench, advisory, is_there};
use crate::program::{Outcome, run};

/// An image under construction.
struct Building {
    bench: Bench,
    folder: PathBuf,
}

fn tool(folder: &Path, line: &[&str]) {
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).current_dir(folder);
    command.assert().success();
}

fn record(ecosystem: &str, id: &str, name: &str, fixed: Option<&str>) -> Value {
    let mut record = advisory(ecosystem, id, name, fixed);
    record["affected"][0]["ranges"][0]["type"] = "ECOSYSTEM".into();
    record
}

impl Building {
    /// An image of nothing but the name of its distribution.
    fn new(feed: &str, advisories: &[Value], distribution: &str) -> Self {
        let bench = Bench::new(feed, advisories, &[]);
        let folder = bench.folder.path().to_owned();
        tool(&folder, &["umoci", "init", "--layout", "image"]);
        tool(&folder, &["umoci", "new", "--image", "image:latest"]);
        let unpack = ["umoci", "unpack", "--image", "image:latest", "bundle"];
        tool(&folder, &unpack);
        let building = Self { bench, folder };
        building.write("etc/os-release", distribution);
        building
    }

    fn root(&self) -> PathBuf {
        self.folder.join("bundle/rootfs")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What changed since becomes a layer.
    fn layer(&self) {
        let line = ["umoci", "repack", "--image", "image:latest"];
        let line = [&line[..], &["--refresh-bundle", "bundle"]].concat();
        tool(&self.folder, &line);
    }

    fn run(&self, command: &str, more: &[&str]) -> Outcome {
        let image = self.folder.join("image").display().to_string();
        let database = self.bench.database.display().to_string();
        let line = [command, &image, "--db", &database];
        run(&[&line[..], more].concat())
    }

    fn plan(&self) -> Value {
        let plan = self.run("fix", &["-f", "json"]);
        assert_eq!(plan.code, 0, "{plan:?}");
        plan.json()["distributions"][0].clone()
    }

    /// The ids that a scan finds.
    fn found(&self) -> Vec<String> {
        let scan = self.run("scan", &["-f", "json"]).json();
        let findings = scan["findings"].as_array().unwrap().iter();
        let mut ids: Vec<String> = findings
            .map(|finding| finding["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    }

    /// Builds a package and lets dpkg install it.
    fn install_deb(&self, name: &str, version: &str) {
        let package = format!("{name}-{version}");
        let content = self.folder.join(&package);
        fs::create_dir_all(content.join("DEBIAN")).unwrap();
        fs::create_dir_all(content.join("usr/share").join(name)).unwrap();
        fs::write(content.join("usr/share").join(name).join("data"), version).unwrap();
        let control = format!(
            "Package: {name}\nVersion: {version}\nArchitecture: all\n\
             Maintainer: nobody <nobody@example.org>\nDescription: a package\n"
        );
        fs::write(content.join("DEBIAN/control"), control).unwrap();
        let build = ["dpkg-deb", "-Zgzip", "--root-owner-group", "-b", &package];
        tool(&self.folder, &build);
        let root = format!("--root={}", self.root().display());
        let package = format!("{package}.deb");
        tool(
            &self.folder,
            &["dpkg", &root, "--force-bad-path", "-i", &package],
        );
    }
}

#[test]
fn packages_of_a_base_image_have_steps_and_those_keep_their_promise() {
    if !["umoci", "dpkg", "dpkg-deb"].into_iter().all(is_there) {
        return;
    }
    let advisories = [
        record("Debian:12", "DSA-1", "lib", Some("1.0-2")),
        record("Debian:12", "DSA-2", "lib", Some("1.0-3")),
        record("Debian:12", "DSA-3", "none", None),
        record("Debian:12", "DSA-4", "tool", Some("2.0-3")),
        record("Debian:11", "DSA-5", "tool", Some("9.0-1")),
    ];
    let distribution = "ID=debian\nVERSION_ID=\"12\"\n";
    let image = Building::new("Debian", &advisories, distribution);
    for path in ["info/x", "updates/x"] {
        let path = image.root().join("var/lib/dpkg").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
    }
    image.write("var/lib/dpkg/status", "");
    image.write("var/lib/dpkg/available", "");
    image.install_deb("lib", "1.0-1");
    image.install_deb("none", "1.0-1");
    image.layer();
    image.install_deb("tool", "2.0-1");
    image.layer();

    assert_eq!(image.found(), ["DSA-1", "DSA-2", "DSA-3", "DSA-4"]);
    let plan = image.plan();
    // The second layer wrote dpkg's status anew, and only `tool` came with it.
    assert_eq!(
        plan["upgrades"],
        json!([
            {"package": "lib", "from": "1.0-1", "to": "1.0-3", "removes": ["DSA-1", "DSA-2"],
             "in_base_image": true},
            {"package": "tool", "from": "2.0-1", "to": "2.0-3", "removes": ["DSA-4"],
             "in_base_image": false}
        ])
    );
    assert_eq!(plan["removed_in_base_image"], 2);
    let command = "apt-get update && apt-get install --only-upgrade lib tool";
    assert_eq!(plan["command"], command);
    let stays = &plan["stays"][0];
    assert_eq!(stays["package"], "none");
    assert_eq!(stays["findings"], json!(["DSA-3"]));
    let exception = stays["exceptions"][0].as_str().unwrap();
    assert!(
        exception.contains("package = \"pkg:deb/debian/none@1.0-1\""),
        "{exception}"
    );
    let table = image.run("fix", &[]).stdout;
    assert!(table.contains(&format!("  RUN {command}\n")), "{table}");
    assert!(
        table.contains("2 of the 3 are in what the base image brought"),
        "{table}"
    );
    assert!(
        table.contains("do without the package, take a base image"),
        "{table}"
    );

    // What the plan says is done, by dpkg, and a new scan shows what was promised. The exception
    // that it proposes holds, too.
    image.install_deb("lib", "1.0-3");
    image.install_deb("tool", "2.0-3");
    image.layer();
    assert_eq!(image.found(), ["DSA-3"]);
    let exception = exception
        .replace("WHY", "not reachable")
        .replace("YYYY-MM-DD", "9999-12-31");
    let file = image.folder.join("accepted.toml");
    fs::write(&file, exception).unwrap();
    let accepted = image.run("scan", &["-f", "json", "--config", file.to_str().unwrap()]);
    assert_eq!(accepted.json()["findings"], json!([]), "{accepted:?}");
}

#[test]
fn packages_of_rpm_and_apk_have_steps_in_the_words_of_their_clients() {
    if !["umoci", "rpm", "rpmbuild"].into_iter().all(is_there) {
        return;
    }
    let advisories = [record(
        "Rocky Linux:9",
        "RLSA-1",
        "thing",
        Some("0:1.0-2.el9"),
    )];
    let distribution = "ID=\"rocky\"\nID_LIKE=\"rhel\"\nVERSION_ID=\"9.4\"\n";
    let image = Building::new("Rocky Linux", &advisories, distribution);
    let specification = "Name: thing\nVersion: 1.0\nRelease: 1.el9\nSummary: a package\n\
                         License: MIT\nBuildArch: noarch\n%description\na package\n%files\n";
    fs::write(image.folder.join("thing.spec"), specification).unwrap();
    let top = format!("_topdir {}", image.folder.join("rpm").display());
    let build = ["rpmbuild", "--quiet", "--define", &top, "-bb", "thing.spec"];
    tool(&image.folder, &build);
    let database = image.root().join("var/lib/rpm").display().to_string();
    let package = image
        .folder
        .join("rpm/RPMS/noarch/thing-1.0-1.el9.noarch.rpm");
    let install = [
        "rpm",
        "--dbpath",
        &database,
        "--justdb",
        "--nodeps",
        "--nosignature",
        "-i",
    ];
    tool(
        &image.folder,
        &[&install[..], &[package.to_str().unwrap()]].concat(),
    );
    image.layer();
    let plan = image.plan();
    assert_eq!(plan["command"], "dnf upgrade --refresh thing");
    assert_eq!(
        plan["upgrades"][0]["removes"],
        json!(["RLSA-1"]),
        "{plan:#}"
    );
    // The database lies in the lowest layer, so that all of it is the base image's.
    assert_eq!(plan["removed_in_base_image"], 1);

    let advisories = [record("Alpine:v3.20", "CVE-1", "musl", Some("1.2.5-r1"))];
    let distribution = "ID=alpine\nVERSION_ID=3.20.1\n";
    let image = Building::new("Alpine", &advisories, distribution);
    image.layer();
    let installed = "P:musl\nV:1.2.5-r0\nA:x86_64\no:musl\n\n";
    image.write("lib/apk/db/installed", installed);
    image.layer();
    let plan = image.plan();
    assert_eq!(plan["command"], "apk upgrade --update-cache musl");
    assert_eq!(plan["upgrades"][0]["to"], "1.2.5-r1", "{plan:#}");
    // What a later layer wrote anew may have come from either.
    assert_eq!(plan["removed_in_base_image"], Value::Null);
    let fixed = installed.replace("-r0", "-r1");
    image.write("lib/apk/db/installed", &fixed);
    image.layer();
    assert_eq!(image.found(), Vec::<String>::new());
}
