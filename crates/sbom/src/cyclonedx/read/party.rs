//! People and organisations.

use crate::document::{Contact, Party, PartyKind};
use crate::node::Node;

/// An organisation with its addresses and the people to talk to.
pub(super) fn organization(node: &Node) -> Option<Party> {
    node.as_object()?;
    Some(with_own_address(Party {
        kind: PartyKind::Organization,
        name: node.str_of("name").unwrap_or_default().to_owned(),
        urls: match node.get("url") {
            Some(Node::Text(url)) => vec![url.clone()],
            _ => node
                .list_of("url")
                .iter()
                .filter_map(Node::as_str)
                .map(str::to_owned)
                .collect(),
        },
        contacts: node
            .list_of("contact")
            .iter()
            .map(|contact| Contact {
                name: contact.str_of("name").map(str::to_owned),
                email: contact.str_of("email").map(str::to_owned),
                phone: contact.str_of("phone").map(str::to_owned),
            })
            .collect(),
        ..Party::default()
    }))
}

/// A contact without a name is the organisation's own address.
fn with_own_address(mut party: Party) -> Party {
    if let [
        Contact {
            name: None,
            email: Some(_),
            ..
        },
    ] = party.contacts.as_slice()
        && let Some(contact) = party.contacts.pop()
    {
        party.email = contact.email;
        party.phone = contact.phone;
    }
    party
}

/// A person.
pub(super) fn person(node: &Node) -> Option<Party> {
    node.as_object()?;
    Some(Party {
        kind: PartyKind::Person,
        name: node.str_of("name").unwrap_or_default().to_owned(),
        email: node.str_of("email").map(str::to_owned),
        phone: node.str_of("phone").map(str::to_owned),
        ..Party::default()
    })
}
