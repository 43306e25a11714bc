//! `Security-Policy`: 6 points for an address to write to, 3 for words around it, 1 for what is to be
//! expected.

use std::sync::LazyLock;

use linchpin_model::TargetPath;
use regex::Regex;

use crate::practices::evaluation::{Check, Evaluation, Place, Risk, Standing};
use crate::practices::{Facts, Files};

pub(super) const CHECK: Check = Check {
    name: "Security-Policy",
    risk: Risk::Medium,
    standing: Standing::Scorecard,
    short: "Whether the project says how to report flaws",
    remedy: "Write a `SECURITY.md` with an address for reports, what happens to them, and when to expect an answer.",
    evaluate,
};

/// The places of a policy, in the order in which forges look.
const PLACES: &[&str] = &[
    "security.md",
    ".github/security.md",
    "docs/security.md",
    "security.markdown",
    "security.adoc",
    ".github/security.adoc",
    "docs/security.adoc",
    "security.rst",
    ".github/security.rst",
    "doc/security.rst",
    "docs/security.rst",
    ".gitlab/security.md",
];

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"https?://[^\s<>\)\]]+|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
        .expect("a test reads it")
});

static TIMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)vuln|disclos|\b[0-9]{1,4}[\s-]+(hours?|days?|weeks?|months?)\b")
        .expect("a test reads it")
});

/// The policy: its file, and its text.
pub(in crate::practices) fn policy(files: &Files) -> Option<(&TargetPath, &str)> {
    PLACES.iter().find_map(|place| files.known(place))
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let Some((path, text)) = policy(facts.files) else {
        return Evaluation::new(0, "security policy file not detected")
            .warn("no security policy file detected", None);
    };
    let place = || Some(Place::file(path));
    let links: Vec<&str> = LINK.find_iter(text).map(|found| found.as_str()).collect();
    let length: usize = links.iter().map(|link| link.len()).sum();
    let rest = text.trim().len().saturating_sub(length);
    let has_words = rest > 10 && text.split_whitespace().count() > links.len() + 3;
    let mentions = TIMES.find_iter(text).count();
    let mut score = 0;
    let mut said = Vec::new();
    for (holds, points, good, bad) in [
        (
            !links.is_empty(),
            6,
            "found linked content",
            "no email, website or url found",
        ),
        (
            has_words,
            3,
            "found text in security policy",
            "no text beyond links found",
        ),
        (
            mentions >= 2,
            1,
            "found disclosure, vulnerability, and/or timelines",
            "little about disclosure, vulnerabilities or timelines",
        ),
    ] {
        score += if holds { points } else { 0 };
        said.push((holds, if holds { good } else { bad }));
    }
    let evaluation = Evaluation::new(score, "security policy file detected")
        .inform("security policy file detected", place());
    said.into_iter()
        .fold(evaluation, |evaluation, (holds, text)| {
            if holds {
                evaluation.inform(text, place())
            } else {
                evaluation.warn(text, place())
            }
        })
}
