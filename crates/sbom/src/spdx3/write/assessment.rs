//! What somebody found out about a vulnerability in this product, as a relationship of VEX:
//! <https://spdx.github.io/spdx-spec/v3.0.1/model/Security/Classes/VexVulnAssessmentRelationship/>.
//!
//! CycloneDX has finer words for states and justifications, and words for what will be done. An
//! extension keeps those that the relationship does not say.

use super::super::words;
use super::{Writing, extension};
use crate::document::{Family, Property, Vulnerability};
use crate::node::Node;
use crate::spdx2;

/// Adds what is said of a vulnerability, and of what it is said.
pub(super) fn assessment(
    found: &Vulnerability,
    id: &str,
    affected: &[Node],
    writing: &mut Writing<'_>,
) {
    let Some(analysis) = &found.analysis else {
        said_nowhere(found, false, writing);
        return;
    };
    let class = analysis.state.as_deref().and_then(words::vex_class);
    let (Some((class, kind)), false) = (class, affected.is_empty()) else {
        writing.losses.add("analysis of a vulnerability", &found.id);
        said_nowhere(found, false, writing);
        return;
    };
    said_nowhere(found, class == words::AFFECTED, writing);
    let mut node = writing.relationship(class, kind, id, affected.to_vec());
    let mut own = Vec::new();
    if let Some(state) = &analysis.state
        && words::vex_state(class) != Some(state)
    {
        own.push(Property::new("linchpin:state", state.as_str()));
    }
    let mut detail = analysis.detail.as_deref();
    let mut justification = None;
    if class == words::NOT_AFFECTED {
        let kept = found
            .extensions
            .get(Family::Spdx3, words::VEX_JUSTIFICATION);
        let kept = kept.and_then(Node::as_str);
        let known = kept.and_then(words::vex_justification_of);
        let said = analysis.justification.as_deref();
        justification = match known {
            Some((ours, theirs)) if said == Some(ours) => Some(theirs),
            _ => said.and_then(words::vex_justification),
        };
        node.text(words::VEX_JUSTIFICATION, justification);
        if justification.is_none() {
            detail = detail.or(Some(words::NO_REASON));
        }
        node.text("security_impactStatement", detail);
    } else {
        node.text("security_statusNotes", detail);
    }
    if class == words::AFFECTED {
        let action = found.recommendation.clone();
        let action = action.unwrap_or_else(|| words::vex_action(&analysis.responses));
        node.set("security_actionStatement", action);
    }
    let read_as = justification.and_then(words::vex_justification_of);
    if let Some(said) = &analysis.justification
        && read_as.map(|(ours, _)| ours) != Some(said)
    {
        own.push(Property::new("linchpin:justification", said.as_str()));
    }
    let responses = analysis.responses.iter();
    own.extend(responses.map(|response| Property::new("linchpin:response", response.as_str())));
    for (name, said) in [
        ("security_publishedTime", &analysis.first_issued),
        ("security_modifiedTime", &analysis.last_updated),
    ] {
        let moment = said.as_deref().and_then(spdx2::moment);
        node.text(name, moment.as_deref());
        if let (Some(said), None) = (said, moment) {
            writing.losses.add("moment of an analysis", said);
        }
    }
    extension(&mut node, &own);
    let node = node.build();
    writing.graph.push(node);
}

/// A recommendation has a place only where something is affected.
fn said_nowhere(found: &Vulnerability, has_action: bool, writing: &mut Writing<'_>) {
    if found.recommendation.is_some() && !has_action {
        writing
            .losses
            .add("recommendation for a vulnerability", &found.id);
    }
}
