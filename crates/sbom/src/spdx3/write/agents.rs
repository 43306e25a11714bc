//! People, organisations and programs, each once.

use std::collections::BTreeMap;

use super::{CREATION, Writing};
use crate::document::{Losses, Party, PartyKind};
use crate::node::{Node, ObjectBuilder};

/// Those that are mentioned, with their numbers.
#[derive(Debug, Default)]
pub(super) struct Agents {
    numbers: BTreeMap<Party, usize>,
    tools: Vec<String>,
    programs: Vec<String>,
}

impl Agents {
    /// The id of somebody.
    pub(super) fn id(&mut self, party: &Party, base: &str, losses: &mut Losses) -> Node {
        if party.phone.is_some() || !party.urls.is_empty() || !party.contacts.is_empty() {
            losses.add("telephone number, address or contact", &party.name);
        }
        let plain = Party {
            email: party.email.clone(),
            ..Party::new(party.kind, party.name.clone())
        };
        let next = self.numbers.len();
        let number = *self.numbers.entry(plain).or_insert(next);
        Node::Text(format!("{base}#agent-{number}"))
    }

    /// The elements.
    pub(super) fn elements(&self, base: &str) -> Vec<Node> {
        let element = |kind: &str, id: String, name: &str| {
            let mut node = ObjectBuilder::new();
            node.set("type", kind)
                .set("spdxId", id)
                .set("creationInfo", CREATION);
            if !name.is_empty() {
                node.set("name", name);
            }
            node
        };
        let mut parties: Vec<(&Party, usize)> = self
            .numbers
            .iter()
            .map(|(party, number)| (party, *number))
            .collect();
        parties.sort_by_key(|(_, number)| *number);
        let mut list = Vec::new();
        for (party, number) in parties {
            let kind = match party.kind {
                PartyKind::Person => "Person",
                PartyKind::Organization => "Organization",
                PartyKind::Unknown => "Agent",
            };
            let mut node = element(kind, format!("{base}#agent-{number}"), &party.name);
            if let Some(email) = &party.email {
                let mut identifier = ObjectBuilder::new();
                identifier
                    .set("type", "ExternalIdentifier")
                    .set("externalIdentifierType", "email")
                    .set("identifier", email.as_str());
                node.set("externalIdentifier", Node::List(vec![identifier.build()]));
            }
            list.push(node.build());
        }
        for (number, name) in self.tools.iter().enumerate() {
            list.push(element("Tool", format!("{base}#tool-{number}"), name).build());
        }
        for (number, name) in self.programs.iter().enumerate() {
            list.push(element("SoftwareAgent", format!("{base}#program-{number}"), name).build());
        }
        list
    }
}

/// Who made the document, and with which tools. Somebody must have: where no person is known, a
/// program has.
pub(super) fn makers(writing: &mut Writing<'_>) -> (Vec<Node>, Vec<Node>) {
    let metadata = &writing.document.metadata;
    let base = writing.base;
    let mut makers = Vec::new();
    for author in &metadata.authors {
        makers.push(writing.agents.id(author, base, &mut writing.losses));
    }
    let mut tools = Vec::new();
    for tool in &metadata.tools {
        tools.push(Node::Text(format!(
            "{base}#tool-{}",
            writing.agents.tools.len()
        )));
        writing.agents.tools.push(match &tool.version {
            Some(version) => format!("{}-{version}", tool.name),
            None => tool.name.clone(),
        });
        if tool.vendor.is_some() || !tool.hashes.is_empty() {
            writing.losses.add("vendor or hash of a tool", &tool.name);
        }
    }
    if makers.is_empty() {
        let name = metadata
            .tools
            .first()
            .map_or("linchpin", |tool| tool.name.as_str());
        writing.agents.programs.push(name.to_owned());
        makers.push(Node::Text(format!("{base}#program-0")));
    }
    (makers, tools)
}
