//! Licences as projects of Maven and OSGi bundles write them: a name, or the address of a text.

use linchpin_model::LicenseExpression;

use super::from_name;

/// Addresses, without scheme, `www.` and the ending of the file, and what they mean.
const ADDRESSES: &[(&str, &str)] = &[
    ("apache.org/licenses/license-2.0", "Apache-2.0"),
    ("apache.org/license/license-2.0", "Apache-2.0"),
    ("apache.org/licenses/license-1.1", "Apache-1.1"),
    ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
    ("eclipse.org/legal/epl-2.0", "EPL-2.0"),
    ("eclipse.org/legal/epl-v10", "EPL-1.0"),
    ("eclipse.org/legal/epl-v20", "EPL-2.0"),
    ("eclipse.org/org/documents/epl-v10", "EPL-1.0"),
    ("eclipse.org/org/documents/epl-2.0/epl-2.0", "EPL-2.0"),
    ("eclipse.org/org/documents/edl-v10", "BSD-3-Clause"),
    ("gnu.org/licenses/lgpl-2.1", "LGPL-2.1-only"),
    ("gnu.org/licenses/old-licenses/lgpl-2.1", "LGPL-2.1-only"),
    ("gnu.org/licenses/lgpl-3.0", "LGPL-3.0-only"),
    ("gnu.org/licenses/gpl-3.0", "GPL-3.0-only"),
    ("gnu.org/licenses/agpl-3.0", "AGPL-3.0-only"),
    ("jsoup.org/license", "MIT"),
    ("mozilla.org/mpl/2.0", "MPL-2.0"),
    ("mozilla.org/en-us/mpl/2.0", "MPL-2.0"),
    ("opensource.org/license/mit", "MIT"),
    ("opensource.org/licenses/apache-2.0", "Apache-2.0"),
    ("opensource.org/licenses/bsd-2-clause", "BSD-2-Clause"),
    ("opensource.org/licenses/bsd-3-clause", "BSD-3-Clause"),
    ("opensource.org/licenses/mit", "MIT"),
    ("opensource.org/licenses/mit-license", "MIT"),
    ("repository.jboss.org/licenses/apache-2.0", "Apache-2.0"),
    ("spdx.org/licenses/mit", "MIT"),
    ("spdx.org/licenses/apache-2.0", "Apache-2.0"),
];

/// Names that Maven's projects use and others do not, in lower case.
const NAMES: &[(&str, &str)] = &[
    ("eclipse distribution license - v 1.0", "BSD-3-Clause"),
    ("eclipse public license - v 1.0", "EPL-1.0"),
    ("eclipse public license - v 2.0", "EPL-2.0"),
    ("eclipse public license v. 2.0", "EPL-2.0"),
    ("eclipse public license v1.0", "EPL-1.0"),
    ("eclipse public license v2.0", "EPL-2.0"),
    ("epl 1.0", "EPL-1.0"),
    ("epl 2.0", "EPL-2.0"),
    ("gpl2 w/ cpe", "GPL-2.0-only WITH Classpath-exception-2.0"),
    (
        "gnu lesser general public license, version 2.1",
        "LGPL-2.1-only",
    ),
    ("the apache software license, version 2.0", "Apache-2.0"),
];

/// The licence that a name or an address means.
pub(crate) fn from_name_or_address(text: &str) -> Option<LicenseExpression> {
    let text = text.trim().trim_matches('"');
    let lower = text.to_ascii_lowercase();
    let meaning = |table: &[(&str, &str)], wanted: &str| {
        table
            .iter()
            .find(|(known, _)| *known == wanted)
            .and_then(|(_, meaning)| LicenseExpression::parse(meaning).ok())
    };
    let Some((_, address)) = lower.split_once("://") else {
        return meaning(NAMES, &lower).or_else(|| from_name(text));
    };
    let address = address.strip_prefix("www.").unwrap_or(address);
    let mut address = address.trim_end_matches('/');
    for ending in [".txt", ".html", ".htm", ".php"] {
        address = address.strip_suffix(ending).unwrap_or(address);
    }
    meaning(ADDRESSES, address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_read() {
        let read = |text: &str| from_name_or_address(text).map(|found| found.to_string());
        for (text, meaning) in [
            (
                "http://www.apache.org/licenses/LICENSE-2.0.txt",
                Some("Apache-2.0"),
            ),
            ("https://opensource.org/licenses/MIT", Some("MIT")),
            (
                "The Apache Software License, Version 2.0",
                Some("Apache-2.0"),
            ),
            ("EPL 2.0", Some("EPL-2.0")),
            ("https://example.com/license", None),
            ("BSD", None),
        ] {
            assert_eq!(read(text).as_deref(), meaning, "{text}");
        }
    }
}
