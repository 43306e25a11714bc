//! Forms of texts that the specifications refer to by name.

use linchpin_model::LicenseExpression;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One line.
    Line,
    /// `2026-01-31`.
    Date,
    /// RFC 3339: `2026-01-31T12:00:00Z`.
    DateTime,
    /// RFC 3987: an IRI, or a reference to be resolved against one.
    IriReference,
    /// An address for mail.
    Email,
    /// The id of a licence or an exception in the SPDX list.
    LicenseId,
}

impl Form {
    /// What to call it in a message.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Line => "one line",
            Self::Date => "a date such as 2026-01-31",
            Self::DateTime => "a moment such as 2026-01-31T12:00:00Z",
            Self::IriReference => "a URI",
            Self::Email => "an address for mail",
            Self::LicenseId => "an id of the SPDX licence list",
        }
    }

    /// Whether a text has this form.
    pub(super) fn holds(self, text: &str) -> bool {
        match self {
            Self::Line => !text.contains(['\n', '\r', '\u{2028}', '\u{2029}']),
            Self::Date => is_date(text.as_bytes()),
            Self::DateTime => is_moment(text.as_bytes()),
            Self::IriReference => is_iri_reference(text),
            Self::Email => is_email(text),
            Self::LicenseId => is_license_id(text),
        }
    }
}

/// Ids that the SPDX list got after the schemas were published. A test compares the two lists.
const NEWER: [&str; 13] = [
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "atc-game",
];

/// Whether CycloneDX takes this as the id of a licence.
pub(crate) fn is_license_id(text: &str) -> bool {
    !NEWER.contains(&text)
        && (LicenseExpression::from_identifier(text).is_some_and(|known| known.as_str() == text)
            || spdx::identifiers::EXCEPTIONS
                .iter()
                .any(|exception| exception.name == text))
}

fn number(bytes: &[u8], from: usize, to: usize) -> Option<u32> {
    let digits = bytes.get(from..to)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn is_date(bytes: &[u8]) -> bool {
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (
        number(bytes, 0, 4),
        number(bytes, 5, 7),
        number(bytes, 8, 10),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_moment(bytes: &[u8]) -> bool {
    let Some((date, time)) = bytes.split_at_checked(10) else {
        return false;
    };
    if !is_date(date) || !matches!(time.first(), Some(b'T' | b't')) {
        return false;
    }
    let separators = time.get(3) == Some(&b':') && time.get(6) == Some(&b':');
    let (Some(hour), Some(minute), Some(second)) =
        (number(time, 1, 3), number(time, 4, 6), number(time, 7, 9))
    else {
        return false;
    };
    if !separators || hour > 23 || minute > 59 || second > 60 {
        return false;
    }
    let mut rest = time.get(9..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 {
            return false;
        }
        rest = fraction.get(digits..).unwrap_or_default();
    }
    match rest {
        b"Z" | b"z" => true,
        [b'+' | b'-', ..] if rest.len() == 6 && rest.get(3) == Some(&b':') => {
            number(rest, 1, 3).is_some_and(|hours| hours <= 23)
                && number(rest, 4, 6).is_some_and(|minutes| minutes <= 59)
        }
        _ => false,
    }
}

/// Whether a text may stand where an IRI or a reference to one is wanted.
pub(crate) fn is_iri_reference(text: &str) -> bool {
    let allowed = |letter: char| {
        letter.is_ascii_alphanumeric()
            || "-._~:/?#[]@!$&'()*+,;=%".contains(letter)
            || ('\u{a0}'..='\u{d7ff}').contains(&letter)
            || ('\u{f900}'..='\u{fdcf}').contains(&letter)
            || ('\u{fdf0}'..='\u{ffef}').contains(&letter)
            || ('\u{10000}'..='\u{efffd}').contains(&letter)
    };
    if !text.chars().all(allowed) {
        return false;
    }
    let bytes = text.as_bytes();
    let escapes = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'%')
        .all(|(place, _)| {
            bytes
                .get(place + 1..place + 3)
                .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        });
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (before, query) = before.split_once('?').unwrap_or((before, ""));
    if !escapes || fragment.contains(['#', '[', ']']) || query.contains(['[', ']']) {
        return false;
    }
    // Before the first slash a colon ends a scheme, and there may only be one that is right.
    let first = before.split('/').next().unwrap_or_default();
    let (has_scheme, rest) = match first.split_once(':') {
        Some((scheme, _)) => {
            let right = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && scheme
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
            (right, before.get(scheme.len() + 1..).unwrap_or_default())
        }
        None => (true, before),
    };
    if !has_scheme {
        return false;
    }
    match rest.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = match rest.find('/') {
                Some(place) => rest.split_at_checked(place).unwrap_or((rest, "")),
                None => (rest, ""),
            };
            let host = authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host);
            let host = match host.strip_prefix('[') {
                Some(inner) => match inner.split_once(']') {
                    Some((address, port)) => {
                        let ip = address.parse::<std::net::Ipv6Addr>().is_ok()
                            || address.starts_with(['v', 'V']);
                        return ip && is_port(port) && !path.contains(['[', ']']);
                    }
                    None => return false,
                },
                None => host,
            };
            let (name, port) = match host.find(':') {
                Some(place) => host.split_at_checked(place).unwrap_or((host, "")),
                None => (host, ""),
            };
            !name.contains(['[', ']', '@'])
                && is_port(port)
                && !path.contains(['[', ']'])
                && !authority
                    .rsplit_once('@')
                    .is_some_and(|(user, _)| user.contains(['@', '[', ']']))
        }
        None => !rest.contains(['[', ']']),
    }
}

fn is_port(text: &str) -> bool {
    match text.strip_prefix(':') {
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()),
        None => text.is_empty(),
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let strange = |letter: char| {
        letter.is_whitespace() || letter.is_control() || "()<>[]:;\\,\"@".contains(letter)
    };
    !local.is_empty()
        && local.len() <= 64
        && !local.contains(strange)
        && local.split('.').all(|part| !part.is_empty())
        && domain.len() <= 254
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || letter == '-')
        })
}
