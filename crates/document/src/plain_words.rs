//! Plain words of YAML that are no texts.

use std::sync::Arc;

use crate::NodeValue;

/// What a word without quotes means. The words of YAML 1.1 count as well (`yes`, `off`, `0644`):
/// Kubernetes, Compose and Ansible read them so.
pub fn plain(word: &str) -> NodeValue {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => return NodeValue::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return NodeValue::Boolean(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return NodeValue::Boolean(false);
        }
        _ => {}
    }
    number(word).unwrap_or_else(|| NodeValue::Text(Arc::new(word.to_owned())))
}

fn number(word: &str) -> Option<NodeValue> {
    let first = word.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) {
        return None;
    }
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x', ..] => (16, &digits[2..]),
        [b'0', b'o', ..] => (8, &digits[2..]),
        [b'0', b'0'..=b'9', ..] if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            (8, &digits[1..])
        }
        _ => (10, digits),
    };
    if let Ok(number) = i64::from_str_radix(digits, radix) {
        let negative = word.starts_with('-');
        return Some(NodeValue::Integer(if negative { -number } else { number }));
    }
    if radix != 10
        || !digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'-' | b'+'))
    {
        return None;
    }
    word.parse().ok().map(NodeValue::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_what_they_mean() {
        assert_eq!(plain("yes"), NodeValue::Boolean(true));
        assert_eq!(plain("0644"), NodeValue::Integer(420));
        assert_eq!(plain("0x1f"), NodeValue::Integer(31));
        assert_eq!(plain("-5"), NodeValue::Integer(-5));
        assert_eq!(plain("1.5"), NodeValue::Number(1.5));
        for text in ["1.2.3", "10m", "-", "e5", "1e", "+", "0xg", "08"] {
            assert!(matches!(plain(text), NodeValue::Text(_)), "{text}");
        }
    }
}
