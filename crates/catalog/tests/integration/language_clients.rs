//! Projects of several languages, compared with what their own clients say of the same files.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run reference tools and set up projects for them"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use linchpin_model::{Inventory, OccurrenceKind, Role};
use serde_json::Value;

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::{output_of, skip};

/// Packages as `name version`, edges as two names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Graph {
    packages: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
}

/// What we find of one type of package URL, without the edges of roots that are not packages.
fn ours(inventory: &Inventory, kind: &str) -> Graph {
    let mut graph = Graph::default();
    for (id, package) in inventory
        .iter()
        .filter(|(_, package)| package.purl.kind() == kind)
    {
        let name = package.purl.full_name();
        graph
            .packages
            .insert(format!("{name} {}", package.version().unwrap_or("?")));
        for dependency in inventory.dependencies_of(id) {
            let on = inventory.package(dependency.on).purl.full_name();
            graph.edges.insert((name.clone(), on));
        }
    }
    graph
}

#[test]
fn a_lockfile_of_bundler_is_read_as_bundler_reads_it() {
    let script = "lock = Bundler::LockfileParser.new(File.read('Gemfile.lock'))\n\
        lock.specs.each { |gem| puts [gem.name, gem.version, *gem.dependencies.map(&:name)].join(' ') }";
    let folder = case_input("ruby-bundler/project");
    let Some(output) = output_of("ruby", &["-rbundler", "-e", script], &folder) else {
        return;
    };
    let mut theirs = Graph::default();
    for line in output.lines() {
        let mut words = line.split(' ');
        let (name, version) = (words.next().unwrap(), words.next().unwrap());
        theirs.packages.insert(format!("{name} {version}"));
        theirs
            .edges
            .extend(words.map(|on| (name.to_owned(), on.to_owned())));
    }
    assert!(theirs.packages.len() > 4);
    assert_eq!(ours(&inventory_of(&folder), "gem"), theirs);
}

#[test]
fn installed_gems_are_those_that_rubygems_loads() {
    let script = "puts Gem.default_dir\n\
        Gem::Specification.each_spec([Gem.default_dir, Gem.default_specifications_dir].flat_map { |d| [d, File.join(d, 'specifications'), File.join(d, 'specifications', 'default')] }) \
        { |gem| puts [gem.name, gem.version, gem.licenses.size, *gem.runtime_dependencies.map(&:name).sort].join(' ') }";
    let Some(output) = output_of("ruby", &["-e", script], Path::new("/")) else {
        return;
    };
    // Debian keeps the default gems apart from the folder for those that users install.
    let folder = Path::new("/usr/lib/ruby/gems");
    if !folder.exists() {
        skip("there is no folder of Ruby's default gems");
        return;
    }
    let theirs: BTreeSet<String> = output
        .lines()
        .skip(1)
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    let found = ours(&inventory_of(folder), "gem").packages;
    let missing: Vec<&String> = theirs.difference(&found).collect();
    assert!(!found.is_empty());
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_lockfile_of_composer_is_read_as_composer_reads_it() {
    let input = case_input("php-composer/project");
    let folder = tempfile::tempdir().unwrap();
    for file in ["composer.json", "composer.lock"] {
        std::fs::copy(input.join(file), folder.path().join(file)).unwrap();
    }
    let arguments = [
        "show",
        "--locked",
        "--no-interaction",
        "--no-plugins",
        "--format=json",
    ];
    let Some(list) = output_of("composer", &arguments, folder.path()) else {
        return;
    };
    let list: Value = serde_json::from_str(&list).unwrap();
    let mut theirs = Graph::default();
    for package in list["locked"].as_array().unwrap() {
        let text = |key: &str| package[key].as_str().unwrap().to_owned();
        // Names are the same in any case; a package URL has them in lower case.
        let name = text("name").to_ascii_lowercase();
        theirs
            .packages
            .insert(format!("{name} {}", text("version")));
    }
    let tree = [&arguments[..], &["--tree"]].concat();
    let tree = output_of("composer", &tree, folder.path()).unwrap();
    let tree: Value = serde_json::from_str(&tree).unwrap();
    let mut waiting: Vec<&Value> = tree["installed"].as_array().unwrap().iter().collect();
    while let Some(package) = waiting.pop() {
        for needed in package["requires"].as_array().into_iter().flatten() {
            let on = needed["name"].as_str().unwrap();
            if on.contains('/') {
                let from = package["name"].as_str().unwrap();
                theirs
                    .edges
                    .insert((from.to_ascii_lowercase(), on.to_ascii_lowercase()));
            }
            waiting.push(needed);
        }
    }
    let inventory = inventory_of(folder.path());
    let mut found = ours(&inventory, "composer");
    // The project is no package of its own lockfile.
    let (_, root) = inventory.roots().next().unwrap();
    found.packages.remove(&format!("{} ?", root.name()));
    found.edges.retain(|(from, _)| *from != root.name());
    assert_eq!(found, theirs);
}

#[test]
fn a_lockfile_of_conan_names_what_conan_takes() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let conan = |arguments: &[&str]| -> Option<String> {
        let output = Command::new("conan")
            .args(arguments)
            .current_dir(folder.path())
            .env("CONAN_HOME", &home)
            .output();
        match output {
            Ok(output) => {
                assert!(
                    output.status.success(),
                    "{}",
                    String::from_utf8_lossy(&output.stderr)
                );
                Some(String::from_utf8(output.stdout).unwrap())
            }
            Err(_) => None,
        }
    };
    if conan(&["profile", "detect"]).is_none() {
        skip("conan is not there");
        return;
    }
    for (name, body) in [
        ("zx", "    version = \"1.3.1\"\n"),
        ("tx", "    version = \"0.2\"\n    user = \"team\"\n"),
        (
            "bx",
            "    version = \"2.0\"\n    requires = \"zx/[>=1.2 <2]\"\n    tool_requires = \"tx/0.2@team\"\n",
        ),
    ] {
        let recipe = format!(
            "from conan import ConanFile\n\n\nclass Recipe(ConanFile):\n    name = \"{name}\"\n{body}"
        );
        std::fs::create_dir(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join("conanfile.py"), recipe).unwrap();
        conan(&["export", name]);
    }
    let project = folder.path().join("project");
    std::fs::create_dir(&project).unwrap();
    std::fs::write(
        project.join("conanfile.txt"),
        "[requires]\nbx/2.0\n\n[tool_requires]\ntx/0.2@team\n",
    )
    .unwrap();
    conan(&["lock", "create", "project", "--no-remote"]);
    let graph = conan(&["graph", "info", "project", "--no-remote", "--format=json"]).unwrap();
    let graph: Value = serde_json::from_str(&graph).unwrap();
    let theirs: BTreeSet<String> = graph["graph"]["nodes"]
        .as_object()
        .unwrap()
        .values()
        .filter(|node| node["recipe"] != "Consumer")
        .map(|node| {
            let text = |key: &str| node[key].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {} {}",
                text("name"),
                text("version"),
                text("user"),
                text("rrev")
            )
        })
        .collect();
    let inventory = inventory_of(&project);
    let found: BTreeSet<String> = inventory
        .libraries()
        .map(|(_, package)| {
            let purl = &package.purl;
            let of = |key: &str| purl.qualifier(key).unwrap_or_default();
            let version = purl.version().unwrap_or_default();
            format!("{} {version} {} {}", purl.name(), of("user"), of("rrev"))
        })
        .collect();
    assert_eq!(theirs.len(), 3);
    assert_eq!(found, theirs);
}

#[test]
fn submodules_are_at_the_commits_that_git_has_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| output_of("git", arguments, folder.path());
    if git(&["init", "--quiet"]).is_none() {
        return;
    }
    let modules = "[submodule \"zx\"]\n\tpath = third/zx\n\turl = https://github.com/example/zx.git\n\
        [submodule \"bx\"]\n\tpath = third/bx with space\n\turl = https://git.example/team/bx.git\n";
    std::fs::write(folder.path().join(".gitmodules"), modules).unwrap();
    for (number, name) in ["a", "longer-name", "z"].iter().enumerate() {
        std::fs::write(folder.path().join(name), "x".repeat(number)).unwrap();
    }
    git(&["add", "."]);
    let commits = [
        "4f2a1c9e0b7d6f5a8c3e2d1b0a9f8e7d6c5b4a39",
        "5f2a1c9e0b7d6f5a8c3e2d1b0a9f8e7d6c5b4a39",
    ];
    for (commit, path) in commits.iter().zip(["third/zx", "third/bx with space"]) {
        git(&[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("160000,{commit},{path}"),
        ]);
    }
    for version in ["2", "3", "4"] {
        git(&["update-index", "--index-version", version]);
        let listed = git(&["ls-files", "--stage"]).unwrap();
        let theirs: BTreeSet<String> = listed
            .lines()
            .filter(|line| line.starts_with("160000"))
            .map(|line| line.split(' ').nth(1).unwrap().to_owned())
            .collect();
        let inventory = inventory_of(folder.path());
        let found: BTreeSet<String> = inventory
            .libraries()
            .filter(|(_, package)| package.role == Role::Library)
            .filter(|(_, package)| package.occurrences[0].kind == OccurrenceKind::Locked)
            .filter_map(|(_, package)| package.version().map(str::to_owned))
            .collect();
        assert_eq!(found, theirs, "version {version}");
        assert_eq!(found.len(), 2);
    }
}
