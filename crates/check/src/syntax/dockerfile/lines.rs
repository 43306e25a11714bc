//! The lines of a Dockerfile put together to instructions: directives, comments, continued lines,
//! and documents that are written out in the file itself (heredocs).

use linchpin_document::Position;

use super::SyntaxProblem;
use crate::shell::Placed;

/// Longest instruction, in characters, its documents included. What is longer loses its end.
const LONGEST: usize = 1 << 20;

/// Most instructions of a file.
const MOST_LINES: usize = 2_000;

/// Most documents of one instruction.
const MOST_DOCUMENTS: usize = 100;

/// What the lines of a file come to.
pub(super) struct Lines {
    pub(super) directives: Vec<Directive>,
    /// The character that continues a line.
    pub(super) escape: char,
    pub(super) instructions: Vec<Line>,
    pub(super) problem: Option<SyntaxProblem>,
}

/// A comment in the first lines that means something: `# syntax=docker/dockerfile:1`.
pub(super) struct Directive {
    pub(super) name: String,
    pub(super) start: Position,
    pub(super) value: String,
    pub(super) value_start: Position,
}

/// An instruction in one line.
pub(super) struct Line {
    pub(super) start: Position,
    pub(super) keyword: String,
    /// What stands behind the keyword.
    pub(super) arguments: Vec<Placed>,
    /// The lines of its documents, each with the line that ends it.
    pub(super) documents: Vec<Placed>,
}

/// Puts lines together.
pub(super) fn read(text: &str) -> Lines {
    let directives = directives(text);
    let escape = (directives.iter())
        .find(|directive| directive.name == "escape")
        .and_then(|directive| directive.value.chars().next())
        .filter(|escape| matches!(escape, '\\' | '`'))
        .unwrap_or('\\');
    let mut read = Lines {
        directives,
        escape,
        instructions: Vec::new(),
        problem: None,
    };
    let mut lines = (1u32..).zip(text.split('\n').map(|line| line.trim_end_matches('\r')));
    while let Some((number, line)) = lines.next() {
        let begin = line.trim_start();
        if says_nothing(line) {
            continue;
        }
        if read.instructions.len() >= MOST_LINES {
            read.problem(number, format!("holds more than {MOST_LINES} instructions"));
            break;
        }
        let mut characters = Vec::new();
        let column = line.chars().count() - begin.chars().count();
        let mut part = (number, column, begin);
        while let Some(continued) = continued(part.2, escape) {
            append(&mut characters, part.0, part.1, continued);
            // Comments and empty lines between the lines of an instruction are passed over.
            match lines.by_ref().find(|(_, line)| !says_nothing(line)) {
                Some((number, line)) => part = (number, 0, line),
                None => part = (number, 0, ""),
            }
        }
        append(&mut characters, part.0, part.1, part.2);
        let start = characters.first().map_or(Position::START, |first| first.at);
        let (keyword, arguments) = split_keyword(characters);
        let mut documents = Vec::new();
        if opens_documents(&keyword, &arguments) {
            for (end, has_tabs) in ends_of_documents(&arguments) {
                let mut is_closed = false;
                for (number, line) in lines.by_ref() {
                    append(&mut documents, number, 0, line);
                    append_end(&mut documents, number, line);
                    let line = if has_tabs {
                        line.trim_start_matches('\t')
                    } else {
                        line
                    };
                    if line == end {
                        is_closed = true;
                        break;
                    }
                }
                if !is_closed {
                    read.problem(
                        start.line,
                        format!("opens a document that `{end}` never ends"),
                    );
                }
            }
        }
        if arguments.len() + documents.len() >= LONGEST {
            read.problem(
                start.line,
                format!("has an instruction of more than {LONGEST} characters"),
            );
        }
        read.instructions.push(Line {
            start,
            keyword,
            arguments,
            documents,
        });
    }
    read
}

impl Lines {
    fn problem(&mut self, line: u32, text: String) {
        let at = Position { line, column: 1 };
        self.problem.get_or_insert(SyntaxProblem { at, text });
    }
}

fn says_nothing(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

/// What is before the character that continues a line, if it does.
fn continued(line: &str, escape: char) -> Option<&str> {
    let before = line
        .trim_end_matches([' ', '\t', '\r'])
        .strip_suffix(escape)?;
    (!before.ends_with(escape)).then_some(before)
}

fn append(characters: &mut Vec<Placed>, line: u32, before: usize, text: &str) {
    let room = LONGEST.saturating_sub(characters.len());
    let first = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    let placed = text.chars().zip(first..).map(|(character, column)| Placed {
        character,
        at: Position { line, column },
    });
    characters.extend(placed.take(room));
}

fn append_end(characters: &mut Vec<Placed>, line: u32, text: &str) {
    let column = u32::try_from(text.chars().count())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    if characters.len() < LONGEST {
        characters.push(Placed {
            character: '\n',
            at: Position { line, column },
        });
    }
}

/// The first word in upper case, and what is behind it.
pub(super) fn split_keyword(mut characters: Vec<Placed>) -> (String, Vec<Placed>) {
    let is_blank = |placed: &Placed| placed.character.is_whitespace();
    let end = characters
        .iter()
        .position(is_blank)
        .unwrap_or(characters.len());
    let rest = characters.split_off(end);
    let begin = rest
        .iter()
        .position(|placed| !is_blank(placed))
        .unwrap_or(rest.len());
    let keyword = characters
        .iter()
        .map(|placed| placed.character.to_ascii_uppercase())
        .take(100);
    (
        keyword.collect(),
        rest.get(begin..).unwrap_or_default().to_vec(),
    )
}

fn directives(text: &str) -> Vec<Directive> {
    let mut found = Vec::new();
    for (number, line) in (1u32..).zip(text.lines()).take(50) {
        let Some((name, value)) = line
            .trim()
            .strip_prefix('#')
            .and_then(|line| line.split_once('='))
        else {
            break;
        };
        let name = name.trim().to_ascii_lowercase();
        let known = matches!(name.as_str(), "syntax" | "escape" | "check");
        if !known {
            break;
        }
        let column = |part: &str| {
            let before = line.len().saturating_sub(part.len());
            let before = line.get(..before).unwrap_or_default().chars().count();
            u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
        };
        let value_from = line
            .get(line.len() - value.trim_start().len()..)
            .unwrap_or_default();
        let from = line.trim_start();
        found.push(Directive {
            start: Position {
                line: number,
                column: column(from),
            },
            value: value.trim().to_owned(),
            value_start: Position {
                line: number,
                column: column(value_from),
            },
            name,
        });
    }
    found
}

fn opens_documents(keyword: &str, arguments: &[Placed]) -> bool {
    let opens = |keyword: &str| matches!(keyword, "RUN" | "COPY" | "ADD");
    if keyword != "ONBUILD" {
        return opens(keyword);
    }
    let word = arguments
        .iter()
        .map(|placed| placed.character.to_ascii_uppercase());
    opens(
        &word
            .take_while(|character| !character.is_whitespace())
            .take(10)
            .collect::<String>(),
    )
}

/// The words that end the documents which an instruction opens: `<<EOF`, `<<-"EOF"`, and whether
/// tabs may stand before them.
fn ends_of_documents(arguments: &[Placed]) -> Vec<(String, bool)> {
    let mut ends = Vec::new();
    let (mut quote, mut place, mut begins) = (None, 0usize, true);
    let character = |place: usize| arguments.get(place).map(|placed| placed.character);
    while let Some(next) = character(place) {
        place += 1;
        if quote.is_some() {
            if quote == Some(next) {
                quote = None;
            }
            continue;
        }
        match next {
            '\'' | '"' => quote = Some(next),
            '\\' => place += 1,
            '<' if begins && character(place) == Some('<') && ends.len() < MOST_DOCUMENTS => {
                place += 1;
                let has_tabs = character(place) == Some('-');
                place += usize::from(has_tabs);
                let mut end = String::new();
                while let Some(next) = character(place) {
                    if next.is_whitespace() || matches!(next, '<' | '>' | ';' | '&' | '|' | ')') {
                        break;
                    }
                    if !matches!(next, '\'' | '"' | '\\') {
                        end.push(next);
                    }
                    place += 1;
                }
                // `<<<` is a text and no document.
                if !end.is_empty() && character(place) != Some('<') {
                    ends.push((end, has_tabs));
                }
            }
            _ => {}
        }
        begins = next.is_whitespace()
            || next.is_ascii_digit() && begins
            || matches!(next, ';' | '&' | '|');
    }
    ends
}
