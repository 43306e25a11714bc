//! People and organisations.

/// A person or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Party {
    /// Which of the two.
    pub kind: PartyKind,
    /// The name; empty where only an address is known.
    pub name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// Addresses in the web.
    pub urls: Vec<String>,
    /// People to talk to, at an organisation.
    pub contacts: Vec<Contact>,
}

/// Whether it is a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum PartyKind {
    /// Nobody said.
    #[default]
    Unknown,
    /// A person.
    Person,
    /// An organisation.
    Organization,
}

/// A person to talk to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Contact {
    /// The name.
    pub name: Option<String>,
    /// The address for mail.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
}

impl Party {
    /// Somebody of whom only the name is known.
    pub fn new(kind: PartyKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            ..Self::default()
        }
    }

    /// Reads `Name <mail@host>`; whatever has another form is a name.
    pub fn from_line(kind: PartyKind, line: &str) -> Self {
        let line = line.trim();
        if let Some((name, rest)) = line.split_once('<')
            && let Some(email) = rest.strip_suffix('>')
            && email.contains('@')
            && !email.contains(['<', '>', ' ', ',', '('])
            && !name.trim().is_empty()
        {
            return Self {
                email: Some(email.to_owned()),
                ..Self::new(kind, name.trim())
            };
        }
        Self::new(kind, line)
    }

    /// `Name <mail@host>`, or what there is of it.
    pub fn line(&self) -> String {
        match &self.email {
            Some(email) if self.name.is_empty() => email.clone(),
            Some(email) => format!("{} <{email}>", self.name),
            None => self.name.clone(),
        }
    }
}
