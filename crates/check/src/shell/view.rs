//! Commands as rules see them.
//!
//! `name` is the program without folder and version, `started_by` those before it (`sudo`),
//! `subcommand` what it is to do (`install`), `operands` the words that are no options, `options`
//! a map from each option to its value (`"--index-url"` to the address, others to an empty text;
//! letters in one word such as `-fsSL` are there one by one, too), `arguments` all words behind the
//! program. `executed_by` is the program that runs the output as a program, as in `curl … | sh`;
//! `pipes_to` lists the programs that get it. `joined` and `joined_next` are the operators before
//! and behind.

use linchpin_document::{Member, Node, NodeValue};

use super::options::{has_subcommand, is_among, letters, takes_value, value_options};
use super::programs::Program;
use super::{Command, Joined, Within, Word};

/// Longest text of a command that is kept to be shown or searched.
const LONGEST_TEXT: usize = 4_000;

/// The command at a place in the list of all of its script.
pub(crate) fn node(commands: &[Command], place: usize) -> Option<Node> {
    let command = commands.get(place)?;
    let program = Program::of(&command.words);
    let start = program
        .as_ref()
        .map_or(command.start, |program| program.word.start);
    let name = program.as_ref().map_or("", |program| program.name.as_str());
    let arguments = program
        .as_ref()
        .map_or(&[][..], |program| program.arguments);
    let parts = Parts::of(name, arguments);
    let next = commands
        .iter()
        .skip(place + 1)
        .find(|next| next.within == command.within);
    let mut members = vec![
        Member::added("name", Node::text(start, name)),
        Member::added("text", Node::text(command.start, text(command))),
        Member::added(
            "arguments",
            Node::list(start, arguments.iter().map(word).collect()),
        ),
        Member::added("operands", Node::list(start, parts.operands)),
        Member::added("options", Node::map(start, parts.options)),
        Member::added("joined", Node::text(start, command.joined.text())),
        Member::added(
            "joined_next",
            Node::text(start, next.map_or(Joined::First, |next| next.joined).text()),
        ),
        Member::added(
            "next",
            Node::text(start, next.and_then(program_name).unwrap_or_default()),
        ),
        Member::added(
            "executed_by",
            Node::text(start, executed_by(commands, command)),
        ),
        Member::added(
            "pipes_to",
            Node::list(
                start,
                (command.pipes_to.iter())
                    .filter_map(|place| commands.get(*place).and_then(program_name))
                    .map(|name| Node::text(start, name))
                    .collect(),
            ),
        ),
        Member::added(
            "started_by",
            Node::list(
                command.start,
                (program.iter().flat_map(|program| &program.starters))
                    .map(|name| Node::text(command.start, *name))
                    .collect(),
            ),
        ),
        Member::added(
            "assignments",
            Node::list(command.start, assignments(command)),
        ),
        Member::added("redirections", Node::list(start, redirections(command))),
    ];
    members.push(match parts.subcommand {
        Some(subcommand) => Member::added("subcommand", word(subcommand)),
        None => Member::added("subcommand", Node::text(start, "")),
    });
    Some(Node {
        start,
        end: command.end,
        value: NodeValue::Map(members),
    })
}

/// The arguments of a program by what they are.
#[derive(Default)]
struct Parts<'w> {
    subcommand: Option<&'w Word>,
    operands: Vec<Node>,
    options: Vec<Member>,
}

impl<'w> Parts<'w> {
    fn of(program: &str, arguments: &'w [Word]) -> Self {
        let values = value_options(program);
        let mut parts = Self::default();
        let mut rest = arguments.iter();
        let mut only_operands = false;
        while let Some(argument) = rest.next() {
            let text = argument.text.as_str();
            if text == "--" && !only_operands {
                only_operands = true;
            } else if only_operands || text.len() < 2 || !text.starts_with('-') {
                if parts.subcommand.is_none()
                    && parts.operands.is_empty()
                    && has_subcommand(program)
                {
                    parts.subcommand = Some(argument);
                } else {
                    parts.operands.push(word(argument));
                }
            } else if let Some((option, value)) = text.split_once('=') {
                let value = Node {
                    start: argument.start,
                    end: argument.end,
                    ..Node::text(argument.start, value)
                };
                parts.options.push(Member::added(option, value));
            } else {
                let value = takes_value(values, text).then(|| rest.next()).flatten();
                for letter in letters(text).into_iter().flatten() {
                    let option = format!("-{letter}");
                    let value = value.filter(|_| is_among(values, &option));
                    parts.option(&option, argument, value);
                }
                parts.option(text, argument, value);
            }
        }
        parts
    }

    fn option(&mut self, option: &str, argument: &Word, value: Option<&Word>) {
        self.options.push(Member {
            key: std::sync::Arc::new(option.to_owned()),
            key_start: argument.start,
            value: value.map_or_else(|| Node::text(argument.start, ""), word),
        });
    }
}

fn word(word: &Word) -> Node {
    Node {
        start: word.start,
        end: word.end,
        value: NodeValue::Text(std::sync::Arc::new(word.text.clone())),
    }
}

fn program_name(command: &Command) -> Option<String> {
    Program::of(&command.words).map(|program| program.name)
}

/// The command in one line, with blanks between its words.
fn text(command: &Command) -> String {
    let mut text = String::new();
    let assignments = (command.assignments.iter())
        .map(|assignment| format!("{}={}", assignment.name, assignment.value));
    let words = command.words.iter().map(|word| word.text.clone());
    let redirections = (command.redirections.iter())
        .map(|redirection| format!("{} {}", redirection.operator, redirection.target.text));
    for part in assignments.chain(words).chain(redirections) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&part);
        if text.len() > LONGEST_TEXT {
            break;
        }
    }
    text
}

fn assignments(command: &Command) -> Vec<Node> {
    (command.assignments.iter())
        .map(|assignment| {
            let at = assignment.start;
            Node::map(
                at,
                vec![
                    Member::added("name", Node::text(at, assignment.name.as_str())),
                    Member::added("value", Node::text(at, assignment.value.as_str())),
                ],
            )
        })
        .collect()
}

fn redirections(command: &Command) -> Vec<Node> {
    (command.redirections.iter())
        .map(|redirection| {
            let at = redirection.target.start;
            Node::map(
                at,
                vec![
                    Member::added("operator", Node::text(at, redirection.operator)),
                    Member::added("target", word(&redirection.target)),
                ],
            )
        })
        .collect()
}

/// The program that runs the output of a command as a program.
fn executed_by(commands: &[Command], command: &Command) -> String {
    let receivers = command
        .pipes_to
        .iter()
        .filter_map(|place| commands.get(*place));
    for receiver in receivers {
        let program = Program::of(&receiver.words);
        if let Some(program) = program.filter(Program::runs_its_input) {
            return program.name;
        }
    }
    let Some(Within::Output(place)) = command.within else {
        return String::new();
    };
    let outer = commands
        .get(place)
        .and_then(|outer| Program::of(&outer.words).map(|program| (outer, program)));
    let Some((outer, program)) = outer else {
        return String::new();
    };
    let as_a_file = |word: &Word| {
        word.text.starts_with("<(") && word.start <= command.start && command.start <= word.end
    };
    let runs =
        program.runs_its_words() || program.runs_its_files() && outer.words.iter().any(as_a_file);
    if runs { program.name } else { String::new() }
}
