//! Shell scripts split into simple commands, each word with its place.
//!
//! `RUN` in Dockerfiles and the steps of pipelines are shell scripts inside of another document.
//! Rules ask which programs they run, with which options, and where the output of one goes. The
//! grammar is that of <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html>
//! and the common extensions of bash, as far as that takes. Nothing is expanded or evaluated here:
//! a variable is the text that stands there.

use linchpin_document::Position;

mod options;
mod programs;
mod quoting;
mod splitting;
mod view;

pub(crate) use quoting::RawWord;
pub(crate) use splitting::{commands, commands_of_words};
pub(crate) use view::node;

/// A character and where it stands in the document around the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placed {
    /// The character.
    pub(crate) character: char,
    /// Where it stands.
    pub(crate) at: Position,
}

/// A text whose first line begins at one place, and its other lines at one column each: the form
/// that blocks have in YAML.
#[allow(dead_code, reason = "for kinds with scripts in YAML")]
pub(crate) fn placed(text: &str, start: Position, column: u32) -> Vec<Placed> {
    let mut at = start;
    text.chars()
        .map(|character| {
            let here = Placed { character, at };
            if character == '\n' {
                at.line = at.line.saturating_add(1);
                at.column = column;
            } else {
                at.column = at.column.saturating_add(1);
            }
            here
        })
        .collect()
}

/// A simple command: a program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// Where it begins.
    pub(crate) start: Position,
    /// The place behind its last character.
    pub(crate) end: Position,
    /// Variables that are set for it, or without a program for those after it: `A=1 program`.
    pub(crate) assignments: Vec<Assignment>,
    /// Its words without quotes, the program first.
    pub(crate) words: Vec<Word>,
    /// Where its input comes from and its output goes to.
    pub(crate) redirections: Vec<Redirection>,
    /// What stands between the command before it and this one.
    pub(crate) joined: Joined,
    /// The commands that get its output through pipes, directly or one after the other: places in
    /// the list of commands.
    pub(crate) pipes_to: Vec<usize>,
    /// The command that it is a part of.
    pub(crate) within: Option<Within>,
}

/// A variable that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// The variable.
    pub(crate) name: String,
    /// What it is set to.
    pub(crate) value: String,
    /// Where the name stands.
    pub(crate) start: Position,
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its text without quotes.
    pub(crate) text: String,
    /// Where it begins, quotes included.
    pub(crate) start: Position,
    /// The place behind its last character.
    pub(crate) end: Position,
    /// Whether something of it is in quotes.
    pub(crate) is_quoted: bool,
}

/// A redirection: `2> /dev/null`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redirection {
    /// The operator, without the number before it: `>>`.
    pub(crate) operator: &'static str,
    /// The file, the number of a descriptor, or the word that ends a document.
    pub(crate) target: Word,
}

/// What stands between two commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joined {
    /// Nothing: it is the first.
    First,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `;`, or the end of a line.
    Then,
    /// `&`
    Beside,
    /// `|`
    Pipe,
}

impl Joined {
    /// As it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::First => "",
            Self::And => "&&",
            Self::Or => "||",
            Self::Then => ";",
            Self::Beside => "&",
            Self::Pipe => "|",
        }
    }
}

/// How a command is a part of another one, whose place in the list is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// Its output becomes a word of the other, or is read by it as a file: `a $(b)`, `a <(b)`.
    Output(usize),
    /// The other runs it as a script: `sh -c 'b'`, `sh <<END`.
    Script(usize),
}

#[cfg(test)]
mod tests;
