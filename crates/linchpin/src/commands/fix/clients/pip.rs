//! pip's requirements files. A file that was compiled is compiled anew; in one that people write, the
//! line is changed, as no client does that, and uv says whether the whole still goes together.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_advisory::remedy::{Choice, Manifests, PlanStep, ReleaseNeed, Releases};

use super::{Action, Client, LOOK_UP, Place, RegistryView, Task, Trial};
use crate::commands::fix::program::{CommandLine, run};

pub(super) static CLIENT: Client = Client {
    id: "pip",
    keeps: |name| {
        name.rsplit_once('.').is_some_and(|(stem, ending)| {
            ending == "txt" && (stem.contains("requirements") || stem.contains("constraints"))
        })
    },
    choice: Choice::Exact,
    manifests: Manifests::Changed,
    trial: Trial::Possible,
    releases,
    tasks,
};

/// How much of a requirements file is looked at for the remark of who compiled it.
const HEAD: usize = 2000;

/// How a requirements file was compiled.
#[derive(Debug, PartialEq, Eq)]
struct Compiled {
    sources: Vec<String>,
    /// What else was said that holds again.
    options: Vec<String>,
}

/// Options that mean the same to pip-compile and uv, and say what the file holds.
const FLAGS: &[&str] = &[
    "--generate-hashes",
    "--all-extras",
    "--universal",
    "--no-annotate",
    "--no-strip-extras",
    "--no-header",
];

/// The same, with a value.
const VALUES: &[&str] = &[
    "--extra",
    "--python-version",
    "--python-platform",
    "--constraint",
    "-c",
];

/// Options with a value that is no source.
const OTHER_VALUES: &[&str] = &[
    "-o",
    "--output-file",
    "--override",
    "--upgrade-package",
    "-P",
    "--python",
    "-p",
    "--index-url",
    "-i",
    "--extra-index-url",
    "--find-links",
    "-f",
    "--resolver",
    "--annotation-style",
    "--exclude-newer",
];

/// How a requirements file was compiled, by the remark at its top; nothing if people write it.
fn compiled(place: &Place<'_>) -> Option<Compiled> {
    let path = place.root.join(place.lockfile.as_str());
    let text = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(text.get(..HEAD.min(text.len()))?).into_owned();
    let line = text.lines().take(8).find(|line| {
        line.starts_with('#') && (line.contains("pip compile") || line.contains("pip-compile"))
    })?;
    let compiled = understood(line);
    let folder = place.root.join(place.lockfile.parent_str());
    let are_there = compiled.sources.iter().all(|source| {
        !source.starts_with('/') && source != place.lockfile.name() && folder.join(source).is_file()
    });
    (are_there && !compiled.sources.is_empty()).then_some(compiled)
}

/// The words of the remark. Whatever could mean anything else to a client is left out.
fn understood(line: &str) -> Compiled {
    let mut compiled = Compiled {
        sources: Vec::new(),
        options: Vec::new(),
    };
    let is_plain = linchpin_advisory::remedy::is_plain_argument;
    let is_command = |word: &&str| matches!(*word, "compile" | "pip-compile");
    let mut words = line.split_whitespace().skip_while(|word| !is_command(word));
    words.next();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        if FLAGS.contains(&name) {
            compiled.options.push(name.to_owned());
        } else if VALUES.contains(&name) {
            if let Some(value) = value
                .or_else(|| words.next())
                .filter(|value| is_plain(value))
            {
                compiled.options.extend([name.to_owned(), value.to_owned()]);
            }
        } else if OTHER_VALUES.contains(&name) {
            if value.is_none() {
                words.next();
            }
        } else if is_plain(word) {
            compiled.sources.push(word.to_owned());
        }
    }
    compiled
}

fn tasks(steps: &[PlanStep], place: &Place<'_>) -> Vec<Task> {
    let lockfile = place.lockfile;
    if steps.is_empty() {
        return Vec::new();
    }
    if let Some(Compiled { sources, options }) = compiled(place) {
        let mut line = CommandLine::new("uv", ["pip", "compile", "--quiet", "--no-build"]);
        for word in sources.into_iter().chain(options) {
            line = line.and(word);
        }
        line = line.and("-o").and(lockfile.name());
        for step in steps {
            let wanted = format!("{}=={}", step.moved.name, step.moved.to);
            line = line.and("--upgrade-package").and(wanted);
        }
        return vec![Task {
            steps: (0..steps.len()).collect(),
            action: Action::Run(line),
        }];
    }
    let mut tasks: Vec<Task> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| Task {
            steps: vec![index],
            action: Action::Edit {
                file: lockfile.clone(),
                name: step.moved.name.clone(),
                from: format!("=={}", step.moved.from).into(),
                to: format!("=={}", step.moved.to).into(),
            },
        })
        .collect();
    if !tasks.is_empty() {
        let check = CommandLine::new(
            "uv",
            ["pip", "compile", "--quiet", "--no-build", "--no-header"],
        )
        .and(lockfile.name());
        tasks.push(Task {
            steps: (0..steps.len()).collect(),
            action: Action::Run(check),
        });
    }
    tasks
}

/// What `pip index versions` says.
pub(super) fn releases(view: &RegistryView<'_>) -> Box<dyn Releases> {
    Box::new(PipReleases {
        folder: view.folder.to_owned(),
        known: Mutex::default(),
    })
}

type Versions = Option<Arc<[Box<str>]>>;

#[derive(Debug)]
struct PipReleases {
    folder: PathBuf,
    known: Mutex<HashMap<Box<str>, Versions>>,
}

impl Releases for PipReleases {
    fn versions(&self, name: &str) -> Versions {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(name) {
            return known.clone();
        }
        let versions = look_up(name, &self.folder);
        lock().insert(name.into(), versions.clone());
        versions
    }

    fn needs(&self, _name: &str, _version: &str) -> Option<Arc<[ReleaseNeed]>> {
        None
    }
}

fn look_up(name: &str, folder: &Path) -> Versions {
    if !linchpin_advisory::remedy::is_plain_argument(name) {
        return None;
    }
    let line = CommandLine::new("pip", ["index", "versions"]).and(name);
    let output = run(&line, folder, LOOK_UP).ok()?;
    versions(&String::from_utf8_lossy(&output))
}

/// The versions in `Available versions: 2.0, 1.9`.
fn versions(output: &str) -> Versions {
    let list = output
        .lines()
        .find_map(|line| line.strip_prefix("Available versions:"))?;
    Some(
        list.split(',')
            .map(|version| version.trim().into())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remark_of_who_compiled_is_understood() {
        let check = |line: &str, sources: &[&str], options: &[&str]| {
            let compiled = understood(line);
            assert_eq!(
                (&compiled.sources[..], &compiled.options[..]),
                (
                    &sources
                        .iter()
                        .map(|&word| word.to_owned())
                        .collect::<Vec<_>>()[..],
                    &options
                        .iter()
                        .map(|&word| word.to_owned())
                        .collect::<Vec<_>>()[..],
                ),
                "{line}"
            );
        };
        check(
            "#    uv pip compile requirements.in -o requirements.txt",
            &["requirements.in"],
            &[],
        );
        check(
            "#    uv pip compile --generate-hashes -o requirements.txt a.in b.in",
            &["a.in", "b.in"],
            &["--generate-hashes"],
        );
        check(
            "#    pip-compile --output-file=requirements.txt --extra=dev -c up.txt pyproject.toml",
            &["pyproject.toml"],
            &["--extra", "dev", "-c", "up.txt"],
        );
        check(
            "# uv pip compile --index-url https://x/ $(touch) --extra '-x' a.in",
            &["a.in"],
            &[],
        );
    }

    #[test]
    fn versions_are_listed_on_one_line() {
        let found = versions("x (2.0)\nAvailable versions: 2.0, 1.9\n  INSTALLED: 1.9\n").unwrap();
        assert_eq!(&*found, ["2.0".into(), "1.9".into()]);
        assert!(versions("ERROR").is_none());
    }
}
