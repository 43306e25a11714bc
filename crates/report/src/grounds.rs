//! Why a finding does not count, in words: said alike in every format for people.

use std::fmt::Write as _;

use linchpin_model::{AbsentCode, GrantedException, Statement, Suppression};

use crate::text::{counted, grouped, visible};

/// How many names of functions, and of programs, are told.
const MOST_NAMES: usize = 4;

/// A sentence without a full stop.
pub(crate) fn ground(suppression: &Suppression) -> String {
    match suppression {
        Suppression::Excepted(exception) => excepted(exception),
        Suppression::Stated(statement) => stated(statement),
        Suppression::CodeAbsent(absent) => code_absent(absent),
        Suppression::Commented(comment) => format!(
            "a comment in line {} says: {}",
            comment.line,
            visible(&comment.reason)
        ),
    }
}

fn excepted(exception: &GrantedException) -> String {
    let mut text = format!(
        "excepted until {} in {}",
        exception.expires,
        visible(&exception.origin)
    );
    if let Some(justification) = exception.justification {
        let _ = write!(text, ", because {}", justification.words());
    }
    let _ = write!(text, ": {}", visible(&exception.reason));
    text
}

/// What a VEX document says, whatever it is.
pub(crate) fn stated(statement: &Statement) -> String {
    let mut text = format!("{} by the word of ", statement.status.words());
    match &statement.author {
        Some(author) => {
            let _ = write!(
                text,
                "{} in {}",
                visible(author),
                visible(&statement.document)
            );
        }
        None => text.push_str(&visible(&statement.document)),
    }
    if let Some(moment) = statement.timestamp {
        let _ = write!(text, " of {}", moment.strftime("%Y-%m-%d"));
    }
    if let Some(justification) = statement.justification {
        let _ = write!(text, ", because {}", justification.words());
    }
    if let Some(detail) = &statement.detail {
        let _ = write!(text, ": {}", visible(detail));
    }
    text
}

fn code_absent(absent: &AbsentCode) -> String {
    let names: Vec<String> = absent
        .looked_for
        .iter()
        .flat_map(|package| {
            let all = package
                .symbols
                .is_empty()
                .then(|| format!("all of {}", package.package));
            let name = |symbol: &String| format!("{}.{symbol}", package.package);
            package.symbols.iter().map(name).chain(all)
        })
        .map(|name| visible(&name).into_owned())
        .collect();
    let programs: Vec<String> = absent
        .programs
        .iter()
        .map(|program| {
            let path = match program.path.as_str() {
                "" => "the file itself".into(),
                path => visible(path),
            };
            format!("the {} functions of {path}", grouped(program.functions))
        })
        .collect();
    format!(
        "the vulnerable code is not present: none of {} is among {}",
        listed(&names, "function"),
        listed(&programs, "program")
    )
}

fn listed(names: &[String], noun: &str) -> String {
    let shown = names.get(..MOST_NAMES).unwrap_or(names);
    let mut text = shown.join(", ");
    if names.len() > shown.len() {
        let more = counted(names.len() - shown.len(), &format!("more {noun}"));
        let _ = write!(text, " and {more}");
    }
    text
}
