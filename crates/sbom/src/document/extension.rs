//! What only one family of formats knows, kept as it was.

use crate::node::Node;

/// Formats that share a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// CycloneDX in JSON and XML.
    CycloneDx,
    /// SPDX 2 in JSON and tag-value.
    Spdx2,
    /// SPDX 3.
    Spdx3,
    /// Syft's own JSON.
    Syft,
}

impl Family {
    /// What to call it in a message.
    pub fn label(self) -> &'static str {
        match self {
            Self::CycloneDx => "CycloneDX",
            Self::Spdx2 => "SPDX 2",
            Self::Spdx3 => "SPDX 3",
            Self::Syft => "Syft",
        }
    }
}

/// Fields that only one family of formats knows, by their names there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extensions {
    fields: Vec<(Family, String, Node)>,
}

impl Extensions {
    /// Keeps a field.
    pub fn keep(&mut self, family: Family, name: impl Into<String>, value: Node) {
        self.fields.push((family, name.into(), value));
    }

    /// The fields of a family, in the order in which they were read.
    pub fn of(&self, family: Family) -> impl Iterator<Item = (&str, &Node)> {
        self.fields
            .iter()
            .filter(move |(found, _, _)| *found == family)
            .map(|(_, name, value)| (name.as_str(), value))
    }

    /// The field of a family with this name.
    pub fn get(&self, family: Family, name: &str) -> Option<&Node> {
        self.of(family)
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// Forgets the field of a family with this name, if its value says no more than is known.
    pub(crate) fn forget(&mut self, family: Family, name: &str, if_known: impl Fn(&Node) -> bool) {
        self.fields.retain(|(of, found, value)| {
            !(*of == family && found.as_str() == name && if_known(value))
        });
    }

    /// The fields that another family than this one brought: what its writer can not say.
    pub fn foreign(&self, family: Family) -> impl Iterator<Item = (Family, &str)> {
        self.fields
            .iter()
            .filter(move |(found, _, _)| *found != family)
            .map(|(found, name, _)| (*found, name.as_str()))
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}
