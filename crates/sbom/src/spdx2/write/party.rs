//! People and organisations.

use crate::document::{Losses, Party, PartyKind};

/// `Organization: Name (mail@host)`.
pub(super) fn text(party: &Party, losses: &mut Losses) -> String {
    let kind = match party.kind {
        PartyKind::Organization => "Organization",
        PartyKind::Person => "Person",
        PartyKind::Unknown => {
            losses.add(
                "that it is unknown who is a person (written as one)",
                &party.name,
            );
            "Person"
        }
    };
    if party.phone.is_some() || !party.urls.is_empty() || !party.contacts.is_empty() {
        losses.add("telephone number, address or contact", &party.name);
    }
    let name: String = party.name.split_whitespace().collect::<Vec<_>>().join(" ");
    match &party.email {
        Some(email) => format!("{kind}: {name} ({email})"),
        None => format!("{kind}: {name}"),
    }
}
