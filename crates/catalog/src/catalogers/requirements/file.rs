//! One requirements file: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
//!
//! Also the comments in which pip-compile and uv say who needs a package, `# via django`: they
//! are the only edges that the format has. Options for indexes and builds are passed over.

use linchpin_model::Digest;

use crate::python::{Requirement, digests, normalise_name};

/// What a requirements file says.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct RequirementsFile {
    pub(super) lines: Vec<Line>,
    /// Files of `-r`, as written.
    pub(super) includes: Vec<Box<str>>,
    /// Files of `-c`, as written.
    pub(super) constraints: Vec<Box<str>>,
}

/// One requirement.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) requirement: Requirement,
    pub(super) hashes: Vec<Digest>,
    /// Who needs it, where comments say so.
    pub(super) via: Vec<Via>,
}

/// Who needs a package.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// The project itself.
    Project,
    /// Another package, or a project that is only named.
    Named(Box<str>),
}

/// How many requirements of a file are read: a thousand times what large projects have.
const MOST_LINES: usize = 200_000;

impl RequirementsFile {
    /// Reads the file; lines that can not be understood are problems.
    pub(super) fn parse(bytes: &[u8], problems: &mut Vec<String>) -> Self {
        let text = text_of(bytes);
        let mut file = Self::default();
        let mut logical = String::new();
        let mut in_via = false;
        for (index, line) in text.lines().enumerate() {
            if file.lines.len() >= MOST_LINES {
                problems.push(format!(
                    "only its first {MOST_LINES} requirements were read"
                ));
                break;
            }
            let (code, comment) = split_comment(line);
            if code.trim().is_empty() && logical.is_empty() {
                in_via = match (comment, file.lines.last_mut()) {
                    // Only an indented comment belongs to the requirement above it.
                    (Some(comment), Some(last)) if line.starts_with([' ', '\t']) => {
                        last.annotate(comment, in_via)
                    }
                    _ => false,
                };
                continue;
            }
            let code = code.trim();
            if let (Some(code), None) = (code.strip_suffix('\\'), comment) {
                logical.push_str(code);
                logical.push(' ');
                continue;
            }
            logical.push_str(code);
            let before = file.lines.len();
            if let Err(problem) = file.take(logical.trim()) {
                problems.push(format!("line {}: {problem}", index + 1));
            }
            logical.clear();
            let added = file.lines.get_mut(before..).and_then(<[Line]>::last_mut);
            in_via = match (comment, added) {
                (Some(comment), Some(last)) => last.annotate(comment, false),
                _ => false,
            };
        }
        if !logical.trim().is_empty()
            && let Err(problem) = file.take(logical.trim())
        {
            problems.push(format!("the last line: {problem}"));
        }
        file
    }

    /// Takes one line, its continuations joined and its comment removed.
    fn take(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() {
            return Ok(());
        }
        if let Some(option) = line.strip_prefix('-') {
            let value = |long: &str, short: &str| {
                let value = option
                    .strip_prefix('-')
                    .and_then(|option| option.strip_prefix(long))
                    .filter(|value| value.starts_with(['=', ' ', '\t']))
                    .or_else(|| option.strip_prefix(short))?;
                Some(value.trim_start_matches(['=', ' ', '\t']).trim())
            };
            if let Some(path) = value("requirement", "r") {
                self.includes.push(unquote(path).into());
            } else if let Some(path) = value("constraint", "c") {
                self.constraints.push(unquote(path).into());
            } else if let Some(place) = value("editable", "e") {
                self.lines.extend(at_place(unquote(place)));
            }
            return Ok(());
        }
        let end = line.find(" --").unwrap_or(line.len());
        let (text, options) = line.split_at(end);
        let text = text.trim();
        if is_place(text) {
            self.lines.extend(at_place(text));
            return Ok(());
        }
        let requirement = Requirement::parse(text)?;
        let hashes = options.split_whitespace().filter_map(|option| {
            option
                .strip_prefix("--hash=")
                .or_else(|| option.contains(':').then_some(option))
        });
        self.lines.push(Line {
            requirement,
            hashes: digests(hashes),
            via: Vec::new(),
        });
        Ok(())
    }
}

impl Line {
    /// Reads a comment that may say who needs this; whether the list goes on below.
    fn annotate(&mut self, comment: &str, in_via: bool) -> bool {
        let text = comment.trim();
        let list = match text.strip_prefix("via") {
            Some("") => return true,
            Some(list) if list.starts_with([' ', '\t', ':']) => list.trim_start_matches(':'),
            _ if in_via && comment.starts_with("  ") => text,
            _ => return false,
        };
        for entry in list.split(',').map(str::trim) {
            if entry.is_empty() || entry.starts_with("-c ") {
                continue;
            }
            let name: &str = entry.split(['[', ' ', '(']).next().unwrap_or_default();
            self.via
                .push(if name.starts_with('-') || entry.ends_with(')') {
                    Via::Project
                } else {
                    Via::Named(normalise_name(name))
                });
        }
        true
    }
}

/// The text, whatever it is encoded in: editors on Windows write a mark at the start, and
/// redirected output there is UTF-16.
fn text_of(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|pair| Some(from(pair.try_into().ok()?)))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A line without its comment, and the comment. A `#` begins one at the start or after a space.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let mut after_space = true;
    for (at, next) in line.char_indices() {
        if next == '#' && after_space {
            return (line.get(..at).unwrap_or_default(), line.get(at + 1..));
        }
        after_space = next.is_whitespace();
    }
    (line, None)
}

fn unquote(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

/// Whether a line names a folder, an archive or an address rather than a package.
fn is_place(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let before_at = text.split('@').next().unwrap_or_default();
    first.starts_with(['.', '/', '~'])
        || before_at.contains("://")
        || (!text.contains('@') && archive(first).is_some())
}

/// A package of an address, if that tells its name; a folder of the project's own tells none.
fn at_place(place: &str) -> Option<Line> {
    let place = place.split_whitespace().next()?;
    let (address, fragment) = place.split_once('#').unwrap_or((place, ""));
    let egg = fragment
        .split('&')
        .find_map(|part| part.strip_prefix("egg="));
    let file = address.rsplit('/').next().unwrap_or(address);
    let (name, version) = match (egg, archive(file)) {
        (_, Some((name, version))) => (name, Some(version)),
        (Some(egg), None) => (egg, None),
        (None, None) => return None,
    };
    let mut requirement = Requirement::parse(name).ok()?;
    requirement.url = Some(place.into());
    if let Some(version) = version {
        requirement.specifiers = format!("=={version}").into();
    }
    let hash = fragment
        .split('&')
        .filter_map(|part| part.split_once('='))
        .map(|(algorithm, value)| format!("{algorithm}:{value}"));
    let hashes: Vec<String> = hash.collect();
    Some(Line {
        requirement,
        hashes: digests(hashes.iter().map(String::as_str)),
        via: Vec::new(),
    })
}

/// The name and version in the name of a wheel or a source archive.
fn archive(file: &str) -> Option<(&str, &str)> {
    let file = file.rsplit('/').next()?;
    if let Some(stem) = file.strip_suffix(".whl") {
        let mut parts = stem.split('-');
        return Some((parts.next()?, parts.next()?));
    }
    let stem = [".tar.gz", ".tar.bz2", ".zip", ".tgz"]
        .into_iter()
        .find_map(|end| file.strip_suffix(end))?;
    let (name, version) = stem.rsplit_once('-')?;
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then_some((name, version))
}

/// The exact version of a line: a pin, or the version of an archive.
pub(super) fn exact_version(requirement: &Requirement) -> Option<String> {
    if let Some(version) = requirement.pinned() {
        return Some(version.to_owned());
    }
    let address = requirement.url.as_deref()?;
    let address = address.split(['#', '?']).next()?;
    archive(address).map(|(_, version)| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (RequirementsFile, Vec<String>) {
        let mut problems = Vec::new();
        let file = RequirementsFile::parse(text.as_bytes(), &mut problems);
        (file, problems)
    }

    #[test]
    fn lines_continue_and_comments_name_who_needs_it() {
        let hash = format!("--hash=sha256:{}", "a".repeat(64));
        let (file, problems) = parse(&format!(
            "--index-url https://packages.example/simple\n-r base.txt\n-c constraints.txt\n\
             a==1.0 \\\n    {hash} \\\n    {hash}\n    # via\n    #   -r requirements.in\n    #   b\n    #   -c constraints.txt\n\
             b[x]==2 ; python_version > '3' {hash} # via c, d (setup.py)\n# not via e\nc # a comment\n"
        ));
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(file.includes, ["base.txt".into()]);
        assert_eq!(file.constraints, ["constraints.txt".into()]);
        assert_eq!(file.lines.len(), 3);
        assert_eq!(file.lines[0].hashes.len(), 1);
        assert_eq!(file.lines[0].via, [Via::Project, Via::Named("b".into())]);
        assert_eq!(file.lines[1].via, [Via::Named("c".into()), Via::Project]);
        assert!(file.lines[1].requirement.marker.is_some());
        assert!(file.lines[2].via.is_empty());
    }

    #[test]
    fn addresses_give_names_and_archives_versions() {
        let (file, problems) = parse(
            "-e .\n./local\n-e git+https://packages.example/x.git@v1#egg=x\n\
             https://packages.example/foo-1.2-py3-none-any.whl\nbar @ https://packages.example/bar-2.0.tar.gz\n\
             git+https://packages.example/y.git\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let found: Vec<(&str, Option<String>)> = file
            .lines
            .iter()
            .map(|line| {
                (
                    line.requirement.name.as_ref(),
                    exact_version(&line.requirement),
                )
            })
            .collect();
        let version = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            [
                ("x", None),
                ("foo", version("1.2")),
                ("bar", version("2.0"))
            ]
        );
    }

    #[test]
    fn what_is_not_understood_is_told_with_its_line() {
        let (file, problems) = parse("a==1\n{{ template }}\nb==2 \\");
        assert_eq!(file.lines.len(), 2);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("line 2: "));
    }
}
