//! What only looks like a secret: placeholders, variables, examples from documentation, and texts
//! without enough variety.

/// Words that people write where a secret belongs.
const PLACEHOLDERS: &[&str] = &[
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "replace",
    "insert",
    "dummy",
    "redacted",
    "your_",
    "your-",
    "yourtoken",
    "yourkey",
    "mytoken",
    "mysecret",
    "notreal",
    "fake",
    "foobar",
    "xxxxxx",
    "000000",
    "111111",
    "123456789",
    "abcdefgh",
    "deadbeef",
    "test_key",
    "testtest",
    "secret_here",
    "<your",
    "todo",
    "undefined",
];

/// Whether a secret is one that nobody can use.
pub(super) fn is_placeholder(secret: &[u8]) -> bool {
    let text = String::from_utf8_lossy(secret).to_ascii_lowercase();
    PLACEHOLDERS.iter().any(|word| text.contains(word)) || is_reference(&text) || repeats(secret)
}

/// Whether it is the name of a secret and not the secret: `${TOKEN}`, `{{ token }}`, `%TOKEN%`.
fn is_reference(text: &str) -> bool {
    text.starts_with('$')
        || text.contains("${")
        || text.contains("{{")
        || text.contains("<%")
        || (text.starts_with('<') && text.ends_with('>'))
        || (text.starts_with('%') && text.ends_with('%') && text.len() > 1)
        || text.contains("...")
        || text.contains("****")
}

/// Whether one character stands six times in a row.
fn repeats(secret: &[u8]) -> bool {
    secret
        .windows(6)
        .any(|window| window.iter().all(|byte| Some(byte) == window.first()))
}

/// The Shannon entropy of bytes, in bits for each.
pub(crate) fn entropy(bytes: &[u8]) -> f64 {
    if bytes.is_empty() {
        return 0.0;
    }
    let mut counts = [0u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let total = bytes.len() as f64;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = f64::from(count) / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_references_are_no_secrets() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "${TOKEN}",
            "<token>",
            "aaaaaaaaaa",
            "%TOKEN%",
            "your_token",
        ] {
            assert!(is_placeholder(text.as_bytes()), "{text}");
        }
        assert!(!is_placeholder(b"k3J9qPz7Lm2Xw8Rt"));
    }

    #[test]
    fn entropy_is_that_of_the_characters() {
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9);
        assert!(entropy(b"aaaa").abs() < 1e-9);
    }
}
