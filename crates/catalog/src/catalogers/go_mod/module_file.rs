//! The syntax of `go.mod`, <https://go.dev/ref/mod#go-mod-file>, and of `go.work`, which is the same.

use std::collections::{HashMap, HashSet};

/// What a `go.mod` says, its replacements and exclusions applied.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::catalogers) struct ModuleFile {
    /// The module's own path.
    pub(super) module: Option<String>,
    pub(super) requirements: Vec<Requirement>,
}

/// A required module, or the one that replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::catalogers) struct Requirement {
    pub(super) path: String,
    /// Nothing where a folder replaces the module.
    pub(super) version: Option<String>,
    /// Whether the module's own code imports it, as far as the file says.
    pub(super) is_direct: bool,
}

/// A module path and, where only one version is meant, that version.
type Selected = (String, Option<String>);

impl ModuleFile {
    /// Reads a file, and says which lines it does not understand.
    pub(super) fn parse(text: &str) -> (Self, Vec<String>) {
        let mut reader = Reader::default();
        reader.problems = each_statement(text, |verb, words, comment| {
            reader.take(verb, words, comment)
        });
        reader.finish()
    }
}

/// What a `go.work` says: <https://go.dev/ref/mod#go-work-file>.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct WorkFile {
    /// The folders of the modules that are built together.
    pub(super) uses: Vec<String>,
    reader: Reader,
}

impl WorkFile {
    /// Reads a file, and says which lines it does not understand.
    pub(super) fn parse(text: &str) -> (Self, Vec<String>) {
        let mut file = Self::default();
        let problems = each_statement(text, |verb, words, comment| match (verb, words) {
            ("use", [folder]) => {
                file.uses.push(folder.clone());
                true
            }
            ("replace" | "go" | "toolchain" | "godebug", _) => {
                file.reader.take(verb, words, comment)
            }
            _ => false,
        });
        (file, problems)
    }

    /// A requirement with the replacements of the workspace applied.
    pub(super) fn replace(&self, requirement: &mut Requirement) {
        self.reader.replace(requirement);
    }
}

/// Hands over each statement: its verb, its words, and the comment behind it. Says which ones were
/// not understood.
fn each_statement(text: &str, mut take: impl FnMut(&str, &[String], &str) -> bool) -> Vec<String> {
    let mut problems = Vec::new();
    let mut block: Option<&str> = None;
    for (index, line) in text.lines().enumerate() {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let code = code.trim();
        if code.is_empty() {
            continue;
        }
        if code == ")" {
            block = None;
            continue;
        }
        let (verb, rest) = match block {
            Some(verb) => (verb, code),
            None => code
                .split_once(|c: char| c.is_whitespace() || c == '(')
                .map_or((code, ""), |(verb, _)| {
                    (verb, code.get(verb.len()..).unwrap_or_default().trim())
                }),
        };
        if rest == "(" {
            block = Some(verb);
            continue;
        }
        if !take(verb, &words(rest), comment) {
            problems.push(format!(
                "line {}: `{}` is not understood",
                index + 1,
                code.chars().take(100).collect::<String>()
            ));
        }
    }
    problems
}

#[derive(Debug, Default)]
struct Reader {
    module: Option<String>,
    requirements: Vec<Requirement>,
    replaced: HashMap<Selected, Selected>,
    excluded: HashSet<(String, String)>,
    problems: Vec<String>,
}

impl Reader {
    /// Takes one statement; whether it was understood.
    fn take(&mut self, verb: &str, words: &[String], comment: &str) -> bool {
        match (verb, words) {
            ("module", [path]) => self.module = Some(path.clone()),
            ("require", [path, version]) => self.requirements.push(Requirement {
                path: path.clone(),
                version: Some(version.clone()),
                is_direct: !is_indirect(comment),
            }),
            ("exclude", [path, version]) => {
                self.excluded.insert((path.clone(), version.clone()));
            }
            ("replace", words) => return self.take_replacement(words),
            // What Go itself must be at least says nothing of the one that will build; tools,
            // retractions and settings are no packages.
            ("go" | "toolchain" | "retract" | "tool" | "godebug" | "ignore", _) => {}
            _ => return false,
        }
        true
    }

    fn take_replacement(&mut self, words: &[String]) -> bool {
        let Some(arrow) = words.iter().position(|word| word == "=>") else {
            return false;
        };
        let selected = |words: &[String]| match words {
            [path] => Some((path.clone(), None)),
            [path, version] => Some((path.clone(), Some(version.clone()))),
            _ => None,
        };
        let (old, new) = words.split_at(arrow);
        match (selected(old), selected(new.get(1..).unwrap_or_default())) {
            (Some(old), Some(new)) => {
                self.replaced.insert(old, new);
                true
            }
            _ => false,
        }
    }

    /// Applies a replacement; whether there was one.
    fn replace(&self, required: &mut Requirement) -> bool {
        let exact = (required.path.clone(), required.version.clone());
        let any = (required.path.clone(), None);
        let found = self
            .replaced
            .get(&exact)
            .or_else(|| self.replaced.get(&any));
        let Some((path, version)) = found else {
            return false;
        };
        if version.is_some() {
            path.clone_into(&mut required.path);
        }
        required.version.clone_from(version);
        true
    }

    fn finish(mut self) -> (ModuleFile, Vec<String>) {
        let mut requirements = std::mem::take(&mut self.requirements);
        requirements.retain_mut(|required| {
            let is_replaced = self.replace(required);
            let version = required.version.clone().unwrap_or_default();
            is_replaced || !self.excluded.contains(&(required.path.clone(), version))
        });
        (
            ModuleFile {
                module: self.module,
                requirements,
            },
            self.problems,
        )
    }
}

/// `// indirect`, perhaps with more behind a semicolon.
fn is_indirect(comment: &str) -> bool {
    let comment = comment.trim();
    comment == "indirect" || comment.starts_with("indirect;")
}

/// More words than any statement has.
const MOST_WORDS: usize = 8;

/// Words between spaces; quotes fall away. Module paths hold neither.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .take(MOST_WORDS)
        .map(|word| word.trim_matches(['"', '`']).to_owned())
        .collect()
}

/// The modules of `vendor/modules.txt` that have packages there, with their replacements:
/// <https://go.dev/ref/mod#vendoring>.
pub(super) fn vendored(text: &str) -> Vec<Requirement> {
    let mut found: Vec<Requirement> = Vec::new();
    let mut module: Option<Requirement> = None;
    let mut is_direct = false;
    for line in text.lines() {
        if let Some(notes) = line.strip_prefix("## ") {
            is_direct = notes.split(';').any(|note| note.trim() == "explicit");
        } else if let Some(line) = line.strip_prefix("# ") {
            is_direct = false;
            let (old, new) = line.split_once("=>").unwrap_or((line, ""));
            let mut old = old.split_whitespace();
            let mut new = new.split_whitespace();
            let (path, version) = (old.next(), old.next());
            module = match (path, version, new.next(), new.next()) {
                (Some(_), Some(_), Some(path), Some(version))
                | (Some(path), Some(version), None, _) => Some((path, Some(version))),
                (Some(path), Some(_), Some(_), None) => Some((path, None)),
                _ => None,
            }
            .map(|(path, version)| Requirement {
                path: path.to_owned(),
                version: version.map(str::to_owned),
                is_direct: false,
            });
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            // The first package of a module: its code is here.
            found.extend(module.take().map(|module| Requirement {
                is_direct,
                ..module
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(path: &str, version: Option<&str>, is_direct: bool) -> Requirement {
        Requirement {
            path: path.to_owned(),
            version: version.map(str::to_owned),
            is_direct,
        }
    }

    #[test]
    fn blocks_lines_and_replacements_are_read() {
        let text = "module modules.example/app // the app\n\ngo 1.21\ntoolchain go1.21.3\n\
            require modules.example/one v1.0.0\n\
            require (\n\t\"modules.example/two\" v2.0.0+incompatible // indirect\n\
            \tmodules.example/gone v1.0.0\n\tmodules.example/local v1.0.0\n)\n\
            exclude modules.example/gone v1.0.0\n\
            replace (\n\tmodules.example/one => modules.example/fork v1.1.0\n\
            \tmodules.example/local v1.0.0 => ../local\n)\n\
            retract [v1.0.0, v1.1.0]\nnonsense here\n";
        let (file, problems) = ModuleFile::parse(text);
        assert_eq!(file.module.as_deref(), Some("modules.example/app"));
        assert_eq!(
            file.requirements,
            [
                requirement("modules.example/fork", Some("v1.1.0"), true),
                requirement("modules.example/two", Some("v2.0.0+incompatible"), false),
                requirement("modules.example/local", None, true),
            ]
        );
        assert_eq!(problems, ["line 17: `nonsense here` is not understood"]);
    }

    #[test]
    fn only_modules_with_packages_are_vendored() {
        let text = "# modules.example/a v1.0.0\n## explicit; go 1.17\nmodules.example/a\nmodules.example/a/b\n\
            # modules.example/unused v1.0.0\n## explicit\n\
            # modules.example/c v1.0.0 => modules.example/fork v2.0.0\nmodules.example/c\n\
            # modules.example/l v1.0.0 => ./l\n## go 1.17\nmodules.example/l\n\
            # modules.example/c => modules.example/fork v2.0.0\n";
        assert_eq!(
            vendored(text),
            [
                requirement("modules.example/a", Some("v1.0.0"), true),
                requirement("modules.example/fork", Some("v2.0.0"), false),
                requirement("modules.example/l", None, false),
            ]
        );
    }
}
