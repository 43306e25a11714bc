//! Automatic fixes, as the standard has them: section 3.55.

use linchpin_model::Finding;

use super::{escape_links, text, uri, wire};
use crate::ExplainableLocation;
use crate::text::sentence;

/// The fix of a finding at a place, if there is one.
pub(super) fn of(finding: &Finding, location: &ExplainableLocation) -> Vec<wire::Fix> {
    let Some(reason) = finding.rule_reason() else {
        return Vec::new();
    };
    let Some(repair) = &reason.repair else {
        return Vec::new();
    };
    let first = reason.fix.lines().next().unwrap_or_default();
    let mut description = sentence(first.trim_end_matches(':'));
    if let Some(may_break) = &repair.may_break {
        description.push_str(" Look at it before you take it: ");
        description.push_str(&sentence(may_break));
    }
    let replacements = repair.edits.iter().map(|edit| wire::Replacement {
        deleted_region: wire::DeletedRegion {
            start_line: edit.start.0,
            start_column: edit.start.1,
            end_line: edit.end.0,
            end_column: edit.end.1,
        },
        inserted_content: text(edit.text.clone()),
    });
    vec![wire::Fix {
        description: text(escape_links(&description)),
        artifact_changes: vec![wire::ArtifactChange {
            artifact_location: wire::ArtifactLocation {
                uri: uri::of_path(&location.path),
            },
            replacements: replacements.collect(),
        }],
    }]
}
