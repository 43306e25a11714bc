//! Words of SPDX 3 beside those of CycloneDX and SPDX 2.

use crate::document::{ComponentScope, IdentifierKind};

/// External identifiers: the word for each kind.
pub(super) fn identifier(kind: &IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Cpe22 => "cpe22",
        IdentifierKind::Cpe23 => "cpe23",
        IdentifierKind::Purl => "packageUrl",
        IdentifierKind::Swid => "swid",
        IdentifierKind::Swhid => "swhid",
        IdentifierKind::Gitoid => "gitoid",
        IdentifierKind::Other(_) => "other",
    }
}

/// The kind that a word means.
pub(super) fn identifier_kind(word: &str, comment: Option<&str>) -> IdentifierKind {
    match word {
        "cpe22" => IdentifierKind::Cpe22,
        "cpe23" => IdentifierKind::Cpe23,
        "packageUrl" => IdentifierKind::Purl,
        "swid" => IdentifierKind::Swid,
        "swhid" => IdentifierKind::Swhid,
        "gitoid" => IdentifierKind::Gitoid,
        "other" => IdentifierKind::Other(comment.unwrap_or("other").to_owned()),
        word => IdentifierKind::Other(word.to_owned()),
    }
}

/// The types of external references: CycloneDX's word and SPDX's.
static REFERENCES: [(&str, &str); 22] = [
    ("advisories", "securityAdvisory"),
    ("bom", "componentAnalysisReport"),
    ("build-meta", "buildMeta"),
    ("build-system", "buildSystem"),
    ("certification-report", "certificationReport"),
    ("chat", "chat"),
    ("documentation", "documentation"),
    ("dynamic-analysis-report", "dynamicAnalysisReport"),
    (
        "exploitability-statement",
        "vulnerabilityExploitabilityAssessment",
    ),
    ("issue-tracker", "issueTracker"),
    ("license", "license"),
    ("mailing-list", "mailingList"),
    ("other", "other"),
    ("release-notes", "releaseNotes"),
    ("risk-assessment", "riskAssessment"),
    ("runtime-analysis-report", "runtimeAnalysisReport"),
    ("security-contact", "securityOther"),
    ("social", "socialMedia"),
    ("static-analysis-report", "staticAnalysisReport"),
    ("support", "support"),
    ("vcs", "vcs"),
    ("vulnerability-assertion", "vulnerabilityDisclosureReport"),
];

/// SPDX's word for a type of external reference.
pub(super) fn reference(cyclonedx: &str) -> Option<&'static str> {
    REFERENCES
        .iter()
        .find(|(word, _)| *word == cyclonedx)
        .map(|(_, word)| *word)
}

/// CycloneDX's word for a type of external reference.
pub(super) fn reference_kind(spdx: &str) -> Option<&'static str> {
    REFERENCES
        .iter()
        .find(|(_, word)| *word == spdx)
        .map(|(word, _)| *word)
}

/// The scope of a dependency in SPDX's words.
pub(super) fn scope(scope: ComponentScope) -> Option<&'static str> {
    match scope {
        ComponentScope::Required => Some("runtime"),
        ComponentScope::Build => Some("build"),
        ComponentScope::Test => Some("test"),
        ComponentScope::Development => Some("development"),
        ComponentScope::Optional | ComponentScope::Provided | ComponentScope::Excluded => None,
    }
}

/// The scope that a word means.
pub(super) fn scope_of(word: &str) -> Option<ComponentScope> {
    match word {
        "runtime" => Some(ComponentScope::Required),
        "build" => Some(ComponentScope::Build),
        "test" => Some(ComponentScope::Test),
        "development" => Some(ComponentScope::Development),
        _ => None,
    }
}

/// Relationships that both versions of SPDX have, other than those with a kind of their own here:
/// SPDX 2's word, SPDX 3's, and whether the second says it the other way round.
static RELATIONSHIPS: [(&str, &str, bool); 22] = [
    ("AMENDS", "amendedBy", true),
    ("ANCESTOR_OF", "ancestorOf", false),
    ("COPY_OF", "copiedTo", true),
    ("DATA_FILE_OF", "hasDataFile", true),
    ("DEPENDENCY_MANIFEST_OF", "hasDependencyManifest", true),
    ("DESCENDANT_OF", "descendantOf", false),
    ("DISTRIBUTION_ARTIFACT", "hasDistributionArtifact", false),
    ("DOCUMENTATION_OF", "hasDocumentation", true),
    ("DYNAMIC_LINK", "hasDynamicLink", false),
    ("EXAMPLE_OF", "hasExample", true),
    ("EXPANDED_FROM_ARCHIVE", "expandsTo", true),
    ("FILE_ADDED", "hasAddedFile", true),
    ("FILE_DELETED", "hasDeletedFile", true),
    ("FILE_MODIFIED", "modifiedBy", false),
    ("HAS_PREREQUISITE", "hasPrerequisite", false),
    ("OPTIONAL_COMPONENT_OF", "hasOptionalComponent", true),
    ("PACKAGE_OF", "packagedBy", true),
    ("PATCH_FOR", "patchedBy", true),
    ("STATIC_LINK", "hasStaticLink", false),
    ("TEST_CASE_OF", "hasTestCase", true),
    ("TEST_OF", "hasTest", true),
    ("VARIANT_OF", "hasVariant", true),
];

/// SPDX 3's word for a relationship of SPDX 2, and whether it says it the other way round.
pub(super) fn relationship(spdx2: &str) -> Option<(&'static str, bool)> {
    RELATIONSHIPS
        .iter()
        .find(|(word, _, _)| *word == spdx2)
        .map(|(_, word, turned)| (*word, *turned))
}

/// SPDX 2's word for a relationship of SPDX 3, and whether it says it the other way round.
pub(super) fn relationship_kind(spdx3: &str) -> Option<(&'static str, bool)> {
    RELATIONSHIPS
        .iter()
        .find(|(_, word, _)| *word == spdx3)
        .map(|(word, _, turned)| (*word, *turned))
}
