//! Functions over texts.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{UNKNOWN, integer};
use crate::kinds::kubernetes::helm::evaluate::MOST_OUTPUT;
use crate::kinds::kubernetes::helm::value::{Data, quoted};

/// Widest indentation.
const WIDEST: usize = 200;

pub(super) fn call(name: &str, arguments: &[Data]) -> Option<Result<Data, String>> {
    let text = |value: &Data| value.printed();
    let value = match (name, arguments) {
        ("quote", values) => {
            let values = values.iter().filter(|value| **value != Data::Nothing);
            let values: Vec<String> = values.map(|value| quoted(&text(value))).collect();
            Data::text(values.join(" "))
        }
        ("squote", values) => {
            let values = values.iter().filter(|value| **value != Data::Nothing);
            let values: Vec<String> = values.map(|value| format!("'{}'", text(value))).collect();
            Data::text(values.join(" "))
        }
        ("indent", [width, value]) => Data::text(indented(width, &text(value))),
        ("nindent", [width, value]) => Data::text(format!("\n{}", indented(width, &text(value)))),
        ("lower", [value]) => Data::text(text(value).to_lowercase()),
        ("upper", [value]) => Data::text(text(value).to_uppercase()),
        ("title", [value]) => {
            let value = text(value);
            let mut characters = value.chars();
            let first: String = characters
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .collect();
            Data::text(first + characters.as_str())
        }
        ("trim", [value]) => Data::text(text(value).trim()),
        ("trimAll", [set, value]) => {
            let set: Vec<char> = text(set).chars().collect();
            Data::text(text(value).trim_matches(set.as_slice()))
        }
        ("trimSuffix", [suffix, value]) => {
            let value = text(value);
            Data::text(value.strip_suffix(&text(suffix)).unwrap_or(&value))
        }
        ("trimPrefix", [prefix, value]) => {
            let value = text(value);
            Data::text(value.strip_prefix(&text(prefix)).unwrap_or(&value))
        }
        ("trunc", [length, value]) => {
            let value: Vec<char> = text(value).chars().collect();
            let length = integer(length);
            let width = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
            let cut = width.min(value.len());
            let kept = if length < 0 {
                &value[value.len() - cut..]
            } else {
                &value[..cut]
            };
            Data::text(kept.iter().collect::<String>())
        }
        ("substr", [from, to, value]) => {
            let value: Vec<char> = text(value).chars().collect();
            let place = |number: &Data| usize::try_from(integer(number)).unwrap_or(value.len());
            let (from, to) = (place(from).min(value.len()), place(to).min(value.len()));
            Data::text(
                value
                    .get(from..to)
                    .unwrap_or_default()
                    .iter()
                    .collect::<String>(),
            )
        }
        ("replace", [old, new, value]) => {
            let (old, new, value) = (text(old), text(new), text(value));
            let grows = value.len().saturating_mul(new.len().max(1));
            if old.is_empty() || grows > MOST_OUTPUT {
                return Some(Err("replaces very much".to_owned()));
            }
            Data::text(value.replace(&old, &new))
        }
        ("repeat", [times, value]) => {
            let value = text(value);
            let times = usize::try_from(integer(times)).unwrap_or(0);
            if times.saturating_mul(value.len()) > MOST_OUTPUT {
                return Some(Err("repeats a text very often".to_owned()));
            }
            Data::text(value.repeat(times))
        }
        ("nospace", [value]) => Data::text(text(value).replace(char::is_whitespace, "")),
        ("contains", [part, value]) => Data::Boolean(text(value).contains(&text(part))),
        ("hasPrefix", [part, value]) => Data::Boolean(text(value).starts_with(&text(part))),
        ("hasSuffix", [part, value]) => Data::Boolean(text(value).ends_with(&text(part))),
        ("cat", values) => {
            let values: Vec<String> = values.iter().map(text).collect();
            Data::text(values.join(" "))
        }
        ("print", values) => {
            let values: Vec<String> = values.iter().map(text).collect();
            Data::text(values.concat())
        }
        ("println", values) => {
            let values: Vec<String> = values.iter().map(text).collect();
            Data::text(values.join(" ") + "\n")
        }
        ("printf", [format, values @ ..]) => Data::text(printed(&text(format), values)),
        ("b64enc", [value]) => {
            let value = text(value);
            if value.contains(UNKNOWN) || value.contains("${") {
                Data::text(UNKNOWN)
            } else {
                Data::text(base64(value.as_bytes()))
            }
        }
        ("splitList", [separator, value]) => {
            let (separator, value) = (text(separator), text(value));
            let parts = value.split(separator.as_str()).map(Data::text);
            Data::List(Arc::new(parts.collect()))
        }
        ("split", [separator, value]) => {
            let (separator, value) = (text(separator), text(value));
            let parts = value.split(separator.as_str()).zip(0usize..);
            let parts = parts.map(|(part, number)| (format!("_{number}"), Data::text(part)));
            Data::Map(Arc::new(parts.collect()))
        }
        ("join", [separator, Data::List(items)]) => {
            let items: Vec<String> = items.iter().map(text).collect();
            Data::text(items.join(&text(separator)))
        }
        ("join", [_, value]) => Data::text(text(value)),
        ("kebabcase", [value]) => {
            let mut kebab = String::new();
            for character in text(value).chars() {
                if character.is_uppercase() && !kebab.is_empty() && !kebab.ends_with('-') {
                    kebab.push('-');
                }
                let separates = matches!(character, '_' | ' ' | '-');
                kebab.extend(if separates {
                    vec!['-']
                } else {
                    character.to_lowercase().collect()
                });
            }
            Data::text(kebab)
        }
        ("snakecase", [value]) => Data::text(text(value).to_lowercase().replace(['-', ' '], "_")),
        ("base", [value]) => {
            let value = text(value);
            Data::text(value.rsplit('/').next().unwrap_or(&value))
        }
        _ => return None,
    };
    Some(Ok(value))
}

fn indented(width: &Data, text: &str) -> String {
    let width = usize::try_from(integer(width)).unwrap_or(0).min(WIDEST);
    let pad = " ".repeat(width);
    let lines = text.split('\n').count().saturating_mul(width);
    if lines.saturating_add(text.len()) > MOST_OUTPUT {
        return String::new();
    }
    pad.clone() + &text.replace('\n', &format!("\n{pad}"))
}

/// `printf` of Go, as far as charts use it.
fn printed(format: &str, values: &[Data]) -> String {
    let mut printed = String::new();
    let mut values = values.iter();
    let mut characters = format.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '%' {
            printed.push(character);
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) =
            characters.next_if(|next| matches!(next, '0'..='9' | '-' | '+' | '.' | '#'))
        {
            flags.push(flag);
        }
        match characters.next() {
            Some('%') => printed.push('%'),
            Some('q') => {
                let value = values.next().map(Data::printed).unwrap_or_default();
                printed.push_str(&quoted(&value));
            }
            Some('d') => {
                let number = values.next().map(integer).unwrap_or_default();
                let zeros = flags.strip_prefix('0').and_then(|width| width.parse().ok());
                let width: usize = zeros.unwrap_or(0).min(WIDEST);
                let _ = write!(printed, "{number:0width$}");
            }
            Some(_) => printed.push_str(&values.next().map(Data::printed).unwrap_or_default()),
            None => {}
        }
    }
    printed
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let number = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4usize {
            if place > chunk.len() {
                encoded.push('=');
                continue;
            }
            let letter = (number >> (18 - 6 * place)) & 63;
            encoded.push(char::from(LETTERS[letter as usize]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded_and_printed_as_go_does() {
        assert_eq!(base64(b"hunter2"), "aHVudGVyMg==");
        assert_eq!(base64(b"abc"), "YWJj");
        let values = [Data::text("a"), Data::Integer(7), Data::text("b\"")];
        assert_eq!(
            printed("%s-%03d: %q 100%%", &values),
            "a-007: \"b\\\"\" 100%"
        );
    }
}
