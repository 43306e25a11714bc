//! People and organisations: `Organization: Name (mail@host)`.

use crate::document::{Party, PartyKind};

/// Somebody; nobody for `NOASSERTION`.
pub(super) fn party(text: &str) -> Option<Party> {
    let (kind, name) = match text.split_once(':') {
        Some(("Person", name)) => (PartyKind::Person, name),
        Some(("Organization", name)) => (PartyKind::Organization, name),
        _ => (PartyKind::Unknown, text),
    };
    let name = name.trim();
    if name.is_empty() || name == super::super::NO_ASSERTION {
        return None;
    }
    if let Some((before, email)) = name.rsplit_once('(')
        && let Some(email) = email.strip_suffix(')')
        && (email.is_empty() || (email.contains('@') && !email.contains(' ')))
    {
        return Some(Party {
            email: Some(email.to_owned()).filter(|email| !email.is_empty()),
            ..Party::new(kind, before.trim_end())
        });
    }
    Some(Party::new(kind, name))
}
