//! The names that rules may ask for, and what their values look like: one table for the refusal of
//! unknown fields, for the documentation and for the facts.

use std::sync::LazyLock;

use linchpin_expression::Shape;

/// A name that rules may ask for.
#[derive(Debug, Clone, Copy)]
pub struct NameEntry {
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub documentation: &'static str,
    /// Its fields and what they hold; none if it has none.
    pub fields: &'static [FieldEntry],
    /// Whether there are several.
    pub is_list: bool,
}

/// A field, its sort, and what it holds.
pub type FieldEntry = (&'static str, Sort, &'static str);

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A text, a number or a truth.
    Plain,
    /// A list of texts.
    Texts,
    /// Whatever somebody said.
    Any,
}

use Sort::{Any, Plain, Texts};

/// All names.
pub static NAMES: &[NameEntry] = &[
    NameEntry {
        name: "artifact",
        documentation: "what is asked about",
        is_list: false,
        fields: &[
            ("name", Plain, "the name that it goes by, or else its path"),
            ("digest", Plain, "its digest, `sha256:…`"),
            ("environment", Plain, "where it is to run, or an empty text"),
            (
                "channel",
                Plain,
                "by which way it is given out, or an empty text",
            ),
        ],
    },
    NameEntry {
        name: "now",
        documentation: "the moment of the question, in UTC",
        is_list: false,
        fields: &[
            ("time", Plain, "as `2026-01-31T12:00:00Z`"),
            ("date", Plain, "as `2026-01-31`"),
            ("weekday", Plain, "1 for Monday to 7 for Sunday"),
            ("hour", Plain, "0 to 23"),
        ],
    },
    NameEntry {
        name: "packages",
        documentation: "what the SBOM lists; without an SBOM, rules that ask for it do not hold",
        is_list: true,
        fields: &[
            ("name", Plain, "the name with its group or namespace"),
            ("version", Plain, "the version, or an empty text"),
            (
                "type",
                Plain,
                "the type of its package URL, or an empty text",
            ),
            ("purl", Plain, "its package URL, or an empty text"),
            (
                "license",
                Plain,
                "its licences as one expression, or an empty text",
            ),
            (
                "licenses",
                Texts,
                "the id of each licence in the expression",
            ),
            ("supplier", Plain, "who supplies it, or an empty text"),
            (
                "scope",
                Plain,
                "runtime, optional, dev and so on, or an empty text",
            ),
        ],
    },
    NameEntry {
        name: "sbom",
        documentation: "the newest SBOM, or null",
        is_list: false,
        fields: &[
            ("format", Plain, "the word of its type: cyclonedx or spdx"),
            ("packages", Plain, "how many packages it lists"),
            (
                "ntia",
                Plain,
                "percent of the NTIA's minimum elements that it has",
            ),
            ("cisa", Plain, "percent of those of CISA's draft of 2025"),
            ("bsi", Plain, "percent of those of BSI TR-03183-2"),
            ("signer", Plain, "who signed it, as the policy names them"),
            (
                "age",
                Plain,
                "how many days ago it was made or signed; a large number if nobody says",
            ),
        ],
    },
    NameEntry {
        name: "findings",
        documentation: "known flaws, of the newest scan of each scanner, without those that an exception or a statement about exploitability takes away; without a scan, rules that ask for it do not hold",
        is_list: true,
        fields: &[
            ("id", Plain, "the id, such as CVE-2021-44228"),
            ("aliases", Texts, "its other ids"),
            (
                "severity",
                Plain,
                "critical, high, medium, low, none or unknown",
            ),
            ("score", Plain, "the CVSS base score, or 0"),
            ("exploited", Plain, "whether attackers are known to use it"),
            ("malicious", Plain, "whether the package is an attack"),
            ("package", Plain, "the package URL, or an empty text"),
            ("name", Plain, "the name of the package, or an empty text"),
            ("version", Plain, "its version, or an empty text"),
            (
                "fixed",
                Plain,
                "whether a version without the flaw is known",
            ),
            ("fixed_in", Plain, "that version, or an empty text"),
        ],
    },
    NameEntry {
        name: "scan",
        documentation: "the newest scan, or null",
        is_list: false,
        fields: &[
            ("scanner", Plain, "its URI"),
            ("version", Plain, "its version, or an empty text"),
            ("signer", Plain, "who signed it"),
            ("age", Plain, "how many days ago it was made"),
            (
                "database_age",
                Plain,
                "how many days before the question its database was current",
            ),
        ],
    },
    NameEntry {
        name: "provenance",
        documentation: "how it was built, of the builds that the policy takes",
        is_list: true,
        fields: &[
            ("builder", Plain, "the builder's id"),
            (
                "level",
                Plain,
                "the level of SLSA that the policy believes it",
            ),
            ("build_type", Plain, "the URI of the type of build"),
            ("source", Plain, "the URI of the source, or an empty text"),
            ("ref", Plain, "the branch or tag, or an empty text"),
            ("commit", Plain, "the commit, or an empty text"),
            ("signer", Plain, "who signed it"),
            (
                "age",
                Plain,
                "how many days ago the build ended or was signed",
            ),
        ],
    },
    NameEntry {
        name: "checks",
        documentation: "results of tests and checks",
        is_list: true,
        fields: &[
            ("result", Plain, "PASSED, WARNED or FAILED"),
            ("passed", Texts, "the tests that passed"),
            ("warned", Texts, "those that warn"),
            ("failed", Texts, "those that failed"),
            (
                "configuration",
                Texts,
                "the URIs or names of what was tested with",
            ),
            ("signer", Plain, "who signed it"),
            (
                "age",
                Plain,
                "how many days ago a log saw it; a large number without one",
            ),
        ],
    },
    NameEntry {
        name: "summaries",
        documentation: "verdicts of other gates about this artifact and under its name",
        is_list: true,
        fields: &[
            ("result", Plain, "PASSED or FAILED"),
            ("verifier", Plain, "the URI of the gate"),
            ("policy", Plain, "the URI of its policy"),
            (
                "policy_digest",
                Plain,
                "the digest of its policy, or an empty text",
            ),
            (
                "levels",
                Texts,
                "what it found the artifact to be, such as SLSA_BUILD_LEVEL_3",
            ),
            ("signer", Plain, "who signed it"),
            ("age", Plain, "how many days ago it was made"),
        ],
    },
    NameEntry {
        name: "statements",
        documentation: "all that was said and verified",
        is_list: true,
        fields: &[
            ("type", Plain, "the URI of its type"),
            ("word", Plain, "the word for the type, or an empty text"),
            ("signer", Plain, "who signed it"),
            ("logged", Plain, "whether a transparency log holds it"),
            (
                "age",
                Plain,
                "how many days ago a log or a timestamp authority saw it; a large number without one",
            ),
            (
                "predicate",
                Any,
                "what was said; null for SBOMs, which are `packages`",
            ),
        ],
    },
    NameEntry {
        name: "signers",
        documentation: "who has said anything",
        is_list: true,
        fields: &[
            ("name", Plain, "what the policy calls them"),
            (
                "says",
                Texts,
                "the words or URIs of the types of what they said",
            ),
        ],
    },
];

/// What the value of a name looks like.
pub(crate) fn shape(name: &str) -> Option<Shape> {
    static SHAPES: LazyLock<Vec<(&str, Shape)>> = LazyLock::new(|| {
        let of_sort = |sort: Sort| match sort {
            Sort::Plain => Shape::Plain,
            Sort::Texts => Shape::list(Shape::Plain),
            Sort::Any => Shape::Any,
        };
        NAMES
            .iter()
            .map(|entry| {
                let fields = entry.fields.iter();
                let one = Shape::fields(fields.map(|(name, sort, _)| (*name, of_sort(*sort))));
                (
                    entry.name,
                    if entry.is_list { Shape::list(one) } else { one },
                )
            })
            .collect()
    });
    let known = SHAPES.iter().find(|(known, _)| *known == name)?;
    Some(known.1.clone())
}
