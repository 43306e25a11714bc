//! Which other files a script runs: what a hook names, what code requires, and file names that stand
//! in it as texts. More is followed than runs, which costs only that it is read.

use std::sync::LazyLock;

use linchpin_model::TargetPath;
use regex::Regex;

use super::language::Language;

/// Most files that one file leads to.
const MOST: usize = 40;

/// Longest text in which files are looked for, in bytes.
const MOST_TEXT: usize = 1 << 20;

/// What is required by code, with a path that begins with a dot.
static REQUIRED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"(?:require(?:_relative)?\s*\(?|\bfrom|\bimport\s*\(?)\s*['"`](\.{0,2}/?[\w./@-]{1,120})['"`]"#,
    )
});

/// Names of scripts as texts.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r#"['"`\s=/]([\w.@-][\w./@-]{0,120}\.(?:[cm]?js|py|rb|sh|bash|ps1|bat|cmd))\b"#)
});

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("it is tested below")
}

/// The files that a command of a manifest runs, as paths from the manifest's folder.
pub(crate) fn of_command(command: &str, folder: &TargetPath) -> Vec<TargetPath> {
    let words = command.split(|character: char| {
        character.is_whitespace()
            || matches!(character, '"' | '\'' | ';' | '&' | '|' | '(' | ')' | '`')
    });
    let mut paths = Vec::new();
    let mut is_argument = false;
    for word in words.filter(|word| !word.is_empty()).take(200) {
        let program = word.rsplit('/').next().unwrap_or(word);
        let has_ending = Language::of(&TargetPath::new(word)).is_some();
        if has_ending || word.starts_with('.') || is_argument && !word.starts_with('-') {
            add(&mut paths, &folder.join(word));
        }
        is_argument = matches!(
            program,
            "node"
                | "bun"
                | "deno"
                | "run"
                | "tsx"
                | "ts-node"
                | "sh"
                | "bash"
                | "python"
                | "python3"
                | "ruby"
        ) || is_argument && word.starts_with('-');
    }
    paths
}

/// The files that code leads to. `package` is the folder of the package that it is in.
pub(crate) fn of_code(text: &str, path: &TargetPath, package: &TargetPath) -> Vec<TargetPath> {
    let end = (0..=MOST_TEXT.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    let text = &text[..end.unwrap_or(0)];
    let folder = path.parent();
    let mut paths = Vec::new();
    for found in REQUIRED
        .captures_iter(text)
        .filter_map(|found| found.get(1))
    {
        if found.as_str().contains('/') || found.as_str().starts_with('.') {
            add(&mut paths, &folder.join(found.as_str()));
        }
    }
    for found in NAMED.captures_iter(text).filter_map(|found| found.get(1)) {
        add(&mut paths, &folder.join(found.as_str()));
        if folder != *package {
            add(&mut paths, &package.join(found.as_str()));
        }
    }
    paths
}

/// Adds the files that a path may mean: its ending may be left out, and it may be a folder.
fn add(paths: &mut Vec<TargetPath>, path: &TargetPath) {
    let text = path.as_str();
    let mut candidates = vec![path.clone()];
    if Language::of(path).is_none() {
        for ending in [".js", ".cjs", ".mjs", "/index.js", ".rb"] {
            candidates.push(TargetPath::new(&format!("{text}{ending}")));
        }
    }
    for candidate in candidates {
        if paths.len() < MOST && !paths.contains(&candidate) {
            paths.push(candidate);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_found_by_their_names() {
        let folder = TargetPath::new("a/node_modules/b");
        let leads = |command| {
            let paths = of_command(command, &folder);
            let files = paths
                .iter()
                .map(|path| path.as_str().trim_start_matches(folder.as_str()).to_owned());
            files.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(leads("node ./lib/build.js"), "/lib/build.js");
        assert!(leads("node scripts/run || exit 0").starts_with("/scripts/run /scripts/run.js"));
        assert_eq!(leads("start /B node pre.js & node pre.js"), "/pre.js");
        assert_eq!(leads("node-gyp rebuild"), "");
        assert!(leads("node -e \"require('./post')\"").contains("/post.js"));
    }

    #[test]
    fn code_leads_to_what_it_requires_and_names() {
        let path = TargetPath::new("p/lib/a.js");
        let text =
            "require('./b'); require('fs'); exec('/bin/bash pre.sh'); join(__dirname, 'c.js')";
        let paths = of_code(text, &path, &TargetPath::new("p"));
        let paths: Vec<&str> = paths.iter().map(TargetPath::as_str).collect();
        for wanted in ["p/lib/b.js", "p/lib/pre.sh", "p/pre.sh", "p/lib/c.js"] {
            assert!(paths.contains(&wanted), "{wanted}: {paths:?}");
        }
        assert!(!paths.iter().any(|path| path.contains("fs")));
    }
}
