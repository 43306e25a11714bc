//! Where expressions and texts end, without a look at what they mean.

/// How far behind the end of a line an expression may go on.
const FARTHEST: usize = 400;

/// What ends an expression, beside the end of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// The end of the line, or of the list or object that it is in.
    Line,
    /// A colon, as in `for x in xs: …`.
    Colon,
    /// The equals sign behind a type.
    Equals,
}

/// The length of an expression at the beginning of a text, without blanks behind it.
pub(crate) fn expression(text: &str, until: Until) -> usize {
    let bytes = text.as_bytes();
    let mut place = 0;
    let mut depth = 0usize;
    let mut end = 0;
    while let Some(&byte) = bytes.get(place) {
        let next = bytes.get(place + 1).copied();
        match byte {
            b'\'' => {
                let rest = text.get(place..).unwrap_or_default();
                // One without an end is over at the end of its line.
                let line = rest.find('\n').unwrap_or(rest.len());
                place += quoted(rest).unwrap_or(line.max(1));
                end = place;
                continue;
            }
            b'/' if next == Some(b'/') => {
                let rest = text.get(place..).unwrap_or_default();
                place += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            b'/' if next == Some(b'*') => {
                let rest = text.get(place..).unwrap_or_default();
                place += rest.find("*/").map_or(rest.len(), |length| length + 2);
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' | b',' if depth == 0 => return end,
            b')' | b']' | b'}' => depth -= 1,
            b':' if depth == 0 && until == Until::Colon => return end,
            b'=' if depth == 0 && until == Until::Equals => return end,
            b'\n' if depth == 0 && !goes_on(text, place, end) => return end,
            _ => {}
        }
        place += 1;
        if !byte.is_ascii_whitespace() {
            end = place;
        }
    }
    end
}

/// Whether an expression goes on behind the end of a line.
fn goes_on(text: &str, place: usize, end: usize) -> bool {
    let before = text.get(..end).unwrap_or_default();
    // Blank lines without end are not looked through again at each of them.
    let after = text.get(place..).unwrap_or_default();
    let near = after
        .char_indices()
        .nth(FARTHEST)
        .map_or(after.len(), |(offset, _)| offset);
    let after = after.get(..near).unwrap_or_default().trim_start();
    let operators = [
        "?", ":", "&&", "||", "==", "!=", ">=", "<=", "+ ", "* ", "|",
    ];
    operators.iter().any(|operator| after.starts_with(operator))
        || ["&&", "||", "==", "!=", "??", "+", "?", ":", "|"]
            .iter()
            .any(|operator| before.ends_with(operator))
}

/// The length of a text between apostrophes, expressions in it included; none if it has no end.
pub(crate) fn quoted(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix("'''") {
        return Some(rest.find("'''")? + 6);
    }
    let bytes = text.as_bytes();
    let mut place = 1;
    // Of each expression that is open, how many braces are; a text may stand in it.
    let mut open: Vec<Option<usize>> = vec![None];
    while let Some(&byte) = bytes.get(place) {
        let next = bytes.get(place + 1).copied();
        match (open.last_mut()?, byte) {
            (None, b'\\') => place += 1,
            (None, b'\n') => return None,
            (None, b'\'') => {
                open.pop();
                if open.is_empty() {
                    return Some(place + 1);
                }
            }
            (None, b'$') if next == Some(b'{') => {
                open.push(Some(0));
                place += 1;
            }
            (Some(_), b'\'') => open.push(None),
            (Some(braces), b'{') => *braces += 1,
            (Some(0), b'}') => {
                open.pop();
            }
            (Some(braces), b'}') => *braces -= 1,
            _ => {}
        }
        if open.len() > super::DEEPEST {
            return None;
        }
        place += 1;
    }
    None
}

/// The length of an expression between `${` and `}` at the beginning of a text, both included.
pub(crate) fn interpolation(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("${")?;
    let bytes = rest.as_bytes();
    let (mut place, mut depth) = (0, 0usize);
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'\'' => {
                place += quoted(rest.get(place..)?)?;
                continue;
            }
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(place + 3),
            b'}' => depth -= 1,
            _ => {}
        }
        place += 1;
    }
    None
}
