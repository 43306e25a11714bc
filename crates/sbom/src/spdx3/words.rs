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

/// The relationships of VEX, and the states of CycloneDX that they mean. The first one with a class
/// is what it is read as.
static VEX_CLASSES: [(&str, &str, &str); 6] = [
    ("not_affected", NOT_AFFECTED, "doesNotAffect"),
    ("false_positive", NOT_AFFECTED, "doesNotAffect"),
    ("resolved", FIXED, "fixedIn"),
    ("resolved_with_pedigree", FIXED, "fixedIn"),
    ("exploitable", AFFECTED, "affects"),
    ("in_triage", UNDER_INVESTIGATION, "underInvestigationFor"),
];

/// An element is not affected.
pub(super) const NOT_AFFECTED: &str = "security_VexNotAffectedVulnAssessmentRelationship";
/// An element is affected.
pub(super) const AFFECTED: &str = "security_VexAffectedVulnAssessmentRelationship";
const FIXED: &str = "security_VexFixedVulnAssessmentRelationship";
const UNDER_INVESTIGATION: &str = "security_VexUnderInvestigationVulnAssessmentRelationship";

/// The class and the type of the relationship that says this state of an analysis.
pub(super) fn vex_class(state: &str) -> Option<(&'static str, &'static str)> {
    let found = VEX_CLASSES.iter().find(|(known, _, _)| *known == state);
    found.map(|(_, class, kind)| (*class, *kind))
}

/// The state of an analysis that a class of relationships says.
pub(super) fn vex_state(class: &str) -> Option<&'static str> {
    let found = VEX_CLASSES.iter().find(|(_, known, _)| *known == class);
    found.map(|(state, _, _)| *state)
}

/// Justifications: CycloneDX's word and SPDX's. The first one with a word is what it is written or
/// read as. What protects a product is a mitigation, whatever it is.
static VEX_JUSTIFICATIONS: [(&str, &str); 10] = [
    ("code_not_present", "vulnerableCodeNotPresent"),
    ("code_not_reachable", "vulnerableCodeNotInExecutePath"),
    (
        "requires_environment",
        "vulnerableCodeCannotBeControlledByAdversary",
    ),
    (
        "requires_configuration",
        "vulnerableCodeCannotBeControlledByAdversary",
    ),
    (
        "requires_dependency",
        "vulnerableCodeCannotBeControlledByAdversary",
    ),
    (
        "protected_by_mitigating_control",
        "inlineMitigationsAlreadyExist",
    ),
    ("protected_by_compiler", "inlineMitigationsAlreadyExist"),
    ("protected_at_runtime", "inlineMitigationsAlreadyExist"),
    ("protected_at_perimeter", "inlineMitigationsAlreadyExist"),
    ("code_not_present", "componentNotPresent"),
];

/// The field for a justification.
pub(super) const VEX_JUSTIFICATION: &str = "security_justificationType";

/// SPDX's word for a justification of CycloneDX.
pub(super) fn vex_justification(ours: &str) -> Option<&'static str> {
    let found = VEX_JUSTIFICATIONS.iter().find(|(known, _)| *known == ours);
    found.map(|(_, theirs)| *theirs)
}

/// A justification that SPDX says: CycloneDX's word and SPDX's.
pub(super) fn vex_justification_of(theirs: &str) -> Option<(&'static str, &'static str)> {
    let mut known = VEX_JUSTIFICATIONS.iter().copied();
    known.find(|(_, known)| *known == theirs)
}

/// What stands where no reason is known why something is not affected: either that or a
/// justification is demanded.
pub(super) const NO_REASON: &str = "No reason is stated.";

/// What to do about what is affected, where only CycloneDX's words for it are known: something is
/// demanded.
pub(super) fn vex_action(responses: &[String]) -> String {
    if responses.is_empty() {
        return "No action is stated.".to_owned();
    }
    responses.join(", ").replace('_', " ")
}
