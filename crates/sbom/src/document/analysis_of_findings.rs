//! Why a finding does not count, in the words of CycloneDX's analysis.
//!
//! An exception without a justification is a risk that somebody took: the flaw stays exploitable,
//! and nothing will be done about it. Anything else would claim what nobody found out.

use linchpin_model::{Finding, Reason, Suppressed, Suppression, VexJustification, VexStatus};

use super::Analysis;

/// The analysis of a finding that does not count: its first ground decides the state, all of them
/// are told.
pub(super) fn analysis(suppressed: &Suppressed) -> Analysis {
    let mut analysis = match suppressed.because.first() {
        Some(Suppression::Excepted(exception)) => match exception.justification {
            Some(found) => not_affected(Some(found)),
            None => Analysis {
                state: Some("exploitable".to_owned()),
                responses: vec!["will_not_fix".to_owned()],
                ..Analysis::default()
            },
        },
        Some(Suppression::Stated(statement)) => {
            of_status(statement.status, statement.justification)
        }
        Some(Suppression::CodeAbsent(_)) => {
            not_affected(Some(VexJustification::VulnerableCodeNotPresent))
        }
        // What rules find is no component's flaw, and in no such document.
        Some(Suppression::Commented(_)) | None => Analysis::default(),
    };
    let details: Vec<String> = suppressed.because.iter().map(detail).collect();
    analysis.detail = Some(details.join(" "));
    analysis
}

/// What a VEX document says of a finding that counts.
pub(super) fn stated(finding: &Finding) -> Option<Analysis> {
    finding.because.iter().find_map(|reason| match reason {
        Reason::Stated(statement) => Some(Analysis {
            detail: statement.detail.clone(),
            ..of_status(statement.status, statement.justification)
        }),
        _ => None,
    })
}

fn of_status(status: VexStatus, justification: Option<VexJustification>) -> Analysis {
    let state = match status {
        VexStatus::NotAffected => return not_affected(justification),
        VexStatus::Fixed => "resolved",
        VexStatus::Affected => "exploitable",
        VexStatus::UnderInvestigation => "in_triage",
    };
    Analysis {
        state: Some(state.to_owned()),
        ..Analysis::default()
    }
}

fn not_affected(justification: Option<VexJustification>) -> Analysis {
    let justification = justification.map(|justification| match justification {
        VexJustification::ComponentNotPresent | VexJustification::VulnerableCodeNotPresent => {
            "code_not_present"
        }
        VexJustification::VulnerableCodeNotInExecutePath => "code_not_reachable",
        VexJustification::VulnerableCodeCannotBeControlledByAdversary => "requires_environment",
        VexJustification::InlineMitigationsAlreadyExist => "protected_by_mitigating_control",
    });
    Analysis {
        state: Some("not_affected".to_owned()),
        justification: justification.map(str::to_owned),
        ..Analysis::default()
    }
}

fn detail(suppression: &Suppression) -> String {
    match suppression {
        Suppression::Excepted(exception) => format!(
            "Excepted until {} in {}: {}.",
            exception.expires,
            exception.origin,
            exception.reason.trim_end_matches('.')
        ),
        Suppression::Stated(statement) => {
            let author = statement.author.as_deref().unwrap_or("its author");
            let mut text = format!("Stated by {author} in {}.", statement.document);
            if let Some(detail) = &statement.detail {
                text.push(' ');
                text.push_str(detail);
            }
            text
        }
        Suppression::Commented(comment) => format!("A comment says: {}.", comment.reason),
        Suppression::CodeAbsent(absent) => {
            let names: Vec<String> = absent
                .looked_for
                .iter()
                .map(|package| match package.symbols.len() {
                    0 => package.package.clone(),
                    _ => format!("{} ({})", package.package, package.symbols.join(", ")),
                })
                .collect();
            let programs: Vec<String> = absent
                .programs
                .iter()
                .map(|program| match &program.digest {
                    Some(digest) => format!("{} ({digest})", program.path),
                    None => program.path.to_string(),
                })
                .collect();
            format!(
                "The functions of {} that are named in {} are not in {}.",
                names.join(", "),
                absent.advisories.join(", "),
                programs.join(", ")
            )
        }
    }
}
