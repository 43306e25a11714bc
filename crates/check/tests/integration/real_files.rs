//! Real files that packages of the registries ship: no finding without a place, and no finding that
//! does not go when what it points at goes.
//!
//! The packages are fetched by their own clients into a folder that is gone afterwards; nothing of
//! them is in this repository. Where no registry answers that is said, and where nothing may be
//! skipped it is an error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use linchpin_check::edit::apply;
use linchpin_check::{Checked, Checks};
use linchpin_model::{About, Finding, Location, NoteKind};
use linchpin_source::{SourceOptions, read_together};

use crate::checks::program_rules;

/// Packages of Python and of npm that hold manifests, Terraform, roles, templates, workflows and
/// Dockerfiles, at versions that stay as they are.
const PYTHON: &[&str] = &[
    "apache-airflow-providers-cncf-kubernetes==10.25.0",
    "mlstacks==0.10.0",
    "kolla-ansible==22.2.0",
];
const NPM: &[&str] = &[
    "event-emitter@0.3.5",
    "fast-uri@3.0.6",
    "jsonpath@1.1.1",
    "string.prototype.includes@2.0.1",
];

/// Most findings of one rule that are looked at one by one.
const PER_RULE: usize = 4;

/// Most lines that may have to go with the one that a finding points at.
const MOST_LINES: usize = 60;

type Files = BTreeMap<String, String>;

#[expect(clippy::print_stderr, reason = "a test says what it skips")]
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment what is there, and run the clients"
)]
fn fetched(folder: &Path) -> bool {
    let python = std::env::var("LINCHPIN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut pip = Command::new(python);
    pip.args([
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "download",
    ]);
    pip.args(["--no-deps", "--only-binary", ":all:", "--dest", "."]);
    let mut npm = Command::new("npm");
    npm.args(["pack", "--silent"]);
    for (command, packages) in [(&mut pip, PYTHON), (&mut npm, NPM)] {
        let output = command.args(packages).current_dir(folder).output();
        if output.is_ok_and(|output| output.status.success()) {
            continue;
        }
        assert!(
            std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
            "the registries can not be asked, and nothing may be skipped"
        );
        eprintln!("skipped: the registries can not be asked");
        return false;
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path
            .file_stem()
            .unwrap()
            .to_string_lossy()
            .replace('.', "-");
        let to = folder.join(format!("unpacked-{name}"));
        fs::create_dir(&to).unwrap();
        let is_wheel = path.extension().is_some_and(|end| end == "whl");
        let mut unpack = if is_wheel {
            let mut unzip = Command::new("python3");
            unzip.args(["-m", "zipfile", "-e"]).arg(&path).arg(&to);
            unzip
        } else {
            let mut tar = Command::new("tar");
            tar.arg("-xzf").arg(&path).arg("-C").arg(&to);
            tar
        };
        assert!(unpack.status().unwrap().success(), "{name}");
        fs::remove_file(&path).unwrap();
    }
    true
}

fn checked(folder: &Path) -> Checked {
    let path = folder.to_str().unwrap();
    let source = linchpin_source::open(path, SourceOptions::default()).unwrap();
    let checks = Checks::new(program_rules(), |_| true);
    let visited = read_together(source.as_ref(), &[&checks]).unwrap();
    checks.finish(&visited)
}

fn place(finding: &Finding) -> &Location {
    match &finding.about {
        About::Place(place) => place,
        About::Package(_) => panic!("{}: a rule finds a package", finding.rule),
    }
}

/// How many findings a rule has in a file.
fn count(checked: &Checked, rule: &str, path: &str) -> usize {
    let findings = checked.findings.iter();
    findings
        .filter(|found| found.rule.0 == rule && place(found).path.as_str() == path)
        .count()
}

/// How far in a line stands.
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// A text in which a line and so many of those behind it are blank.
fn without(text: &str, line: usize, more: usize) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for blank in lines.iter_mut().skip(line - 1).take(more + 1) {
        *blank = "";
    }
    lines.join("\n") + "\n"
}

/// How many lines behind a line stand further in than it does.
fn within(text: &str, line: usize) -> usize {
    let mut lines = text.lines().skip(line - 1);
    let here = indentation(lines.next().unwrap_or_default());
    lines
        .take_while(|line| line.trim().is_empty() || indentation(line) > here)
        .count()
}

/// The line before that stands less far in: what a line belongs to.
fn around(text: &str, line: usize) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let here = indentation(lines[line - 1]);
    let mut before = (1..line).rev();
    let outer = before.find(|number| {
        let line = lines[number - 1];
        !line.trim().is_empty() && indentation(line) < here
    });
    outer.unwrap_or(line)
}

#[test]
fn every_finding_in_real_files_has_its_place_and_goes_with_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    if !fetched(folder.path()) {
        return;
    }
    looked_at(folder.path(), 70);
}

#[test]
fn every_finding_in_the_example_has_its_place_and_goes_with_what_is_there() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/storefront");
    let folder = tempfile::tempdir().unwrap();
    for file in checked(Path::new(example))
        .findings
        .iter()
        .map(|one| place(one).path.as_str())
    {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(Path::new(example).join(file), to).unwrap();
    }
    looked_at(folder.path(), 20);
}

/// Looks at all findings of a folder, of which there must be so many.
fn looked_at(folder: &Path, least: usize) {
    let all = checked(folder);
    assert!(
        all.findings.len() >= least,
        "{} findings",
        all.findings.len()
    );
    for note in &all.notes {
        assert!(!note.text.contains("made the reader fail"), "{note:?}");
    }
    let mut files = Files::new();
    for finding in &all.findings {
        let path = place(finding).path.as_str();
        let read = || fs::read_to_string(folder.join(path)).unwrap();
        let text = files.entry(path.to_owned()).or_insert_with(read);
        has_its_place(finding, text);
    }
    let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
    let mut stays = Vec::new();
    let mut gone = 0;
    for finding in &all.findings {
        let seen = of_rule.entry(finding.rule.0.as_str()).or_default();
        *seen += 1;
        if *seen > PER_RULE {
            continue;
        }
        let path = place(finding).path.as_str();
        let text = files.get(path).unwrap();
        if goes(folder, path, text, finding) {
            gone += 1;
        } else {
            stays.push(format!(
                "{} {path}:{}",
                finding.rule,
                place(finding).line.unwrap()
            ));
        }
    }
    assert!(
        gone > 0 && stays.is_empty(),
        "{gone} go, and not\n{}",
        stays.join("\n")
    );
}

/// The place lies in the file, and the excerpt is what stands there.
fn has_its_place(finding: &Finding, text: &str) {
    let place = place(finding);
    let said = format!("{} {}:{:?}", finding.rule, place.path, place.line);
    let lines: Vec<&str> = text.lines().collect();
    let line = lines.get(place.line.unwrap() as usize - 1);
    let line = line.unwrap_or_else(|| panic!("{said}: no such line"));
    let columns = line.chars().count() + 1;
    assert!(
        (1..=columns).contains(&(place.column.unwrap() as usize)),
        "{said}: column"
    );
    let excerpt = &finding.rule_reason().unwrap().excerpt;
    assert!(!excerpt.is_empty(), "{said}: no excerpt");
    for shown in excerpt {
        let there: String = lines[shown.line as usize - 1].chars().take(200).collect();
        assert_eq!(shown.text, there, "{said}");
    }
}

/// Whether a finding goes with what stands at its place, and no other rule makes a finding of the
/// same place in its stead: by its automatic fix, or by taking out the line and what belongs to it.
fn goes(folder: &Path, path: &str, text: &str, finding: &Finding) -> bool {
    // The files beside it belong to the same module, role or chart.
    let file = folder.join(path);
    let before = count(&of_folder(folder, path), &finding.rule.0, path);
    let tried = |new: String| {
        fs::write(&file, new).unwrap();
        let after = of_folder(folder, path);
        fs::write(&file, text).unwrap();
        after
    };
    let repair = finding.rule_reason().unwrap().repair.as_ref();
    if let Some(repair) = repair {
        let after = tried(apply(text, &repair.edits).unwrap());
        let unread = after.notes.iter().any(|note| {
            note.kind == NoteKind::Unread
                && note
                    .path
                    .as_ref()
                    .is_some_and(|known| known.as_str() == path)
        });
        return !unread && count(&after, &finding.rule.0, path) < before;
    }
    let line = place(finding).line.unwrap() as usize;
    // The line, what stands in it, or, where something is missing, what it is missing from.
    let around = around(text, line);
    // What is wrong with a file as a whole is told at its beginning, and goes with all lines.
    let is_of_file = (line, place(finding).column) == (1, Some(1));
    let ways = [
        (line, 0),
        (line, within(text, line).min(MOST_LINES)),
        (around, within(text, around).min(MOST_LINES)),
    ];
    let whole = is_of_file.then(|| (1, text.lines().count()));
    ways.into_iter().chain(whole).any(|(line, more)| {
        let after = tried(without(text, line, more));
        count(&after, &finding.rule.0, path) < before
    })
}

/// What is found in the folder of a file, and in those beside it where modules lie.
fn of_folder(folder: &Path, path: &str) -> Checked {
    let Some((top, _)) = path
        .split_once('/')
        .filter(|(top, _)| top.starts_with("unpacked-"))
    else {
        return checked(folder);
    };
    let mut checked = checked(&folder.join(top));
    for finding in &mut checked.findings {
        if let About::Place(place) = &mut finding.about {
            place.path = linchpin_model::TargetPath::new(&format!("{top}/{}", place.path));
        }
    }
    for note in &mut checked.notes {
        if let Some(known) = &mut note.path {
            *known = linchpin_model::TargetPath::new(&format!("{top}/{known}"));
        }
    }
    checked
}
