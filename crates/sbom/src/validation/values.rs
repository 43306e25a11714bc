//! Values that must mean something: package URLs, licence expressions, digests.

use linchpin_model::{LicenseExpression, PackageUrl};

use super::Problem;
use crate::document::HashAlgorithm;
use crate::node::without_mark;

/// The longest text that is shown in a message.
const SHOWN: usize = 100;

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// What is wrong with a package URL.
pub(super) fn purl(text: &str) -> Option<String> {
    text.parse::<PackageUrl>().err().map(|error| {
        format!(
            "is `{}`, which is no package URL: {}",
            shown(text),
            error.reason
        )
    })
}

/// What is wrong with a licence expression.
pub(super) fn license(text: &str) -> Option<String> {
    if LicenseExpression::parse(text).is_ok() || matches!(text, "NONE" | "NOASSERTION") {
        return None;
    }
    Some(format!(
        "is `{}`, which is no SPDX licence expression",
        shown(text)
    ))
}

/// What is wrong with a digest.
pub(super) fn hash(algorithm: &str, value: &str) -> Option<String> {
    let algorithm = HashAlgorithm::from_name(algorithm);
    let digits = algorithm.digits()?;
    let right = value.len() == digits && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    (!right).then(|| {
        format!(
            "is `{}`; a {} digest has {digits} hexadecimal digits",
            shown(value),
            algorithm.label()
        )
    })
}

/// The references to licences of its own that an expression has.
pub(super) fn license_references(text: &str) -> impl Iterator<Item = &str> {
    text.split(|next: char| next.is_whitespace() || matches!(next, '(' | ')' | '+'))
        .filter(|word| word.starts_with("LicenseRef-"))
}

/// What is wrong with a list of package URLs.
pub(super) fn lines(bytes: &[u8]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (number, line) in without_mark(bytes).split(|byte| *byte == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line.trim_ascii());
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = format!("line {}", number + 1);
        problems.extend(purl(&line).map(|text| Problem::new(place.as_str(), text)));
        if !seen.insert(line.to_string()) {
            problems.push(Problem::new(place, "is there twice"));
        }
    }
    problems
}
