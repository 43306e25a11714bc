//! Everything that can be said against a package URL, each with its weight.
//!
//! ECMA-427, section 5.7: a package URL of a registered type is invalid if it breaks a rule of the
//! type's definition; of a type that is not registered, a warning is due. A text that is only not
//! canonical is valid, and the canonical form is told.

use std::fmt;

use super::components::{PackageUrlComponents, Pieces};
use super::encoding::{encode, encode_segments};
use super::shortened;
use super::types::{COMMON_QUALIFIERS, OPEN_QUALIFIERS, rules};

/// How much a message weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageSeverity {
    /// It is no valid package URL.
    Error,
    /// It is valid, and not written as it should be.
    Warning,
    /// Worth knowing.
    Info,
}

impl MessageSeverity {
    /// The word for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for MessageSeverity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.label())
    }
}

/// Something to say about a package URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationMessage {
    /// How much it weighs.
    pub severity: MessageSeverity,
    /// A sentence without its full stop.
    pub text: String,
}

/// All that can be said against a text as a package URL. It is valid if there is no error.
pub fn validate_package_url(text: &str) -> Vec<ValidationMessage> {
    let mut messages = Vec::new();
    let mut say = |severity, text: String| messages.push(ValidationMessage { severity, text });
    let components = match PackageUrlComponents::parse(text) {
        Ok(components) => components,
        Err(error) => {
            say(MessageSeverity::Error, error.reason);
            return messages;
        }
    };
    for broken in components.broken_rules(true) {
        say(MessageSeverity::Error, broken);
    }
    let kind = &components.kind;
    match rules(kind) {
        None => say(
            MessageSeverity::Warning,
            format!("the type `{}` is not registered", shortened(kind)),
        ),
        Some(rules) if !OPEN_QUALIFIERS.contains(&rules.kind) => {
            for key in components.qualifiers.keys() {
                let key = key.as_str();
                if !COMMON_QUALIFIERS.contains(&key) && !rules.qualifiers.contains(&key) {
                    say(
                        MessageSeverity::Info,
                        format!("the type `{kind}` has no qualifier `{}`", shortened(key)),
                    );
                }
            }
        }
        Some(_) => {}
    }
    if let Some(checksum) = components.qualifiers.get("checksum") {
        for item in checksum.split(',').filter(|item| !is_checksum(item)) {
            say(
                MessageSeverity::Warning,
                format!(
                    "the checksum `{}` is not an algorithm, `:` and hexadecimal digits, in lower case",
                    shortened(item)
                ),
            );
        }
    }
    if components.qualifiers.contains_key("vers") && components.version.is_some() {
        say(
            MessageSeverity::Warning,
            "the qualifier `vers` stands for a version, and there is one too".to_owned(),
        );
    }
    let canonical = components.to_string();
    if canonical != text {
        if let Ok(pieces) = Pieces::split(text) {
            for difference in differences(&pieces, &components) {
                say(MessageSeverity::Warning, difference);
            }
        }
        let text = match canonical.len() {
            0..=MOST_CANONICAL => format!("the canonical form is `{canonical}`"),
            _ => "it is not in canonical form".to_owned(),
        };
        say(MessageSeverity::Warning, text);
    }
    messages
}

/// Longest canonical form that is told.
const MOST_CANONICAL: usize = 4096;

fn is_checksum(item: &str) -> bool {
    item.split_once(':').is_some_and(|(algorithm, value)| {
        let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        !algorithm.is_empty()
            && !value.is_empty()
            && algorithm.bytes().all(word)
            && value.bytes().all(digit)
    })
}

/// Which parts are not written as the canonical form has them, and why.
fn differences(pieces: &Pieces<'_>, components: &PackageUrlComponents) -> Vec<String> {
    let mut found = Vec::new();
    if pieces.scheme != "pkg" {
        found.push("the scheme is not in lower case".to_owned());
    }
    if pieces.slashes > 0 {
        found.push("there are slashes after the scheme".to_owned());
    }
    if pieces.kind != components.kind {
        found.push("the type is not in lower case".to_owned());
    }
    let mut part = |name: &str, written: Option<&str>, decoded: Option<&str>, path: bool| {
        let mut canonical = String::new();
        match decoded {
            Some(decoded) if path => encode_segments(decoded, &mut canonical),
            Some(decoded) => encode(decoded, &mut canonical),
            None => {}
        }
        let written = written.unwrap_or_default();
        if written == canonical {
            return;
        }
        let same_letters = super::encoding::decode(written).ok().as_deref() == decoded;
        found.push(if same_letters {
            format!("the {name} is not percent-encoded as it must be")
        } else if written.eq_ignore_ascii_case(&canonical) {
            format!("the {name} is not in the case that the type has")
        } else {
            format!("the {name} is not in the form that it has here")
        });
    };
    part(
        "namespace",
        Some(pieces.namespace),
        components.namespace.as_deref(),
        true,
    );
    part("name", Some(pieces.name), Some(&components.name), false);
    part(
        "version",
        pieces.version,
        components.version.as_deref(),
        false,
    );
    part(
        "subpath",
        pieces.subpath,
        components.subpath.as_deref(),
        true,
    );
    let mut qualifiers = String::new();
    components.qualifiers_text(&mut qualifiers);
    let written = pieces.qualifiers.unwrap_or_default();
    if written != qualifiers {
        let keys: Vec<&str> = written
            .split('&')
            .map(|pair| pair.split_once('=').map_or(pair, |(key, _)| key))
            .collect();
        found.push(
            if keys.iter().any(|key| key.chars().any(char::is_uppercase)) {
                "a qualifier key is not in lower case"
            } else if !keys.is_sorted() {
                "the qualifiers are not sorted by their keys"
            } else if written
                .split('&')
                .any(|pair| !pair.contains('=') || pair.ends_with('='))
            {
                "a qualifier has no value"
            } else {
                "the value of a qualifier is not percent-encoded as it must be"
            }
            .to_owned(),
        );
    }
    found
}
