//! Percent-encoding as package URLs have it: ECMA-427, section 5.4.
//!
//! Letters, digits and `.-_~:` stand for themselves, every other byte of the UTF-8 text is
//! encoded. This is neither the form of HTML nor that of any other URL, so no library's set fits.

/// Appends a part, encoded.
pub(super) fn encode(part: &str, text: &mut String) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.extend(DIGITS.get(usize::from(byte >> 4)));
            text.extend(DIGITS.get(usize::from(byte & 15)));
        }
    }
}

/// Appends segments, each encoded, with slashes between them.
pub(super) fn encode_segments(path: &str, text: &mut String) {
    for (place, segment) in path.split('/').enumerate() {
        if place > 0 {
            text.push('/');
        }
        encode(segment, text);
    }
}

/// The text of a part, or what is wrong with its encoding.
pub(super) fn decode(part: &str) -> Result<String, String> {
    if !part.contains('%') {
        return Ok(part.to_owned());
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let digit = |place: usize| {
            let byte = behind.get(place)?;
            char::from(*byte).to_digit(16)
        };
        let (Some(high), Some(low)) = (digit(0), digit(1)) else {
            return Err("a `%` is not followed by two hexadecimal digits".to_owned());
        };
        bytes.push((high * 16 + low) as u8);
        rest = behind.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_| "what is percent-encoded is no UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(part: &str) -> String {
        let mut text = String::new();
        encode(part, &mut text);
        text
    }

    #[test]
    fn only_what_the_specification_names_stays() {
        assert_eq!(encoded("aZ09.-_~:"), "aZ09.-_~:");
        assert_eq!(encoded("a/b@c+d e"), "a%2Fb%40c%2Bd%20e");
        assert_eq!(encoded("(ü)*"), "%28%C3%BC%29%2A");
        let mut text = String::new();
        encode_segments("@a/b c", &mut text);
        assert_eq!(text, "%40a/b%20c");
    }

    #[test]
    fn decoding_is_the_reverse_and_refuses_what_is_not_encoded() {
        for part in ["", "a/b@c+d e", "%", "ü%20", "\u{0}\u{10ffff}"] {
            assert_eq!(decode(&encoded(part)).as_deref(), Ok(part));
        }
        assert_eq!(decode("a%2fb").as_deref(), Ok("a/b"));
        for wrong in ["%", "%2", "a%zz", "%+1", "%ff"] {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
    }
}
