//! Scores for people, and in the form of Scorecard's JSON for programs:
//! <https://github.com/ossf/scorecard/blob/main/pkg/scorecard/json.go>.

use std::fmt::Write as _;

use anyhow::Result;
use linchpin_check::practices::{DetailLevel, Evaluation, Scored, Standing};
use linchpin_model::Timestamp;
use linchpin_text::{
    Column, Shortening, columns, sentence, shorten_end, shorten_path, table as lines_of, visible,
    wrap,
};
use serde::Serialize;

use crate::commands::VERSION;
use crate::printer::Printer;

/// How many details of a check a person is shown.
const DETAILS: usize = 5;

/// What was scored.
pub(super) struct Subject {
    pub(super) name: String,
    /// The commit that is checked out.
    pub(super) commit: Option<String>,
    /// The moment of the answer.
    pub(super) now: Timestamp,
    /// Whether what only a forge knows was asked.
    pub(super) forge_was_asked: bool,
}

const COLUMNS: &[Column] = &[
    Column::new("CHECK", Shortening::Never, 0),
    Column::new("SCORE", Shortening::Never, 0),
    Column::new("RISK", Shortening::Never, 0),
    Column::new("WHY", Shortening::End, 20),
];

/// Scores in tenths, `7.5`.
fn tenths(score: u32) -> String {
    format!("{}.{}", score / 10, score % 10)
}

pub(super) fn table(
    scored: &[Scored],
    total: Option<u32>,
    subject: &Subject,
    printer: &Printer,
) -> String {
    let mut text = String::new();
    let _ = match total {
        Some(total) => writeln!(
            text,
            "{}: {} of 10\n",
            visible(&subject.name),
            tenths(total)
        ),
        None => writeln!(text, "{}: no score\n", visible(&subject.name)),
    };
    let rows: Vec<Vec<String>> = scored.iter().map(row).collect();
    for line in lines_of(COLUMNS, &rows, printer.width()) {
        let _ = writeln!(text, "{line}");
    }
    // The worst and the heaviest first.
    let mut low: Vec<&Scored> = (scored.iter())
        .filter(|one| one.evaluation.score.is_some_and(|score| score < 10))
        .collect();
    low.sort_by_key(|one| (one.check.risk, one.evaluation.score));
    for one in low {
        improve(one, printer, &mut text);
    }
    notes(scored, subject, &mut text);
    text
}

/// What does not count, and how to learn more.
fn notes(scored: &[Scored], subject: &Subject, text: &mut String) {
    text.push('\n');
    let unknown = scored.iter().filter(|one| one.evaluation.score.is_none());
    match unknown.count() {
        0 => {}
        1 => text.push_str("1 check has no score and does not count.\n"),
        count => {
            let _ = writeln!(text, "{count} checks have no score and do not count.");
        }
    }
    if !subject.forge_was_asked {
        text.push_str("--repository OWNER/NAME asks the forge, with a token in GITHUB_TOKEN.\n");
    }
    let mut standings = scored.iter().map(|one| one.check.standing);
    if standings.any(|standing| standing == Standing::Ours) {
        text.push_str("* is told, and does not count: Scorecard has no such check.\n");
    }
}

fn row(one: &Scored) -> Vec<String> {
    let score = match one.evaluation.score {
        Some(score) => format!("{score:>2}"),
        None => " ?".to_owned(),
    };
    let mark = match one.check.standing {
        Standing::Scorecard => "",
        Standing::Ours => " *",
    };
    vec![
        format!("{}{mark}", one.check.name),
        score,
        one.check.risk.label().to_owned(),
        visible(&one.evaluation.reason).into_owned(),
    ]
}

/// What is wrong, and what to do.
fn improve(one: &Scored, printer: &Printer, text: &mut String) {
    let evaluation = &one.evaluation;
    let head = format!(
        "{} {}/10: {}",
        one.check.name,
        evaluation.score.unwrap_or_default(),
        visible(&sentence(&evaluation.reason))
    );
    let _ = writeln!(text, "\n{}", shorten_end(&head, printer.width()));
    let bad: Vec<_> = (evaluation.details.iter())
        .filter(|detail| detail.level == DetailLevel::Warning)
        .filter(|detail| detail.text != evaluation.reason)
        .collect();
    let most = if printer.is_verbose() {
        bad.len()
    } else {
        DETAILS
    };
    for detail in bad.iter().take(most) {
        let place = match &detail.place {
            Some(place) => match place.line {
                Some(line) => format!("{}:{line}", visible(place.path.as_str())),
                None => visible(place.path.as_str()).into_owned(),
            },
            None => String::new(),
        };
        // A long path leaves room for what is wrong there.
        let place = shorten_path(&place, printer.width() / 2);
        let gap = if place.is_empty() { "" } else { "  " };
        let shown = format!("  {place}{gap}{}", visible(&detail.text));
        let _ = writeln!(text, "{}", shorten_end(&shown, printer.width()));
    }
    let more = bad.len().saturating_sub(most) + evaluation.left_out();
    if more > 0 {
        let hint = if printer.is_verbose() {
            ""
        } else {
            " (-v shows them)"
        };
        let _ = writeln!(text, "  and {more} more{hint}");
    }
    let begins = "  What to do: ";
    let room = printer.width().saturating_sub(columns(begins)).max(20);
    let mut begin = begins.to_owned();
    for line in wrap(one.check.remedy, room) {
        let _ = writeln!(text, "{begin}{line}");
        begin = " ".repeat(columns(begins));
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    date: String,
    repo: Repository<'a>,
    scorecard: Program,
    score: serde_json::Number,
    checks: Vec<Check<'a>>,
    metadata: [&'static str; 0],
}

#[derive(Serialize)]
struct Repository<'a> {
    name: &'a str,
    commit: &'a str,
}

#[derive(Serialize)]
struct Program {
    version: String,
    commit: &'static str,
}

#[derive(Serialize)]
struct Check<'a> {
    name: &'static str,
    score: i8,
    reason: &'a str,
    details: Option<Vec<String>>,
    documentation: Documentation,
}

#[derive(Serialize)]
struct Documentation {
    url: String,
    short: &'static str,
}

/// What stands for something that is not known, as in Scorecard.
const UNKNOWN: &str = "unknown";

pub(super) fn json(scored: &[Scored], total: Option<u32>, subject: &Subject) -> Result<Vec<u8>> {
    let answer = Answer {
        date: subject.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        repo: Repository {
            name: &subject.name,
            commit: subject.commit.as_deref().unwrap_or(UNKNOWN),
        },
        scorecard: Program {
            version: format!("linchpin {VERSION}"),
            commit: UNKNOWN,
        },
        score: match total {
            Some(total) => serde_json::Number::from_f64(f64::from(total) / 10.0),
            None => Some((-1).into()),
        }
        .unwrap_or_else(|| 0.into()),
        checks: scored.iter().map(check).collect(),
        metadata: [],
    };
    let mut content = serde_json::to_vec_pretty(&answer)?;
    content.push(b'\n');
    Ok(content)
}

fn check(one: &Scored) -> Check<'_> {
    Check {
        name: one.check.name,
        score: one.evaluation.score.map_or(-1, |score| score as i8),
        reason: &one.evaluation.reason,
        details: details(&one.evaluation),
        documentation: Documentation {
            url: documentation(one),
            short: one.check.short,
        },
    }
}

/// The details as Scorecard writes them; nothing where there are none.
fn details(evaluation: &Evaluation) -> Option<Vec<String>> {
    let mut details: Vec<String> = evaluation.details.iter().map(ToString::to_string).collect();
    if evaluation.left_out() > 0 {
        details.push(format!("Info: and {} more", evaluation.left_out()));
    }
    (!details.is_empty()).then_some(details)
}

fn documentation(one: &Scored) -> String {
    let anchor = one.check.name.to_ascii_lowercase();
    match one.check.standing {
        Standing::Scorecard => {
            format!("https://github.com/ossf/scorecard/blob/main/docs/checks.md#{anchor}")
        }
        Standing::Ours => "https://git-scm.com/book/en/v2/Git-Tools-Signing-Your-Work".to_owned(),
    }
}
