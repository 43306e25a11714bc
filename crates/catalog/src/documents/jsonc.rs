//! JSON with comments and commas before closing brackets, as Bun and Deno write and take it.

/// The same document as plain JSON, every byte at its place: comments and stray commas become spaces.
pub(crate) fn to_json(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut place = 0;
    // The last comma that nothing but space and comments has followed.
    let mut comma = None;
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'"' => {
                comma = None;
                place = end_of_text(&bytes, place);
            }
            b'/' if bytes.get(place + 1) == Some(&b'/') => {
                while let Some(next) = bytes.get_mut(place).filter(|next| **next != b'\n') {
                    *next = b' ';
                    place += 1;
                }
            }
            b'/' if bytes.get(place + 1) == Some(&b'*') => {
                let mut before = b' ';
                let start = place;
                while let Some(next) = bytes.get_mut(place) {
                    let is_end = *next == b'/' && before == b'*' && place > start + 2;
                    before = *next;
                    if before != b'\n' {
                        *next = b' ';
                    }
                    place += 1;
                    if is_end {
                        break;
                    }
                }
            }
            b',' => {
                comma = Some(place);
                place += 1;
            }
            b']' | b'}' => {
                if let Some(comma) = comma.take().and_then(|comma| bytes.get_mut(comma)) {
                    *comma = b' ';
                }
                place += 1;
            }
            _ => {
                if !byte.is_ascii_whitespace() {
                    comma = None;
                }
                place += 1;
            }
        }
    }
    // Only whole comments were replaced, and they begin and end with plain bytes.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The place behind the text that starts here.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut place = start + 1;
    while let Some(byte) = bytes.get(place) {
        match byte {
            b'"' => return place + 1,
            b'\\' => place += 2,
            _ => place += 1,
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_stray_commas_fall_away() {
        let text = "{ // é\n \"a\": [1, 2, /* x, */ ],\n \"b//c\": \"\\\"/*\", \"d\": {},\n}\n/*";
        let json: serde_json::Value = serde_json::from_str(to_json(text).trim()).unwrap();
        assert_eq!(json["a"].as_array().unwrap().len(), 2);
        assert_eq!(json["b//c"], "\"/*");
        for text in ["\"", "\"\\", "/*/", "//", "/*é", ",]", ""] {
            assert_eq!(to_json(text).len(), text.len());
        }
    }
}
