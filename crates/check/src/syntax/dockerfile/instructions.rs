//! Each instruction as rules see it.

use linchpin_document::{Member, Node, NodeValue, Position};

use super::arguments;
use super::lines::{Line, split_keyword};
use super::words::{as_list, behind, by_blanks, next};
use crate::shell::{self, Command, Placed, RawWord};

/// Longest text of an instruction that is kept beside its words.
const LONGEST_TEXT: usize = 8_000;

/// Most commands and words of a file.
const MOST_PARTS: usize = 60_000;

/// What has been read, as far as it matters for what follows.
pub(super) struct Instructions {
    escape: char,
    /// Whether scripts are those of a shell whose words we know.
    is_posix: bool,
    parts: usize,
}

/// An instruction while it is read.
pub(super) struct Reading<'l> {
    pub(super) keyword: &'l str,
    pub(super) start: Position,
    pub(super) words: &'l [RawWord],
    pub(super) flags: &'l [Member],
}

impl Instructions {
    pub(super) fn new(escape: char) -> Self {
        Self {
            escape,
            is_posix: escape != '`',
            parts: 0,
        }
    }

    /// An instruction, or nothing if the file has too many parts.
    pub(super) fn read(&mut self, line: &Line) -> Option<Node> {
        if line.keyword != "ONBUILD" {
            return self.instruction(
                line.start,
                &line.keyword,
                &line.arguments,
                &line.documents,
                false,
            );
        }
        let (keyword, arguments) = split_keyword(line.arguments.clone());
        self.instruction(line.start, &keyword, &arguments, &line.documents, true)
    }

    fn instruction(
        &mut self,
        start: Position,
        keyword: &str,
        arguments: &[Placed],
        documents: &[Placed],
        on_build: bool,
    ) -> Option<Node> {
        let (flags, mounts, text) = self.flags(keyword, arguments);
        let list = as_list(text);
        let is_list = list.is_some();
        let words = list.unwrap_or_else(|| by_blanks(text, self.escape));
        self.parts += words.len();
        let end = arguments.last().map_or(start, |last| behind(last.at));
        let reading = Reading {
            keyword,
            start,
            words: &words,
            flags: &flags,
        };
        let mut members = vec![
            Member::added("keyword", Node::text(start, keyword)),
            Member::added("text", Node::text(start, written(arguments, documents))),
            Member::added(
                "form",
                Node::text(start, if is_list { "exec" } else { "shell" }),
            ),
            Member::added("on_build", Node::at(start, NodeValue::Boolean(on_build))),
            Member::added("words", Node::list(start, words.iter().map(word).collect())),
        ];
        if keyword == "FROM" {
            self.is_posix = self.escape != '`';
        }
        match keyword {
            "SHELL" => {
                let shell = words.first().map(RawWord::text).unwrap_or_default();
                self.is_posix = shell.ends_with("sh") && !shell.contains("pwsh");
            }
            "RUN" | "CMD" | "ENTRYPOINT" => {
                let commands = self.commands(text, documents, is_list.then_some(&words));
                self.parts += (commands.iter())
                    .map(|command| 12 + command.words.len() + command.redirections.len())
                    .sum::<usize>();
                let nodes = (0..commands.len()).filter_map(|place| shell::node(&commands, place));
                members.push(Member::added(
                    "commands",
                    Node::list(start, nodes.collect()),
                ));
            }
            "HEALTHCHECK" | "STOPSIGNAL" | "MAINTAINER" | "VOLUME" => {}
            _ => members.extend(arguments::members(&reading)),
        }
        if keyword == "RUN" {
            members.push(Member::added("mounts", Node::list(start, mounts)));
        }
        members.push(Member::added("flags", Node::map(start, flags)));
        (self.parts <= MOST_PARTS).then_some(Node {
            start,
            end,
            value: NodeValue::Map(members),
        })
    }

    /// The flags of an instruction, its mounts, and what stands behind them.
    fn flags<'l>(
        &self,
        keyword: &str,
        text: &'l [Placed],
    ) -> (Vec<Member>, Vec<Node>, &'l [Placed]) {
        let (mut flags, mut mounts) = (Vec::new(), Vec::new());
        let mut rest = text;
        if !matches!(keyword, "FROM" | "RUN" | "COPY" | "ADD" | "HEALTHCHECK") {
            return (flags, mounts, rest);
        }
        while let Some((raw, after)) = next(rest, 0, self.escape) {
            let written = raw.text();
            if !written.starts_with("--") || flags.len() >= 100 {
                break;
            }
            rest = rest.get(after..).unwrap_or_default();
            let (name, value) = written.split_once('=').unwrap_or((&written, ""));
            let value = Node {
                end: raw.end,
                ..Node::text(raw.start, value)
            };
            if name == "--mount" {
                mounts.push(mount(&value));
            }
            flags.push(Member::added(name.trim_start_matches('-'), value));
        }
        (flags, mounts, rest)
    }

    fn commands(
        &self,
        text: &[Placed],
        documents: &[Placed],
        words: Option<&Vec<RawWord>>,
    ) -> Vec<Command> {
        if let Some(words) = words {
            return shell::commands_of_words(words.clone());
        }
        if !self.is_posix {
            return Vec::new();
        }
        let mut script = text.to_vec();
        if !documents.is_empty() {
            let at = script
                .last()
                .map_or(Position::START, |last| behind(last.at));
            script.push(Placed {
                character: '\n',
                at,
            });
            script.extend(documents);
        }
        shell::commands(&script)
    }
}

/// `type=bind,source=a` as a map.
fn mount(value: &Node) -> Node {
    let text = value.as_text().unwrap_or_default();
    let settings = text.split(',').take(50).map(|setting| {
        let (name, value_text) = setting.split_once('=').unwrap_or((setting, "true"));
        let name = match name {
            "src" => "source",
            "dst" | "destination" => "target",
            other => other,
        };
        Member::added(name, Node::text(value.start, value_text))
    });
    Node::map(value.start, settings.collect())
}

/// A word as a value.
pub(super) fn word(raw: &RawWord) -> Node {
    Node {
        start: raw.start,
        end: raw.end,
        value: NodeValue::Text(raw.text().into()),
    }
}

fn written(arguments: &[Placed], documents: &[Placed]) -> String {
    let first = arguments.iter().map(|placed| placed.character);
    let lines = documents.iter().map(|placed| placed.character);
    let newline = (!documents.is_empty()).then_some('\n');
    first
        .chain(newline)
        .chain(lines)
        .take(LONGEST_TEXT)
        .collect()
}
