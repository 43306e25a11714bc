//! PHP's serialised values, as `serialize()` writes them, read into the same loose values as JSON:
//! <https://www.php.net/manual/en/function.serialize.php>.
//!
//! Only arrays and plain values; an object or a reference is no value, and is where reading stops.

use std::borrow::Cow;

use super::json::Loose;

/// Deepest nesting that is read. Records of PEAR have about eight levels.
const DEEPEST: usize = 32;

/// Reads one value.
pub(crate) fn read_value(content: &[u8]) -> Result<Loose<'_>, String> {
    let mut rest = content;
    value(&mut rest, 0).ok_or_else(|| {
        let at = content.len() - rest.len();
        format!("is no serialised value of PHP at byte {at}")
    })
}

fn value<'a>(rest: &mut &'a [u8], depth: usize) -> Option<Loose<'a>> {
    let kind = *rest.first()?;
    match kind {
        b'N' => {
            *rest = rest.strip_prefix(b"N;")?;
            Some(Loose::Other)
        }
        b'b' => {
            let text = until(after_kind(rest)?, b';', rest)?;
            Some(Loose::Flag(text == b"1"))
        }
        b'i' | b'd' => {
            let text = until(after_kind(rest)?, b';', rest)?;
            Some(Loose::Text(String::from_utf8_lossy(text)))
        }
        b's' => {
            let length = number(until(after_kind(rest)?, b':', rest)?)?;
            let inner = rest.strip_prefix(b"\"")?;
            let text = inner.get(..length)?;
            *rest = inner.get(length..)?.strip_prefix(b"\";")?;
            Some(Loose::Text(String::from_utf8_lossy(text)))
        }
        b'a' if depth < DEEPEST => {
            let count = number(until(after_kind(rest)?, b':', rest)?)?;
            *rest = rest.strip_prefix(b"{")?;
            let mut members: Vec<(Cow<'a, str>, Loose<'a>)> = Vec::new();
            for _ in 0..count {
                let Loose::Text(key) = value(rest, depth + 1)? else {
                    return None;
                };
                members.push((key, value(rest, depth + 1)?));
            }
            *rest = rest.strip_prefix(b"}")?;
            let mut places = members.iter().enumerate();
            // A list is an array whose keys are its places.
            if !members.is_empty() && places.all(|(at, (key, _))| *key == at.to_string()) {
                return Some(Loose::List(
                    members.into_iter().map(|(_, item)| item).collect(),
                ));
            }
            Some(Loose::Map(members))
        }
        _ => None,
    }
}

fn after_kind(rest: &[u8]) -> Option<&[u8]> {
    rest.get(1..)?.strip_prefix(b":")
}

/// What stands before a mark; `rest` then starts behind it.
fn until<'a>(from: &'a [u8], mark: u8, rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = from.iter().take(64).position(|byte| *byte == mark)?;
    *rest = from.get(end + 1..)?;
    from.get(..end)
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_lists_are_read() {
        let text = b"a:2:{s:4:\"name\";s:3:\"A;\"\";s:1:\"l\";a:2:{i:0;b:1;i:1;d:0.5;}}";
        let document = read_value(text).unwrap();
        assert_eq!(document.text_of("name"), Some("A;\""));
        assert_eq!(document.get("l").unwrap().items().len(), 2);
    }

    #[test]
    fn what_lies_about_its_length_is_refused() {
        for text in [
            "",
            "a:99999999999:{",
            "s:9:\"a\";",
            "i:1",
            "O:1:\"A\":0:{}",
            "a:1:{N;N;}",
        ] {
            assert!(read_value(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read_value("a:1:{i:0;".repeat(100_000).as_bytes()).is_err());
    }
}
