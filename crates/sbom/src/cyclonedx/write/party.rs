//! People and organisations.

use crate::document::{Contact, Party};
use crate::node::{Node, ObjectBuilder};

/// An organisation.
pub(super) fn organization(party: &Party) -> Node {
    let mut node = ObjectBuilder::new();
    if !party.name.is_empty() {
        node.set("name", party.name.as_str());
    }
    node.list("url", party.urls.iter().map(Node::text).collect());
    let mut contacts = Vec::new();
    if party.email.is_some() || party.phone.is_some() {
        contacts.push(contact(&Contact {
            name: None,
            email: party.email.clone(),
            phone: party.phone.clone(),
        }));
    }
    contacts.extend(party.contacts.iter().map(contact));
    node.list("contact", contacts);
    node.build()
}

/// A person.
pub(super) fn person(party: &Party) -> Node {
    contact(&Contact {
        name: Some(party.name.clone()).filter(|name| !name.is_empty()),
        email: party.email.clone(),
        phone: party.phone.clone(),
    })
}

fn contact(contact: &Contact) -> Node {
    let mut node = ObjectBuilder::new();
    node.text("name", contact.name.as_deref())
        .text("email", contact.email.as_deref())
        .text("phone", contact.phone.as_deref());
    node.build()
}
