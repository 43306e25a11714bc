//! Statements about the exploitability of vulnerabilities: the relationships of VEX.
//!
//! A document of ours has one analysis for all that a vulnerability affects. Where different things
//! are said of different elements, each gets a vulnerability of its own. What that copies is
//! bounded: a statement for which there is no room is kept as it was, and so is one that was
//! withdrawn, as it says nothing any more.

use std::collections::{HashMap, HashSet};

use super::super::words;
use super::{id_of, properties, type_of};
use crate::document::{Affected, Analysis, Family, Vulnerability};
use crate::node::Node;
use crate::repetition::Repetition;

/// One statement.
pub(super) struct Assessment<'a> {
    /// The element that makes it.
    node: &'a Node,
    analysis: Analysis,
    /// What to do.
    action: Option<String>,
    /// The justification, where CycloneDX has no word of its own for it.
    justification: Option<&'static str>,
    /// Of what it is said.
    to: Vec<&'a str>,
}

/// The statement that an element makes, if it is one that still holds.
pub(super) fn assessment(node: &Node) -> Option<Assessment<'_>> {
    let state = words::vex_state(type_of(node))?;
    let to: Vec<&str> = node
        .list_of("to")
        .iter()
        .map(|to| to.as_str().unwrap_or(id_of(to)))
        .collect();
    if to.is_empty() || node.get("security_withdrawnTime").is_some() {
        return None;
    }
    let text = |name: &str| node.str_of(name).map(str::to_owned);
    let word = node.str_of("security_justificationType");
    let known = word.and_then(words::vex_justification_of);
    let details: Vec<String> = [
        text("security_impactStatement"),
        text("security_statusNotes"),
    ]
    .into_iter()
    .flatten()
    .filter(|text| text != words::NO_REASON)
    .collect();
    let mut analysis = Analysis {
        state: Some(state.to_owned()),
        justification: known.map(|(ours, _)| ours.to_owned()),
        detail: (!details.is_empty()).then(|| details.join("\n")),
        first_issued: text("security_publishedTime"),
        last_updated: text("security_modifiedTime"),
        ..Analysis::default()
    };
    for property in properties(node) {
        match property.name.as_str() {
            "linchpin:state" => analysis.state = Some(property.value),
            "linchpin:justification" => analysis.justification = Some(property.value),
            "linchpin:response" => analysis.responses.push(property.value),
            _ => {}
        }
    }
    let follows = words::vex_action(&analysis.responses);
    let action = text("security_actionStatement").filter(|action| *action != follows);
    Some(Assessment {
        node,
        analysis,
        action,
        justification: known
            .filter(|(ours, theirs)| words::vex_justification(ours) != Some(theirs))
            .map(|(_, theirs)| theirs),
        to,
    })
}

/// What is said alike of several elements.
struct Group<'a> {
    said: &'a Assessment<'a>,
    nodes: Vec<&'a Node>,
    to: Vec<&'a str>,
}

/// Gives each vulnerability what is said of it. The statements that have no room are given back.
pub(super) fn give<'a>(
    vulnerabilities: &mut Vec<Vulnerability>,
    assessments: &'a HashMap<usize, Vec<Assessment<'a>>>,
    repetition: &Repetition,
) -> Vec<&'a Node> {
    let mut left = Vec::new();
    let all = std::mem::take(vulnerabilities);
    for (place, mut found) in all.into_iter().enumerate() {
        let Some(said) = assessments.get(&place) else {
            vulnerabilities.push(found);
            continue;
        };
        let groups = groups(said);
        if let [group] = groups.as_slice() {
            let of: HashSet<&str> = group.to.iter().copied().collect();
            let covered = |affected: &Affected| of.contains(affected.reference.as_str());
            if found.affects.iter().all(covered) {
                let affects = std::mem::take(&mut found.affects);
                set(&mut found, group, affects);
                vulnerabilities.push(found);
                continue;
            }
        }
        let (mut taken, mut copies) = (HashSet::new(), Vec::new());
        let affects = std::mem::take(&mut found.affects);
        let size = size(&found);
        for group in &groups {
            if !repetition.allows(size) {
                left.extend(&group.nodes);
                continue;
            }
            let mut copy = found.clone();
            let of: HashSet<&str> = group.to.iter().copied().collect();
            let theirs = affects.iter();
            let theirs = theirs.filter(|affected| of.contains(affected.reference.as_str()));
            set(&mut copy, group, theirs.cloned().collect());
            copies.push(copy);
            taken.extend(of);
        }
        found.affects = affects;
        let rest = |affected: &Affected| !taken.contains(affected.reference.as_str());
        found.affects.retain(rest);
        if copies.is_empty() || !found.affects.is_empty() {
            vulnerabilities.push(found);
        }
        vulnerabilities.extend(copies);
    }
    left
}

/// The statements that say the same, in the order in which they were first made.
fn groups<'a>(said: &'a [Assessment<'a>]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for assessment in said {
        let key = format!(
            "{:?} {:?} {:?}",
            assessment.analysis, assessment.action, assessment.justification
        );
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => {
                group.to.extend(&assessment.to);
                group.nodes.push(assessment.node);
            }
            None => groups.push(Group {
                said: assessment,
                nodes: vec![assessment.node],
                to: assessment.to.clone(),
            }),
        }
    }
    for group in &mut groups {
        let mut seen = HashSet::new();
        group.to.retain(|to| seen.insert(*to));
    }
    groups
}

/// Sets what a group says, and of what it says it.
fn set(found: &mut Vulnerability, group: &Group<'_>, mut affects: Vec<Affected>) {
    let known: HashSet<String> = affects
        .iter()
        .map(|affected| affected.reference.clone())
        .collect();
    let more = group.to.iter().filter(|to| !known.contains(**to));
    affects.extend(more.map(|to| Affected {
        reference: (*to).to_owned(),
        ..Affected::default()
    }));
    found.affects = affects;
    found.analysis = Some(group.said.analysis.clone());
    found.recommendation.clone_from(&group.said.action);
    if let Some(word) = group.said.justification {
        found
            .extensions
            .keep(Family::Spdx3, words::VEX_JUSTIFICATION, Node::text(word));
    }
}

/// How many bytes a copy would take, about.
fn size(found: &Vulnerability) -> usize {
    let texts = [&found.description, &found.detail];
    let lists = found.aliases.len() + found.ratings.len() + found.properties.len();
    let lengths = texts.into_iter().flatten().map(String::len).sum::<usize>()
        + found
            .advisories
            .iter()
            .map(|advisory| advisory.url.len() + 100)
            .sum::<usize>()
        + found.aliases.iter().map(|(id, _)| id.len()).sum::<usize>()
        + found
            .properties
            .iter()
            .map(|property| property.value.len())
            .sum::<usize>()
        + found
            .ratings
            .iter()
            .flat_map(|rating| &rating.vector)
            .map(String::len)
            .sum::<usize>();
    500 + lengths + 200 * lists
}
