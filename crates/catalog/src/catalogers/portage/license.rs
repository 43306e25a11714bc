//! The variable `LICENSE`: names of Gentoo's collection of licences, all of which hold, and
//! `|| ( a b )` for a choice: <https://projects.gentoo.org/pms/8/pms.html#dependency-specification-format>.
//! Names that mean no one licence (`public-domain`, `as-is`) make the whole uncertain.

use linchpin_model::LicenseExpression;

/// Longest variable that is read.
const MOST_BYTES: usize = 2000;

/// The licence of a package.
pub(super) fn from_variable(text: &str) -> Option<LicenseExpression> {
    if text.is_empty() || text.len() > MOST_BYTES {
        return None;
    }
    // Open groups: the operator between their parts, and the parts so far.
    let mut open: Vec<(&str, Vec<String>)> = vec![(" AND ", Vec::new())];
    let mut next_operator = " AND ";
    for word in text.split_ascii_whitespace() {
        match word {
            "||" => next_operator = " OR ",
            "(" => {
                open.push((next_operator, Vec::new()));
                next_operator = " AND ";
            }
            ")" => {
                let (operator, parts) = open.pop()?;
                let joined = parts.join(operator);
                let group = if parts.len() > 1 {
                    format!("({joined})")
                } else {
                    joined
                };
                if !group.is_empty() {
                    open.last_mut()?.1.push(group);
                }
            }
            // `flag?`: settled when the package was built.
            _ if word.ends_with('?') => {}
            name => open.last_mut()?.1.push(spdx_name(name)?),
        }
    }
    let (operator, parts) = open.pop()?;
    if !open.is_empty() {
        return None;
    }
    let text = parts.join(operator);
    // One group alone needs no parentheses.
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .filter(|_| parts.len() == 1);
    LicenseExpression::parse(inner.unwrap_or(&text)).ok()
}

fn spdx_name(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    if let Some((_, spdx)) = NAMES.iter().find(|(gentoo, _)| *gentoo == lower) {
        return Some((*spdx).to_owned());
    }
    crate::licenses::debian::gnu_license(&lower)
        .or_else(|| LicenseExpression::from_identifier(name).map(|license| license.to_string()))
}

/// Names of Gentoo that are not spelt as in the SPDX list, in lower case.
const NAMES: &[(&str, &str)] = &[
    (
        "apache-2.0-with-llvm-exceptions",
        "Apache-2.0 WITH LLVM-exception",
    ),
    ("boost-1.0", "BSL-1.0"),
    ("bsd", "BSD-3-Clause"),
    ("bsd-1", "BSD-1-Clause"),
    ("bsd-2", "BSD-2-Clause"),
    ("bsd-4", "BSD-4-Clause"),
    ("fdl-1.1", "GFDL-1.1-only"),
    ("fdl-1.1+", "GFDL-1.1-or-later"),
    ("fdl-1.2", "GFDL-1.2-only"),
    ("fdl-1.2+", "GFDL-1.2-or-later"),
    ("fdl-1.3", "GFDL-1.3-only"),
    ("fdl-1.3+", "GFDL-1.3-or-later"),
    ("sleepycat", "Sleepycat"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_and_lists_become_expressions() {
        let spdx = |text: &str| from_variable(text).map(|license| license.to_string());
        assert_eq!(spdx("GPL-2+").as_deref(), Some("GPL-2.0-or-later"));
        assert_eq!(
            spdx("|| ( GPL-3+ LGPL-3+ ) BSD ( MIT )").as_deref(),
            Some("(GPL-3.0-or-later OR LGPL-3.0-or-later) AND BSD-3-Clause AND MIT")
        );
        for text in ["public-domain", "|| ( MIT", "MIT )", "", "( )"] {
            assert_eq!(spdx(text), None, "{text}");
        }
        for (name, spdx) in NAMES {
            assert!(LicenseExpression::parse(spdx).is_ok(), "{name}");
        }
    }
}
