//! What the definitions of the registered purl types say, as a table:
//! <https://github.com/package-url/purl-spec/tree/main/types>.
//!
//! A type that is not in the table is fine, and has no rules. Rules that a definition states only
//! in prose, and that need a comparison with the world (is this commit a tag?), are left out.

/// What a type says of the namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamespaceRule {
    /// It may be there.
    Optional,
    /// It must be there; without it nobody knows which package is meant.
    Required,
    /// It must be there by the definition. Package URLs without it are so common (the standard
    /// library of Go, packages of an unknown distribution) that they are read all the same.
    Expected,
    /// It must not be there.
    Prohibited,
}

/// How the text of a part becomes canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Kept,
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
    /// With `-` for `_`.
    Dashes,
    /// In lower case, with `-` for `_`.
    LowerDashes,
    /// In lower case, with `_` for all but letters and digits.
    LowerUnderscores,
    /// In lower case on servers of Databricks, which do not tell case apart.
    LowerOnDatabricks,
}

/// The rules of a type.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypeRules {
    pub(super) kind: &'static str,
    pub(super) namespace: NamespaceRule,
    pub(super) namespace_form: Form,
    pub(super) name_form: Form,
    pub(super) version_form: Form,
    /// The qualifiers of this type, beside those that all types have.
    pub(super) qualifiers: &'static [&'static str],
    pub(super) required_qualifiers: &'static [&'static str],
}

/// The qualifiers that every type may have: ECMA-427, annex B.
pub(super) const COMMON_QUALIFIERS: &[&str] = &[
    "checksum",
    "download_url",
    "file_name",
    "repository_url",
    "vcs_url",
    "vers",
];

use Form::{Dashes, Kept, Lower, LowerDashes, LowerOnDatabricks, LowerUnderscores, Upper};
use NamespaceRule::{Expected, Optional, Prohibited, Required};

const fn of(kind: &'static str, namespace: NamespaceRule) -> TypeRules {
    TypeRules {
        kind,
        namespace,
        namespace_form: Kept,
        name_form: Kept,
        version_form: Kept,
        qualifiers: &[],
        required_qualifiers: &[],
    }
}

impl TypeRules {
    /// The canonical forms of namespace, name and version.
    const fn forms(self, namespace_form: Form, name_form: Form, version_form: Form) -> Self {
        Self {
            namespace_form,
            name_form,
            version_form,
            ..self
        }
    }

    const fn qualifiers(self, qualifiers: &'static [&'static str]) -> Self {
        Self { qualifiers, ..self }
    }

    const fn requiring(self, required_qualifiers: &'static [&'static str]) -> Self {
        Self {
            required_qualifiers,
            ..self
        }
    }
}

/// All registered types, in the order of their names.
static TYPES: &[TypeRules] = &[
    of("alpm", Expected)
        .forms(Lower, Lower, Kept)
        .qualifiers(&["arch", "distro"]),
    of("apk", Expected)
        .forms(Lower, Lower, Kept)
        .qualifiers(&["arch", "distro"]),
    of("bazel", Prohibited),
    of("bitbucket", Expected).forms(Lower, Lower, Kept),
    of("bitnami", Prohibited)
        .forms(Kept, Lower, Kept)
        .qualifiers(&["arch", "distro"]),
    of("cargo", Prohibited),
    of("chrome-extension", Prohibited).forms(Kept, Lower, Kept),
    of("cocoapods", Prohibited),
    of("composer", Expected).forms(Lower, Lower, Kept),
    of("conan", Optional).qualifiers(&["channel", "prev", "rrev", "user"]),
    of("conda", Prohibited).qualifiers(&["build", "channel", "subdir", "type"]),
    of("cpan", Required)
        .forms(Upper, Kept, Kept)
        .qualifiers(&["ext"]),
    of("cran", Prohibited),
    of("deb", Expected)
        .forms(Lower, Lower, Kept)
        .qualifiers(&["arch", "distro"]),
    of("docker", Optional),
    of("gem", Prohibited).qualifiers(&["platform"]),
    of("generic", Optional),
    of("github", Expected).forms(Lower, Lower, Kept),
    of("golang", Expected).forms(Lower, Lower, Kept),
    of("hackage", Prohibited).forms(Kept, Dashes, Kept),
    of("hex", Optional).forms(Lower, Lower, Kept),
    of("huggingface", Expected).forms(Kept, Kept, Lower),
    of("julia", Prohibited)
        .qualifiers(&["uuid"])
        .requiring(&["uuid"]),
    of("luarocks", Optional).forms(Lower, Lower, Kept),
    of("maven", Expected).qualifiers(&["classifier", "type"]),
    of("mlflow", Prohibited)
        .forms(Kept, LowerOnDatabricks, Kept)
        .qualifiers(&["model_uuid", "run_id"]),
    of("npm", Optional).forms(Lower, Lower, Kept),
    of("nuget", Prohibited),
    of("oci", Prohibited)
        .forms(Kept, Lower, Lower)
        .qualifiers(&["arch", "tag"]),
    of("opam", Prohibited),
    of("otp", Prohibited)
        .forms(Kept, Lower, Kept)
        .qualifiers(&["arch", "platform"]),
    of("pub", Prohibited).forms(Kept, LowerUnderscores, Kept),
    of("pypi", Prohibited).forms(Kept, LowerDashes, Lower),
    of("qpkg", Expected).forms(Lower, Kept, Kept),
    of("rpm", Expected)
        .forms(Lower, Kept, Kept)
        .qualifiers(&["arch", "distro", "epoch"]),
    of("swid", Optional)
        .qualifiers(&[
            "patch",
            "tag_creator_name",
            "tag_creator_regid",
            "tag_id",
            "tag_version",
        ])
        .requiring(&["tag_id"]),
    of("swift", Required),
    of("vcpkg", Prohibited).qualifiers(&["port_version", "repository_revision", "triplet"]),
    of("vscode-extension", Required)
        .forms(Lower, Lower, Lower)
        .qualifiers(&["platform"]),
    of("yocto", Optional)
        .forms(Lower, Kept, Kept)
        .qualifiers(&["layer_version"]),
];

/// Types whose qualifiers are open: settings and options of a build may be written as qualifiers.
pub(super) const OPEN_QUALIFIERS: &[&str] = &["conan", "vcpkg"];

/// The rules of a type, if it is registered.
pub(super) fn rules(kind: &str) -> Option<&'static TypeRules> {
    TYPES
        .binary_search_by(|rules| rules.kind.cmp(kind))
        .ok()
        .and_then(|place| TYPES.get(place))
}

impl Form {
    /// The text in this form; `server` is the value of `repository_url`.
    pub(super) fn apply(self, text: String, server: Option<&str>) -> String {
        match self {
            Self::Kept => text,
            Self::Lower => lower(text),
            Self::Upper => text.to_uppercase(),
            Self::Dashes => text.replace('_', "-"),
            Self::LowerDashes => lower(text).replace('_', "-"),
            Self::LowerUnderscores => lower(text)
                .chars()
                .map(|letter| {
                    let plain = letter.is_ascii_lowercase() || letter.is_ascii_digit();
                    if plain { letter } else { '_' }
                })
                .collect(),
            Self::LowerOnDatabricks => {
                if server.is_some_and(|url| url.to_ascii_lowercase().contains("databricks")) {
                    lower(text)
                } else {
                    text
                }
            }
        }
    }
}

fn lower(text: String) -> String {
    if text.chars().any(char::is_uppercase) {
        text.to_lowercase()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_agrees_with_itself() {
        assert!(TYPES.is_sorted_by(|one, next| one.kind < next.kind));
        for rules in TYPES {
            for key in rules.required_qualifiers {
                assert!(rules.qualifiers.contains(key), "{}", rules.kind);
            }
            for key in rules.qualifiers {
                assert!(!COMMON_QUALIFIERS.contains(key), "{}", rules.kind);
            }
        }
        for kind in OPEN_QUALIFIERS {
            assert!(rules(kind).is_some());
        }
        assert!(rules("fruit").is_none());
    }
}
