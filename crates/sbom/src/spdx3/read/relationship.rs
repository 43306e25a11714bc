//! Relationships between elements: what needs what, licences, and what has which vulnerability.

use std::collections::HashMap;

use super::super::words;
use super::{Reading, id_of};
use crate::document::{
    Affected, ComponentScope, License, LicenseChoice, LicenseStanding, Relationship,
    RelationshipKind,
};
use crate::node::Node;

impl<'a> Reading<'a> {
    pub(super) fn relationship(
        &mut self,
        node: &'a Node,
        components: &HashMap<&str, usize>,
        vulnerabilities: &HashMap<&str, usize>,
    ) {
        let (Some(from), Some(word)) = (
            node.get("from")
                .map(|from| from.as_str().unwrap_or(id_of(from))),
            node.str_of("relationshipType"),
        ) else {
            return;
        };
        let standing = match word {
            "hasDeclaredLicense" => Some(LicenseStanding::Declared),
            "hasConcludedLicense" => Some(LicenseStanding::Concluded),
            _ => None,
        };
        for to in node.list_of("to") {
            if let Some(standing) = standing {
                let license = self.license(to, standing);
                if let Some(component) = components
                    .get(from)
                    .and_then(|place| self.document.components.get_mut(*place))
                {
                    component.licenses.extend(license);
                }
                continue;
            }
            let to = to.as_str().unwrap_or(id_of(to));
            if word == "hasAssociatedVulnerability" {
                let list = self.document.vulnerabilities.get_or_insert_default();
                if let Some(found) = vulnerabilities
                    .get(to)
                    .and_then(|place| list.get_mut(*place))
                {
                    found.affects.push(Affected {
                        reference: from.to_owned(),
                        ..Affected::default()
                    });
                }
                continue;
            }
            let scope = node.str_of("scope").and_then(words::scope_of);
            let depends = |scope| (RelationshipKind::DependsOn(scope), false);
            let (kind, turned) = match word {
                "dependsOn" if to == "NoneElement" || to.ends_with("/NoneElement") => {
                    (RelationshipKind::DependsOnNothing, false)
                }
                "dependsOn" => depends(scope),
                "hasOptionalDependency" => depends(Some(ComponentScope::Optional)),
                "hasProvidedDependency" => depends(Some(ComponentScope::Provided)),
                "contains" => (RelationshipKind::Contains, false),
                "generates" => (RelationshipKind::GeneratedFrom, true),
                "other" => (RelationshipKind::Other("OTHER".to_owned()), false),
                word => match words::relationship_kind(word) {
                    Some((kind, turned)) => (RelationshipKind::Other(kind.to_owned()), turned),
                    None => (RelationshipKind::Other(word.to_owned()), false),
                },
            };
            let nothing = kind == RelationshipKind::DependsOnNothing;
            let (from, to) = if turned {
                (to, from)
            } else {
                (from, if nothing { "" } else { to })
            };
            let mut relationship = Relationship::new(from, kind, to);
            relationship.comment = node.str_of("comment").map(str::to_owned);
            self.document.relationships.push(relationship);
        }
    }

    fn license(&self, node: &'a Node, standing: LicenseStanding) -> Option<License> {
        if let Some(id) = node.as_str() {
            if id.ends_with("NoneLicense") {
                return Some(License::new(LicenseChoice::NoLicense, standing));
            }
            if let Some(listed) = id.strip_prefix("https://spdx.org/licenses/") {
                let choice = LicenseChoice::Expression(listed.to_owned());
                return Some(License::new(choice, standing));
            }
        }
        let node = self.resolve(node)?;
        if let Some(text) = node.str_of("simplelicensing_licenseExpression") {
            if !self.may_copy(text.len()) {
                return None;
            }
            return Some(License::new(
                LicenseChoice::Expression(text.to_owned()),
                standing,
            ));
        }
        let name = node.str_of("name")?;
        let text = node.str_of("simplelicensing_licenseText");
        if !self
            .repetition
            .allows(name.len() + text.map_or(0, str::len))
        {
            // The document has the text once, and that is what this names.
            let id = id_of(node).rsplit('#').next().unwrap_or_default();
            if !id.starts_with("LicenseRef-") || !self.may_copy(id.len()) {
                self.refused.set(true);
                return None;
            }
            let choice = LicenseChoice::Expression(id.to_owned());
            return Some(License::new(choice, standing));
        }
        let mut license = License::new(LicenseChoice::Name(name.to_owned()), standing);
        license.text = text.filter(|text| *text != name).map(str::to_owned);
        Some(license)
    }
}
