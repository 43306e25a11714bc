//! The tools that practices are known by, as data: `practices/tools.toml`.

use std::sync::LazyLock;

use linchpin_model::TargetPath;
use regex::Regex;
use serde::Deserialize;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../practices/tools.toml")).expect("a test reads the table")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    fuzzer: Vec<Fuzzer>,
    analyser: Vec<Analyser>,
    updater: Vec<Updater>,
    tester: Vec<Tester>,
}

/// A fuzzer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fuzzer {
    pub(super) name: String,
    /// How the names of files end that may use it.
    endings: Vec<String>,
    /// What such a file says, in one line.
    #[serde(deserialize_with = "expression")]
    pattern: Regex,
}

/// Static analysis in a workflow.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Analyser {
    pub(super) name: String,
    /// The action, in lower case.
    action: String,
}

/// What proposes newer dependencies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Updater {
    pub(super) name: String,
    /// Paths of its settings, in lower case.
    files: Vec<String>,
    /// By which names it commits.
    authors: Vec<String>,
}

/// What tests proposed changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tester {
    name: String,
    files: Vec<String>,
}

fn expression<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    let text = String::deserialize(deserializer)?;
    Regex::new(&text).map_err(serde::de::Error::custom)
}

impl Fuzzer {
    /// The first line of a file that uses it.
    pub(super) fn line(&self, text: &str) -> Option<u32> {
        let found = text.lines().position(|line| self.pattern.is_match(line))?;
        u32::try_from(found + 1).ok()
    }
}

/// The fuzzers that a file may use.
pub(super) fn fuzzers_of(path: &TargetPath) -> impl Iterator<Item = &'static Fuzzer> {
    let name = path.name();
    TABLE.fuzzer.iter().filter(move |fuzzer| {
        let mut endings = fuzzer.endings.iter();
        endings.any(|ending| name.ends_with(ending.as_str()))
    })
}

/// The analysis that an action makes: `owner/repository/path`.
pub(super) fn analyser_of(action: &str) -> Option<&'static Analyser> {
    let action = action.to_ascii_lowercase();
    let mut analysers = TABLE.analyser.iter();
    analysers.find(|known| match known.action.strip_suffix('*') {
        Some(beginning) => action.starts_with(beginning),
        None => action == known.action,
    })
}

/// The tool whose settings are in this file.
pub(super) fn updater_of(path: &TargetPath) -> Option<&'static Updater> {
    let path = path.as_str().to_ascii_lowercase();
    let mut updaters = TABLE.updater.iter();
    updaters.find(|known| known.files.contains(&path))
}

/// The tool that commits by this name.
pub(super) fn updater_by_author(name: &str) -> Option<&'static Updater> {
    let mut updaters = TABLE.updater.iter();
    updaters.find(|known| known.authors.iter().any(|author| author == name))
}

/// What tests proposed changes by the settings in this file.
pub(super) fn tester_of(path: &TargetPath) -> Option<&'static str> {
    let path = path.as_str().to_ascii_lowercase();
    let mut testers = TABLE.tester.iter();
    let found = testers.find(|known| known.files.contains(&path))?;
    Some(&found.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_actions_are_in_lower_case() {
        let files = TABLE.updater.iter().flat_map(|tool| &tool.files);
        let files = files.chain(TABLE.tester.iter().flat_map(|tool| &tool.files));
        let actions = TABLE.analyser.iter().map(|tool| &tool.action);
        for text in files.chain(actions) {
            assert_eq!(*text, text.to_ascii_lowercase());
        }
    }

    #[test]
    fn tools_are_known_by_files_actions_and_lines() {
        let path = TargetPath::new;
        for (file, line) in [
            ("a_test.go", "func FuzzIt(f *testing.F) {"),
            ("fuzz/one.rs", "use libfuzzer_sys::fuzz_target;"),
            (
                "x.cc",
                "extern \"C\" int LLVMFuzzerTestOneInput(const uint8_t *d",
            ),
            (
                "x.swift",
                "@_cdecl(\"LLVMFuzzerTestOneInput\") public func f",
            ),
            ("x.py", "import atheris"),
            (
                "X.java",
                "import com.code_intelligence.jazzer.api.FuzzedDataProvider;",
            ),
            ("x.ts", "import fc from 'fast-check'"),
            ("X.hs", "import Test.QuickCheck"),
        ] {
            let text = format!("\n{line}\n");
            let lines: Vec<_> = fuzzers_of(&path(file))
                .filter_map(|fuzzer| fuzzer.line(&text))
                .collect();
            assert_eq!(lines, [2], "{file}");
        }
        assert_eq!(fuzzers_of(&path("a.go")).count(), 0);
        assert!(fuzzers_of(&path("x.py")).all(|one| one.line("# import atheris").is_none()));
        assert_eq!(
            analyser_of("JetBrains/qodana-action").unwrap().name,
            "Qodana"
        );
        assert_eq!(analyser_of("snyk/actions/node").unwrap().name, "Snyk");
        assert!(analyser_of("github/codeql-action/init").is_none());
        assert!(updater_of(&path(".github/Dependabot.yml")).is_some());
        assert!(updater_of(&path("web/renovate.json")).is_none());
        assert_eq!(updater_by_author("renovate[bot]").unwrap().name, "Renovate");
        assert_eq!(tester_of(&path("Jenkinsfile")), Some("Jenkins"));
    }
}
