//! What Debian's copyright files say of a package's licence.
//!
//! Machine-readable files (DEP-5) name a licence for each group of files by short names, which a
//! table maps to SPDX: <https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/>.
//! Free-form files are only understood where they do nothing but refer to one text in
//! `/usr/share/common-licenses`. Names that are not certain (`BSD`, `public-domain`, `custom`)
//! never become a licence.

use std::collections::BTreeSet;

use linchpin_model::LicenseExpression;

use crate::debian_control::{Paragraph, paragraphs};

/// Most licences of one package that are kept; beyond that the list is no use to anybody.
const MOST_LICENSES: usize = 100;

/// The licence of a package, from the text of its copyright file.
pub(crate) fn from_copyright(text: &str) -> Option<LicenseExpression> {
    let is_machine_readable = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .is_some_and(|line| {
            let line = line.to_ascii_lowercase();
            line.starts_with("format") && line.contains(':')
        });
    if is_machine_readable {
        from_machine_readable(text)
    } else {
        from_free_form(text)
    }
}

fn from_machine_readable(text: &str) -> Option<LicenseExpression> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut packaging: BTreeSet<&str> = BTreeSet::new();
    for paragraph in paragraphs(text) {
        let Some(license) = paragraph.line("License").filter(|name| !name.is_empty()) else {
            continue;
        };
        if paragraph.get("Format").is_some() || is_about_the_software(&paragraph) {
            names.insert(license);
        } else if paragraph.get("Files").is_some() {
            packaging.insert(license);
        }
        if names.len() > MOST_LICENSES {
            return None;
        }
    }
    // A package that holds nothing but its packaging, such as a meta package.
    let names = if names.is_empty() { packaging } else { names };
    let expressions = names.into_iter().filter_map(expression);
    LicenseExpression::and(expressions.flat_map(|expression| conjuncts(&expression)))
}

/// The parts of an expression that are only joined by `AND`, so that none is named twice.
fn conjuncts(expression: &LicenseExpression) -> Vec<LicenseExpression> {
    let text = expression.as_str();
    if text.contains(" OR ") {
        return vec![expression.clone()];
    }
    text.split(" AND ")
        .filter_map(|part| LicenseExpression::parse(part).ok())
        .collect()
}

/// Whether a paragraph speaks of the software, and not of the files that package it only.
fn is_about_the_software(paragraph: &Paragraph<'_>) -> bool {
    paragraph.get("Files").is_some_and(|files| {
        files
            .split_ascii_whitespace()
            .any(|pattern| !pattern.starts_with("debian/"))
    })
}

/// A short name, or several joined by `and`, `or` and commas. `and` binds stronger than `or`,
/// unless a comma stands before it.
fn expression(text: &str) -> Option<LicenseExpression> {
    let lower = text.trim().trim_end_matches(',').to_ascii_lowercase();
    let words = lower.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    if words.len() > 500 {
        return None;
    }
    let spdx = all_of(&words, ", and ", |part| {
        any_of(part, ", or ", |part| {
            any_of(part, " or ", |part| all_of(part, " and ", short_name))
        })
    })?;
    LicenseExpression::parse(&spdx).ok()
}

fn all_of(text: &str, by: &str, inner: impl Fn(&str) -> Option<String>) -> Option<String> {
    joined(text, by, " AND ", inner)
}

fn any_of(text: &str, by: &str, inner: impl Fn(&str) -> Option<String>) -> Option<String> {
    joined(text, by, " OR ", inner)
}

fn joined(
    text: &str,
    by: &str,
    operator: &str,
    inner: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let parts: Vec<String> = text
        .split(by)
        .map(|part| inner(part.trim()))
        .collect::<Option<_>>()?;
    Some(match parts.as_slice() {
        [only] => only.clone(),
        several => {
            let grouped: Vec<String> = several
                .iter()
                .map(|part| {
                    if part.contains(" OR ") || part.contains(" AND ") {
                        format!("({part})")
                    } else {
                        part.clone()
                    }
                })
                .collect();
            grouped.join(operator)
        }
    })
}

/// One short name in lower case, perhaps with an exception.
fn short_name(name: &str) -> Option<String> {
    if let Some((license, exception)) = name.split_once(" with ") {
        let exception = exception
            .trim_end_matches(" exception")
            .trim_end_matches("-exception")
            .trim();
        let (_, spdx) = EXCEPTIONS.iter().find(|(debian, _)| *debian == exception)?;
        return Some(format!("{} WITH {spdx}", license_name(license.trim())?));
    }
    license_name(name)
}

fn license_name(name: &str) -> Option<String> {
    if let Some(spdx) = gnu_license(name) {
        return Some(spdx);
    }
    if let Some((_, spdx)) = NAMES.iter().find(|(debian, _)| *debian == name) {
        return Some((*spdx).to_owned());
    }
    // Many authors write the SPDX identifier itself.
    LicenseExpression::from_identifier(name).map(|license| license.to_string())
}

/// `gpl-2+`, `lgpl-2.1`, `agpl-3.0+`, `gfdl-1.3`: the family, a version, `+` for later ones.
pub(crate) fn gnu_license(name: &str) -> Option<String> {
    let (family, version) = name.split_once('-')?;
    let known: &[&str] = match family {
        "gpl" => &["1.0", "2.0", "3.0"],
        "lgpl" => &["2.0", "2.1", "3.0"],
        "agpl" => &["1.0", "3.0"],
        "gfdl" => &["1.1", "1.2", "1.3"],
        _ => return None,
    };
    let (version, ending) = match version.strip_suffix('+') {
        Some(version) => (version, "or-later"),
        None => match version.strip_suffix("-or-later") {
            Some(version) => (version, "or-later"),
            None => (version.strip_suffix("-only").unwrap_or(version), "only"),
        },
    };
    let version = if version.contains('.') {
        version.to_owned()
    } else {
        format!("{version}.0")
    };
    known
        .contains(&version.as_str())
        .then(|| format!("{}-{version}-{ending}", family.to_ascii_uppercase()))
}

/// Short names of Debian that are not spelt as in the SPDX list.
const NAMES: &[(&str, &str)] = &[
    ("apache-2", "Apache-2.0"),
    // The text in common-licenses is the one that Perl uses.
    ("artistic", "Artistic-1.0-Perl"),
    ("artistic-1", "Artistic-1.0"),
    ("artistic-2", "Artistic-2.0"),
    ("bsd-2-clauses", "BSD-2-Clause"),
    ("bsd-3-clauses", "BSD-3-Clause"),
    ("bsd-2clause", "BSD-2-Clause"),
    ("bsd-3clause", "BSD-3-Clause"),
    ("boost-1.0", "BSL-1.0"),
    ("cc0", "CC0-1.0"),
    ("cc-by-3", "CC-BY-3.0"),
    ("cc-by-4", "CC-BY-4.0"),
    ("cc-by-sa-3", "CC-BY-SA-3.0"),
    ("cc-by-sa-4", "CC-BY-SA-4.0"),
    ("expat", "MIT"),
    ("gfdl-niv-1.2", "GFDL-1.2-no-invariants-only"),
    ("gfdl-niv-1.2+", "GFDL-1.2-no-invariants-or-later"),
    ("gfdl-niv-1.3", "GFDL-1.3-no-invariants-only"),
    ("gfdl-niv-1.3+", "GFDL-1.3-no-invariants-or-later"),
    ("isc", "ISC"),
    ("mpl-1.1", "MPL-1.1"),
    ("mpl-2", "MPL-2.0"),
    ("psf-2", "PSF-2.0"),
    ("python-2.0", "Python-2.0"),
    ("zlib", "Zlib"),
    ("zope-2.1", "ZPL-2.1"),
];

/// Exceptions as DEP-5 files name them.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("autoconf", "Autoconf-exception-generic"),
    ("bison", "Bison-exception-2.2"),
    ("classpath", "Classpath-exception-2.0"),
    ("font", "Font-exception-2.0"),
    ("gcc-runtime", "GCC-exception-3.1"),
    ("libtool", "Libtool-exception"),
    ("llvm", "LLVM-exception"),
];

/// Where a system keeps the texts of common licences.
const COMMON_LICENSES: &str = "/usr/share/common-licenses/";

/// Words of licences whose text stands in the file itself: where one of them occurs, a reference
/// to a common licence is not the whole truth.
const OTHER_TEXTS: &[&str] = &[
    "redistribution and use in source and binary forms",
    "permission is hereby granted",
    "permission to use, copy",
    "public domain",
    "same terms as perl",
    "exception",
];

/// A free-form file that refers to exactly one common licence and holds no other licence's text.
fn from_free_form(text: &str) -> Option<LicenseExpression> {
    let mut references: BTreeSet<&str> = BTreeSet::new();
    for (at, _) in text.match_indices(COMMON_LICENSES) {
        let rest = text.get(at + COMMON_LICENSES.len()..).unwrap_or_default();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')))
            .unwrap_or(rest.len());
        references.insert(rest.get(..end).unwrap_or_default().trim_end_matches('.'));
    }
    if references.len() != 1 {
        return None;
    }
    let name = references.pop_first()?.to_ascii_lowercase();
    let lower = text.to_ascii_lowercase();
    let words = lower.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    if OTHER_TEXTS.iter().any(|other| words.contains(other)) {
        return None;
    }
    let later = words.contains("any later version");
    if !later && words.contains("later") {
        return None;
    }
    let spdx = match name.as_str() {
        // Which Artistic or BSD licence is meant, or which version of the GPL, is not certain.
        "artistic" | "bsd" | "gpl" | "lgpl" | "gfdl" | "gfdl-1.2" | "gfdl-1.3" => return None,
        _ if later => gnu_license(&format!("{name}+")).or_else(|| license_name(&name))?,
        _ => license_name(&name)?,
    };
    LicenseExpression::parse(&spdx).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn license(text: &str) -> Option<String> {
        from_copyright(text).map(|license| license.to_string())
    }

    #[test]
    fn short_names_are_mapped() {
        let spdx = |text: &str| expression(text).map(|license| license.to_string());
        assert_eq!(spdx("GPL-2+").as_deref(), Some("GPL-2.0-or-later"));
        assert_eq!(spdx("LGPL-2.1").as_deref(), Some("LGPL-2.1-only"));
        assert_eq!(spdx("Expat").as_deref(), Some("MIT"));
        assert_eq!(
            spdx("GPL-2+ or Artistic-2.0 and BSD-3-clause").as_deref(),
            Some("GPL-2.0-or-later OR (Artistic-2.0 AND BSD-3-Clause)")
        );
        assert_eq!(
            spdx("MIT or Apache-2.0, and ISC").as_deref(),
            Some("(MIT OR Apache-2.0) AND ISC")
        );
        assert_eq!(
            spdx("GPL-3+ with Bison exception").as_deref(),
            Some("GPL-3.0-or-later WITH Bison-exception-2.2")
        );
        for stray in [
            "public-domain",
            "BSD",
            "custom",
            "GPL-9",
            "GPL",
            "other and MIT",
        ] {
            assert_eq!(spdx(stray), None, "{stray}");
        }
    }

    #[test]
    fn every_name_of_the_tables_is_spdx() {
        for (debian, _) in NAMES {
            assert!(expression(debian).is_some(), "{debian}");
        }
        for (exception, _) in EXCEPTIONS {
            let text = format!("GPL-3+ with {exception} exception");
            assert!(expression(&text).is_some(), "{exception}");
        }
    }

    #[test]
    fn files_are_joined_and_packaging_is_left_out() {
        let text = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n\
            Files: *\nCopyright: 2020 A\nLicense: Expat\n\n\
            Files: lib/*\nCopyright: B\nLicense: BSD-3-clause and Expat\n Redistribution …\n\n\
            Files: debian/*\nLicense: GPL-3+\n\n\
            License: Expat\n Permission …\n";
        assert_eq!(license(text).as_deref(), Some("BSD-3-Clause AND MIT"));
    }

    #[test]
    fn free_form_files_are_read_only_where_certain() {
        assert_eq!(
            license(
                "It may be used under version 2 of the License, or (at your option) any\nlater \
                version. See /usr/share/common-licenses/GPL-2.\n"
            )
            .as_deref(),
            Some("GPL-2.0-or-later")
        );
        assert_eq!(
            license("See `/usr/share/common-licenses/Apache-2.0'").as_deref(),
            Some("Apache-2.0")
        );
        assert_eq!(license("See /usr/share/common-licenses/GPL"), None);
        assert_eq!(
            license("GPL version 2 or later: /usr/share/common-licenses/GPL-2"),
            None
        );
        assert_eq!(
            license("/usr/share/common-licenses/GPL-2 and /usr/share/common-licenses/LGPL-2.1"),
            None
        );
        assert_eq!(
            license("Parts are in the public domain. /usr/share/common-licenses/GPL-2"),
            None
        );
        assert_eq!(license("I wrote this. Do as you like with the BSD."), None);
    }
}
