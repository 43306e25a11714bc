//! Lockfiles and installed packages of Elixir, Erlang, R, Lua, Perl and OCaml, compared with what their
//! own clients make of the same files. Nothing is fetched: what is installed is made here.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run clients with folders of their own"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use linchpin_model::{Inventory, Role, Scope};

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::skip;

/// Packages as `name version`, edges between names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Graph {
    packages: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
}

impl Graph {
    /// Reads lines of `name version needed…`.
    fn of_lines(lines: &str) -> Self {
        let mut graph = Self::default();
        for line in lines.lines() {
            let mut words = line.split(' ');
            let (name, version) = (words.next().unwrap(), words.next().unwrap());
            graph.packages.insert(format!("{name} {version}"));
            let edges = words.map(|on| (name.to_owned(), on.to_owned()));
            graph.edges.extend(edges);
        }
        graph
    }
}

/// The libraries that we find of one type of package URL, and the edges between them.
fn ours(inventory: &Inventory, kind: &str) -> Graph {
    let mut graph = Graph::default();
    let of_kind = |role, found: &str| role == Role::Library && found == kind;
    for (id, package) in inventory.iter() {
        if !of_kind(package.role, package.purl.kind()) {
            continue;
        }
        let version = package.version().unwrap_or("?");
        graph
            .packages
            .insert(format!("{} {version}", package.purl.name()));
        for dependency in inventory.dependencies_of(id) {
            let on = inventory.package(dependency.on);
            if of_kind(on.role, on.purl.kind()) && dependency.scope != Scope::Development {
                let edge = (package.purl.name().to_owned(), on.purl.name().to_owned());
                graph.edges.insert(edge);
            }
        }
    }
    graph
}

/// What a client prints, with its settings and caches in a folder of its own.
fn printed_by(client: &str, arguments: &[&str], folder: &Path, home: &Path) -> Option<String> {
    let output = Command::new(client)
        .args(arguments)
        .current_dir(folder)
        .env("HOME", home)
        .env("OPAMROOT", home.join("opam"))
        .env("OPAMROOTISOK", "1")
        .env("OPAMYES", "1")
        .env("OPAMCOLOR", "never")
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        skip(&format!("{client} is not there"));
        return None;
    };
    assert!(
        output.status.success(),
        "{client} {arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_lockfile_of_mix_is_as_elixir_evaluates_it() {
    let script = r#"
        {lock, _} = Code.eval_file("mix.lock")
        for {_, entry} <- lock, elem(entry, 0) == :hex do
          on = for {name, _, _} <- elem(entry, 5), do: Atom.to_string(name)
          IO.puts(Enum.join([elem(entry, 1), elem(entry, 2) | on], " "))
        end"#;
    let folder = case_input("elixir-mix/umbrella");
    let home = tempfile::tempdir().unwrap();
    let Some(lines) = printed_by("elixir", &["-e", script], &folder, home.path()) else {
        return;
    };
    let mut theirs = Graph::of_lines(&lines);
    // A lockfile says what a package may need; what nobody took is not in it.
    let names: BTreeSet<String> = theirs
        .packages
        .iter()
        .filter_map(|label| label.split(' ').next().map(str::to_owned))
        .collect();
    theirs.edges.retain(|(_, on)| names.contains(on));
    assert!(
        theirs.packages.len() > 4 && !theirs.edges.is_empty(),
        "{lines}"
    );
    assert_eq!(ours(&inventory_of(&folder), "hex"), theirs);
}

#[test]
fn a_lockfile_of_rebar_is_as_erlang_reads_it() {
    let script = "{ok, [{_, Locked} | _]} = file:consult(\"rebar.lock\"), \
        [io:format(\"~s ~s~n\", [Name, Version]) || {_, {pkg, Name, Version}, _} <- Locked], halt().";
    let folder = case_input("erlang-rebar/project");
    let home = tempfile::tempdir().unwrap();
    let arguments = ["-noshell", "-eval", script];
    let Some(lines) = printed_by("erl", &arguments, &folder, home.path()) else {
        return;
    };
    let theirs = Graph::of_lines(&lines);
    assert!(theirs.packages.len() > 1, "{lines}");
    assert_eq!(
        ours(&inventory_of(&folder), "hex").packages,
        theirs.packages
    );
}

#[test]
fn a_snapshot_of_carton_is_as_carton_loads_it() {
    let script = "my $all = Carton::Snapshot->new(path => 'cpanfile.snapshot'); $all->load; \
        for my $one ($all->distributions) { \
          my %on = map { $_->name => 1 } grep { $_ } map { $all->find($_) } $one->requirements->required_modules; \
          print $one->name =~ s/-(v?[0-9._]+)$/ $1/r, map({ ' ' . s/-v?[0-9._]+$//r } sort keys %on), \"\\n\" }";
    let folder = case_input("perl-cpan/carton");
    let home = tempfile::tempdir().unwrap();
    // The module is Carton's; where it is not there, perl itself is of no use.
    let there = Command::new("carton").arg("--version").output().is_ok();
    if !there {
        return skip("carton is not there");
    }
    let arguments = ["-MCarton::Snapshot", "-e", script];
    let Some(lines) = printed_by("perl", &arguments, &folder, home.path()) else {
        return;
    };
    let theirs = Graph::of_lines(&lines);
    assert!(
        theirs.packages.len() > 2 && !theirs.edges.is_empty(),
        "{lines}"
    );
    assert_eq!(ours(&inventory_of(&folder), "cpan"), theirs);
}

#[test]
fn packages_of_r_are_those_that_r_lists() {
    let script = "all <- installed.packages(lib.loc = R.home('library'))\n\
        kinds <- c('Depends', 'Imports', 'LinkingTo', 'Suggests')\n\
        cat(R.home('library'), '\\n', sep = '')\n\
        for (name in rownames(all)) {\n\
          on <- tools::package_dependencies(name, db = all, which = kinds)[[1]]\n\
          cat(c(name, all[name, 'Version'], intersect(on, rownames(all))), sep = ' ')\n\
          cat('\\n')\n\
        }";
    let home = tempfile::tempdir().unwrap();
    let Some(output) = printed_by("Rscript", &["-e", script], home.path(), home.path()) else {
        return;
    };
    let (library, lines) = output.split_once('\n').unwrap();
    let theirs = Graph::of_lines(lines);
    assert!(
        theirs.packages.len() > 10 && theirs.edges.len() > 10,
        "{output}"
    );
    let mut found = ours(&inventory_of(Path::new(library)), "cran");
    // Messages in other languages have a description like a package's, and R lists none.
    found
        .packages
        .retain(|label| !label.starts_with("translations "));
    assert_eq!(found, theirs);
}

#[test]
fn rocks_are_those_that_luarocks_has_installed() {
    let work = tempfile::tempdir().unwrap();
    let tree = work.path().join("tree");
    let tree = tree.to_str().unwrap();
    let luarocks = |arguments: &[&str], folder: &Path| {
        let arguments = [&["--tree", tree], arguments].concat();
        printed_by("luarocks", &arguments, folder, work.path())
    };
    for (name, version, needed) in [
        ("stamps", "0.9-1", ""),
        ("parcels", "1.2-1", "\"stamps >= 0.9\""),
        (
            "courier",
            "2.0beta-3",
            "\"parcels ~> 1.2\", \"stamps\", \"lua >= 5.1\"",
        ),
    ] {
        let folder = work.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let description = format!(
            "package = \"{name}\"\nversion = \"{version}\"\n\
             source = {{ url = \"git+https://git.example/{name}.git\" }}\n\
             description = {{ license = \"MIT\" }}\ndependencies = {{ {needed} }}\n\
             build = {{ type = \"builtin\", modules = {{ {name} = \"{name}.lua\" }} }}\n"
        );
        std::fs::write(
            folder.join(format!("{name}-{version}.rockspec")),
            description,
        )
        .unwrap();
        std::fs::write(folder.join(format!("{name}.lua")), "return 1\n").unwrap();
        if luarocks(&["make"], &folder).is_none() {
            return;
        }
    }
    let mut theirs = Graph::default();
    let listed = luarocks(&["list", "--porcelain"], work.path()).unwrap();
    for line in listed.lines() {
        let mut words = line.split('\t');
        let (name, version) = (words.next().unwrap(), words.next().unwrap());
        theirs.packages.insert(format!("{name} {version}"));
        let needed = luarocks(&["show", "--deps", name], work.path()).unwrap();
        for on in needed.lines().filter_map(|line| line.split(' ').next()) {
            if !matches!(on, "" | "lua") {
                theirs.edges.insert((name.to_owned(), on.to_owned()));
            }
        }
    }
    assert_eq!((theirs.packages.len(), theirs.edges.len()), (3, 3));
    assert_eq!(ours(&inventory_of(Path::new(tree)), "luarocks"), theirs);
}

#[test]
fn packages_of_a_switch_are_those_that_opam_has_installed() {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path();
    let write = |path: &str, text: &str| {
        let path = folder.join("repository").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("opam-version: \"2.0\"\n{text}")).unwrap();
    };
    write("repo", "");
    write("packages/zx/zx.1.3/opam", "license: \"MIT\"\n");
    write("packages/zx/zx.0.9/opam", "");
    write("packages/tx/tx.0.1~beta/opam", "");
    let needed = "depends: [\n  \"zx\" {>= \"1.0\" & < \"2\"}\n  \"tx\" {with-test}\n]\n";
    write("packages/bx/bx.2.0/opam", needed);
    let needed = "depends: [ \"bx\" (\"tx\" | \"none\") ]\n";
    write("packages/cx/cx.v1/opam", needed);
    let project = folder.join("project");
    std::fs::create_dir(&project).unwrap();
    let opam = |arguments: &[&str]| printed_by("opam", arguments, &project, folder);
    let begun = opam(&[
        "init",
        "--bare",
        "--disable-sandboxing",
        "--no-setup",
        "--quiet",
        "local",
        folder.join("repository").to_str().unwrap(),
    ]);
    if begun.is_none() {
        return;
    }
    opam(&["switch", "create", "--quiet", ".", "--empty"]);
    opam(&["install", "--quiet", "cx"]);
    let list = ["list", "--short", "--columns=name,version"];
    let mut theirs = Graph::default();
    for line in opam(&[&list[..], &["--installed"]].concat())
        .unwrap()
        .lines()
    {
        let mut words = line.split_ascii_whitespace();
        let (name, version) = (words.next().unwrap(), words.next().unwrap());
        theirs.packages.insert(format!("{name} {version}"));
        let required = format!("--required-by={name}");
        let needed = opam(&[&list[..], &["--installed", &required]].concat()).unwrap();
        for on in needed
            .lines()
            .filter_map(|line| line.split_ascii_whitespace().next())
        {
            theirs.edges.insert((name.to_owned(), on.to_owned()));
        }
    }
    assert_eq!(theirs.packages.len(), 4, "{theirs:?}");
    assert_eq!(ours(&inventory_of(&project), "opam"), theirs);
}
