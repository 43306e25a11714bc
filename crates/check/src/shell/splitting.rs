//! Takes a script apart: lists, pipelines, groups, redirections, documents in the script.

use std::ops::Range;

use linchpin_document::Position;

use super::programs::{Program, script_word};
use super::quoting::RawWord;
use super::{Assignment, Command, Joined, Placed, Redirection, Within};

/// Most commands of one script; what comes after them is not looked at.
const MOST_COMMANDS: usize = 5_000;

/// Most words of one command.
const MOST_WORDS: usize = 2_000;

/// Deepest nesting of scripts in scripts.
pub(super) const DEEPEST_SCRIPT: usize = 10;

/// Most receivers of a command's output that are told.
const MOST_RECEIVERS: usize = 16;

/// The commands of a script, in order; those inside of another command stand before it.
pub(crate) fn commands(text: &[Placed]) -> Vec<Command> {
    let mut reader = Reader::new(text, Vec::new(), 0);
    reader.list(None);
    reader.commands
}

/// The commands of a program that is called without a shell, as in `["sh", "-c", "…"]`.
pub(crate) fn commands_of_words(words: Vec<RawWord>) -> Vec<Command> {
    let mut reader = Reader::new(&[], Vec::new(), 0);
    reader.push(
        Parts {
            words,
            ..Parts::default()
        },
        Joined::First,
        0,
    );
    reader.commands
}

/// A command while it is read.
#[derive(Default)]
pub(super) struct Parts {
    assignments: Vec<RawWord>,
    words: Vec<RawWord>,
    redirections: Vec<Redirection>,
    documents: Vec<(String, bool)>,
}

/// A document in the script whose lines are still to come.
struct Document {
    command: usize,
    end: String,
    has_tabs: bool,
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t [Placed],
    pub(super) next: usize,
    pub(super) commands: Vec<Command>,
    pub(super) depth: usize,
    documents: Vec<Document>,
    cases: usize,
}

/// What stands behind a command.
enum Behind {
    Join(Joined),
    End,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [Placed], commands: Vec<Command>, depth: usize) -> Self {
        Self {
            text,
            next: 0,
            commands,
            depth,
            documents: Vec::new(),
            cases: 0,
        }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        let place = self.next.checked_add(ahead)?;
        self.text.get(place).map(|placed| placed.character)
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(ahead, character)| self.peek(ahead) == Some(character))
    }

    /// Where the next character stands, or the place behind the last one.
    pub(super) fn position(&self) -> Position {
        if let Some(placed) = self.text.get(self.next) {
            return placed.at;
        }
        self.end()
    }

    /// The place behind the character before.
    pub(super) fn end(&self) -> Position {
        let before = self.next.min(self.text.len()).checked_sub(1);
        before
            .and_then(|place| self.text.get(place))
            .map_or(Position::START, |placed| Position {
                line: placed.at.line,
                column: placed.at.column.saturating_add(1),
            })
    }

    /// Reads commands up to `closing`, which is passed over.
    pub(super) fn list(&mut self, closing: Option<char>) {
        let mut pipeline: Vec<Range<usize>> = Vec::new();
        let mut joined = Joined::First;
        loop {
            let from = self.commands.len();
            self.command(joined);
            pipeline.push(from..self.commands.len());
            let behind = self.behind(closing);
            if !matches!(behind, Behind::Join(Joined::Pipe)) {
                self.connect(&pipeline);
                pipeline.clear();
            }
            match behind {
                Behind::Join(next) if self.commands.len() < MOST_COMMANDS => joined = next,
                _ => return,
            }
        }
    }

    /// Reads a nested list, if it is not nested too deep.
    pub(super) fn nested(&mut self, closing: Option<char>) -> bool {
        if self.depth >= DEEPEST_SCRIPT {
            return false;
        }
        self.depth += 1;
        self.list(closing);
        self.depth -= 1;
        true
    }

    /// Reads a text of its own as a script, and gives the places of its commands.
    pub(super) fn script(&mut self, text: &[Placed]) -> Range<usize> {
        let from = self.commands.len();
        if self.depth < DEEPEST_SCRIPT {
            let commands = std::mem::take(&mut self.commands);
            let mut inner = Reader::new(text, commands, self.depth + 1);
            inner.list(None);
            self.commands = inner.commands;
        }
        from..self.commands.len()
    }

    fn connect(&mut self, pipeline: &[Range<usize>]) {
        for (index, senders) in pipeline.iter().enumerate() {
            let receives = |place: &usize| {
                let command = self.commands.get(*place);
                command.is_some_and(|command| !matches!(command.within, Some(Within::Output(_))))
            };
            let receivers: Vec<usize> = (pipeline.iter().skip(index + 1))
                .flat_map(Clone::clone)
                .filter(receives)
                .take(MOST_RECEIVERS)
                .collect();
            for command in self.commands.get_mut(senders.clone()).unwrap_or_default() {
                if !matches!(command.within, Some(Within::Output(_))) {
                    command.pipes_to.extend(&receivers);
                    command.pipes_to.truncate(MOST_RECEIVERS);
                }
            }
        }
    }

    /// Passes over blanks and comments.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek(0) {
                Some(' ' | '\t' | '\r') => self.next += 1,
                Some('\\') if self.peek(1) == Some('\n') => self.next += 2,
                Some('\\') if self.starts_with("\\\r\n") => self.next += 3,
                Some('#') => {
                    while self.peek(0).is_some_and(|next| next != '\n') {
                        self.next += 1;
                    }
                }
                _ => return,
            }
        }
    }

    /// Reads one command, or a group of them.
    fn command(&mut self, joined: Joined) {
        let mut parts = Parts::default();
        let from = self.commands.len();
        let mut is_group = false;
        loop {
            self.blanks();
            let Some(next) = self.peek(0) else { break };
            let is_first = parts.words.is_empty();
            match next {
                '\n' | ';' | '|' | ')' => break,
                '&' if self.peek(1) != Some('>') => break,
                '(' => {
                    self.next += 1;
                    if is_first && parts.assignments.is_empty() && self.nested(Some(')')) {
                        is_group = true;
                        continue;
                    }
                    if self.peek(0) == Some(')') {
                        // The beginning of a function: what it does stands behind.
                        self.next += 1;
                        parts.words.clear();
                    }
                }
                '<' | '>' | '&' if !self.starts_with("<(") && !self.starts_with(">(") => {
                    self.redirection(&mut parts);
                }
                _ => {
                    let word = self.word();
                    if matches!(self.peek(0), Some('<' | '>')) && word.is_number() {
                        self.redirection(&mut parts);
                    } else if is_first && word.is_assignment() {
                        parts.assignments.push(word);
                    } else if is_first && !word.is_quoted && is_keyword(&word.text()) {
                        // The command stands behind it.
                    } else if parts.words.len() < MOST_WORDS {
                        parts.words.push(word);
                    }
                    let is_case = parts.words.first().is_some_and(|word| word.is("case"));
                    if is_case && parts.words.get(2).is_some_and(|word| word.is("in")) {
                        parts.words.clear();
                        self.cases = self.cases.saturating_add(1);
                        self.pattern();
                    }
                }
            }
        }
        if is_group {
            return;
        }
        let is_loop = |word: &RawWord| word.is("for") || word.is("select") || word.is("function");
        if parts.words.first().is_some_and(is_loop) {
            parts.words.clear();
        }
        self.push(parts, joined, from);
    }

    /// Passes over the pattern of a choice in `case`.
    fn pattern(&mut self) {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.next += 1;
        }
        if self.starts_with("esac") {
            self.cases = self.cases.saturating_sub(1);
            return;
        }
        while let Some(next) = self.peek(0) {
            self.next += 1;
            if next == ')' {
                return;
            }
        }
    }

    /// Passes over what stands behind a command.
    fn behind(&mut self, closing: Option<char>) -> Behind {
        let Some(next) = self.peek(0) else {
            return Behind::End;
        };
        self.next += 1;
        let second = self.peek(0);
        let joined = match (next, second) {
            ('&', Some('&')) => Joined::And,
            ('|', Some('|')) => Joined::Or,
            ('|', Some('&')) => Joined::Pipe,
            (';', Some(';')) => {
                self.next += 1;
                if self.peek(0) == Some('&') {
                    self.next += 1;
                }
                if self.cases > 0 {
                    self.pattern();
                }
                return Behind::Join(Joined::Then);
            }
            (';', Some('&')) if self.cases > 0 => {
                self.next += 1;
                self.pattern();
                return Behind::Join(Joined::Then);
            }
            (')', _) if closing == Some(')') => return Behind::End,
            ('\n', _) => {
                self.documents();
                return Behind::Join(Joined::Then);
            }
            ('|', _) => return Behind::Join(Joined::Pipe),
            ('&', _) => return Behind::Join(Joined::Beside),
            _ => return Behind::Join(Joined::Then),
        };
        self.next += 1;
        Behind::Join(joined)
    }

    /// Reads an operator of redirection and what stands behind it.
    fn redirection(&mut self, parts: &mut Parts) {
        const OPERATORS: &[&str] = &[
            "&>>", "<<<", "<<-", "&>", "<<", ">>", "<&", ">&", "<>", ">|", "<", ">",
        ];
        let operator = OPERATORS.iter().find(|operator| self.starts_with(operator));
        let Some(operator) = operator else {
            self.next += 1;
            return;
        };
        self.next += operator.len();
        self.blanks();
        let target = self.word();
        if parts.redirections.len() >= MOST_WORDS {
            return;
        }
        if matches!(*operator, "<<" | "<<-") {
            parts.documents.push((target.text(), *operator == "<<-"));
        }
        parts.redirections.push(Redirection {
            operator,
            target: target.finish(),
        });
    }

    /// Takes in a command that was read, the commands inside of which begin at `from`.
    fn push(&mut self, parts: Parts, joined: Joined, from: usize) {
        let begin = parts
            .assignments
            .first()
            .or(parts.words.first())
            .map(|word| word.start);
        let target = parts
            .redirections
            .first()
            .map(|redirection| redirection.target.start);
        let Some(start) = begin.or(target) else {
            return;
        };
        let ends = parts
            .words
            .last()
            .or(parts.assignments.last())
            .map(|word| word.end);
        let last = parts
            .redirections
            .last()
            .map(|redirection| redirection.target.end);
        let place = self.commands.len();
        for inner in self.commands.get_mut(from..).unwrap_or_default() {
            if inner.within.is_none() {
                inner.within = Some(Within::Output(place));
            }
        }
        let words: Vec<_> = parts
            .words
            .iter()
            .map(RawWord::clone)
            .map(RawWord::finish)
            .collect();
        let script = script_word(&words).and_then(|index| parts.words.get(index).cloned());
        self.documents
            .extend(parts.documents.into_iter().map(|(end, has_tabs)| Document {
                command: place,
                end,
                has_tabs,
            }));
        self.commands.push(Command {
            start,
            end: ends.max(last).unwrap_or(start),
            assignments: parts.assignments.iter().filter_map(assignment).collect(),
            words,
            redirections: parts.redirections,
            joined,
            pipes_to: Vec::new(),
            within: None,
        });
        if let Some(script) = script {
            let inner = self.script(&script.characters);
            self.put_within(inner, place);
        }
    }

    fn put_within(&mut self, inner: Range<usize>, place: usize) {
        for command in self.commands.get_mut(inner).unwrap_or_default() {
            command.within.get_or_insert(Within::Script(place));
        }
    }

    /// Reads the documents that the line before has opened. One that a shell reads is a script, and
    /// so is one without a program, which is how Dockerfiles write scripts.
    fn documents(&mut self) {
        for document in std::mem::take(&mut self.documents) {
            let from = self.next;
            let mut to = self.text.len();
            while self.next < self.text.len() {
                let begin = self.next;
                let line: String = (self.text.iter().skip(begin))
                    .map(|placed| placed.character)
                    .take_while(|character| *character != '\n')
                    .collect();
                self.next += line.chars().count() + 1;
                let line = if document.has_tabs {
                    line.trim_start_matches('\t')
                } else {
                    &line
                };
                if line.trim_end_matches('\r') == document.end {
                    to = begin;
                    break;
                }
            }
            self.next = self.next.min(self.text.len());
            let reads = self.commands.get(document.command).is_some_and(|command| {
                command.words.is_empty() && command.assignments.is_empty()
                    || Program::of(&command.words)
                        .is_some_and(|program| program.is_shell() && program.runs_its_input())
            });
            let text = self.text;
            let Some(body) = text.get(from..to).filter(|_| reads) else {
                continue;
            };
            if !names_another_program(body) {
                let inner = self.script(body);
                self.put_within(inner, document.command);
            }
        }
    }
}

fn assignment(word: &RawWord) -> Option<Assignment> {
    let text = word.text();
    let (name, value) = text.split_once('=')?;
    Some(Assignment {
        name: name.trim_end_matches('+').to_owned(),
        value: value.to_owned(),
        start: word.start,
    })
}

/// Words before a command that say when it runs.
fn is_keyword(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "esac", "!", "{", "}",
        "[[", "]]", "time",
    ];
    WORDS.contains(&word)
}

/// Whether a script says in its first line that no shell reads it: `#!/usr/bin/env python3`.
fn names_another_program(body: &[Placed]) -> bool {
    let line: String = (body.iter().map(|placed| placed.character))
        .take_while(|character| *character != '\n')
        .take(200)
        .collect();
    line.starts_with("#!") && !line.trim_end().ends_with("sh")
}
