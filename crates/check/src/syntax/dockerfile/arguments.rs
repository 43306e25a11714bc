//! What the words of an instruction mean, by its keyword.

use linchpin_document::{Member, Node, NodeValue};

use super::instructions::{Reading, word};
use crate::shell::RawWord;

/// The members that a keyword adds to its instruction.
pub(super) fn members(reading: &Reading<'_>) -> Vec<Member> {
    match reading.keyword {
        "FROM" => from(reading),
        "COPY" | "ADD" => copied(reading),
        "ENV" | "ARG" | "LABEL" => variables(reading),
        "EXPOSE" => {
            let ports = reading.words.iter().map(word).collect();
            vec![Member::added("ports", Node::list(reading.start, ports))]
        }
        "USER" => user(reading),
        "WORKDIR" => {
            let path = all_words(reading.words);
            let start = reading
                .words
                .first()
                .map_or(reading.start, |first| first.start);
            vec![Member::added("path", Node::text(start, path))]
        }
        _ => Vec::new(),
    }
}

fn all_words(words: &[RawWord]) -> String {
    words
        .iter()
        .map(RawWord::text)
        .collect::<Vec<_>>()
        .join(" ")
}

fn from(reading: &Reading<'_>) -> Vec<Member> {
    let mut members = Vec::new();
    if let Some(image) = reading.words.first() {
        members.push(Member::added("image", word(image)));
    }
    if let [_, as_word, name, ..] = reading.words
        && as_word.text().eq_ignore_ascii_case("as")
    {
        members.push(Member::added("name", word(name)));
    }
    members
}

/// `sources`, each with where it goes to and how, and the `target`.
fn copied(reading: &Reading<'_>) -> Vec<Member> {
    let Some((target, sources)) = reading.words.split_last() else {
        return Vec::new();
    };
    let flag = |name: &str| {
        let member = reading
            .flags
            .iter()
            .rev()
            .find(|member| member.key.as_str() == name);
        member.map_or_else(
            || Node::text(reading.start, ""),
            |member| member.value.clone(),
        )
    };
    let sources = sources
        .iter()
        // What is written in the file itself is no source outside of it.
        .filter(|source| !source.text().starts_with("<<"))
        .map(|source| Node {
            end: source.end,
            ..Node::map(
                source.start,
                vec![
                    Member::added("path", word(source)),
                    Member::added("target", word(target)),
                    Member::added("keyword", Node::text(reading.start, reading.keyword)),
                    Member::added("from", flag("from")),
                    Member::added("checksum", flag("checksum")),
                    Member::added("chmod", flag("chmod")),
                    Member::added("chown", flag("chown")),
                ],
            )
        });
    vec![
        Member::added("sources", Node::list(reading.start, sources.collect())),
        Member::added("target", word(target)),
    ]
}

/// `variables`, each with its name and its value, and whether it has one.
fn variables(reading: &Reading<'_>) -> Vec<Member> {
    let variable = |name: &str, value: Option<&str>, raw: &RawWord| Node {
        end: raw.end,
        ..Node::map(
            raw.start,
            vec![
                Member::added("name", Node::text(raw.start, name)),
                Member::added("value", Node::text(raw.start, value.unwrap_or_default())),
                Member::added(
                    "has_value",
                    Node::at(raw.start, NodeValue::Boolean(value.is_some())),
                ),
                Member::added("keyword", Node::text(reading.start, reading.keyword)),
            ],
        )
    };
    let mut nodes = Vec::new();
    let first = reading.words.first();
    if let Some(first) =
        first.filter(|first| reading.keyword != "ARG" && !first.text().contains('='))
    {
        // The old form: one name, and all the rest is its value.
        let rest = reading.words.get(1..).unwrap_or_default();
        nodes.push(variable(&first.text(), Some(&all_words(rest)), first));
    } else {
        for raw in reading.words {
            let text = raw.text();
            nodes.push(match text.split_once('=') {
                Some((name, value)) => variable(name, Some(value), raw),
                None => variable(&text, None, raw),
            });
        }
    }
    vec![Member::added("variables", Node::list(reading.start, nodes))]
}

fn user(reading: &Reading<'_>) -> Vec<Member> {
    let Some(first) = reading.words.first() else {
        return Vec::new();
    };
    let text = first.text();
    let (user, group) = split_user(&text);
    vec![
        Member::added("user", Node::text(first.start, user)),
        Member::added("group", Node::text(first.start, group)),
    ]
}

/// `user:group`; a colon may stand inside of a variable, too: `${USER:-app}:app`.
fn split_user(text: &str) -> (&str, &str) {
    let mut depth = 0usize;
    for (place, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                let (user, group) = text.split_at(place);
                return (user, group.get(1..).unwrap_or_default());
            }
            _ => {}
        }
    }
    (text, "")
}
