//! SPDX 2.

use std::collections::HashSet;

use super::references::{Containment, Ids};
use super::{Problem, spdx2_values, structure, values};
use crate::node::Node;
use crate::rules;

/// Annotations of the tag-value encoding name what they are about; in JSON they stand with it.
pub(super) fn with_annotations(mut node: Node) -> Node {
    let mut annotations = node.take_list("annotations");
    for annotation in &mut annotations {
        annotation.take("SPDXREF");
    }
    if let (Node::Object(fields), false) = (&mut node, annotations.is_empty()) {
        fields.push(("annotations".into(), Node::List(annotations)));
    }
    node
}

/// The version, and what is wrong.
pub(super) fn check(node: &Node) -> (String, Vec<Problem>) {
    let version = node
        .str_of("spdxVersion")
        .and_then(|version| version.strip_prefix("SPDX-"))
        .unwrap_or_default()
        .to_owned();
    let mut problems = structure(rules::spdx_2_3(), "document", node);
    match version.as_str() {
        "2.3" => {}
        "2.2" => problems.retain(|problem| {
            // The underscore is right in 2.2.
            !(problem.place.ends_with("/referenceCategory")
                && (problem.text.contains("PACKAGE_MANAGER")
                    || problem.text.contains("PERSISTENT_ID")))
        }),
        _ => {
            let text = format!("is `SPDX-{version}`, which is no version that is known");
            problems.push(Problem::new("/spdxVersion", text));
        }
    }
    let mut meaning = Meaning {
        ids: Ids::default(),
        texts: HashSet::new(),
        problems,
    };
    meaning.all(node);
    (version, meaning.problems)
}

struct Meaning<'a> {
    ids: Ids,
    /// The licences that the document has texts of.
    texts: HashSet<&'a str>,
    problems: Vec<Problem>,
}

impl<'a> Meaning<'a> {
    fn say(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.problems.push(Problem::new(place, text));
    }

    fn say_if(&mut self, place: impl Into<String>, text: Option<String>) {
        if let Some(text) = text {
            self.say(place, text);
        }
    }

    fn all(&mut self, node: &'a Node) {
        // The schema has these as required too, but for the name space.
        if node.get("documentNamespace").is_none() {
            self.say("", "has no `documentNamespace`");
        }
        if let Some(license) = node
            .str_of("dataLicense")
            .filter(|license| *license != "CC0-1.0")
        {
            self.say(
                "/dataLicense",
                format!("is `{license}`; the specification demands CC0-1.0"),
            );
        }
        if let Some(namespace) = node.str_of("documentNamespace")
            && (namespace.contains('#') || !namespace.contains(':'))
        {
            self.say("/documentNamespace", "is no URI without a fragment");
        }
        if let Some(info) = node.get("creationInfo") {
            let created = info.str_of("created").and_then(spdx2_values::moment);
            self.say_if("/creationInfo/created", created);
            let version = info.str_of("licenseListVersion");
            self.say_if(
                "/creationInfo/licenseListVersion",
                version.and_then(spdx2_values::license_list_version),
            );
            for (index, creator) in info.list_of("creators").iter().enumerate() {
                let problem = creator.as_str().and_then(spdx2_values::actor);
                self.say_if(format!("/creationInfo/creators/{index}"), problem);
            }
        }
        self.annotations(node, "");
        if let Some(id) = node.str_of("SPDXID") {
            self.ids.take(id, "/SPDXID".to_owned(), &mut self.problems);
            if id != "SPDXRef-DOCUMENT" {
                self.say(
                    "/SPDXID",
                    format!("is `{id}`; the document is SPDXRef-DOCUMENT"),
                );
            }
        }
        for (index, text) in node
            .list_of("hasExtractedLicensingInfos")
            .iter()
            .enumerate()
        {
            if let Some(id) = text.str_of("licenseId")
                && !self.texts.insert(id)
            {
                let place = format!("/hasExtractedLicensingInfos/{index}");
                self.say(place, format!("has the id `{id}` of another licence"));
            }
            if text.str_of("extractedText").is_some_and(str::is_empty) {
                let place = format!("/hasExtractedLicensingInfos/{index}/extractedText");
                self.say(place, "is empty");
            }
        }
        for list in ["packages", "files", "snippets"] {
            for (index, element) in node.list_of(list).iter().enumerate() {
                self.element(element, &format!("/{list}/{index}"));
            }
        }
        self.relationships(node);
    }

    fn element(&mut self, element: &'a Node, place: &str) {
        if let Some(id) = element.str_of("SPDXID") {
            self.ids.take(id, place.to_owned(), &mut self.problems);
            let right = id.strip_prefix("SPDXRef-").is_some_and(|rest| {
                !rest.is_empty()
                    && rest
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
            });
            if !right {
                self.say(
                    format!("{place}/SPDXID"),
                    format!(
                        "is `{id}`, which is not `SPDXRef-` with letters, digits, dots and dashes"
                    ),
                );
            }
        }
        for name in ["licenseConcluded", "licenseDeclared"] {
            if let Some(text) = element.str_of(name) {
                self.license(text, format!("{place}/{name}"));
            }
        }
        for (index, hash) in element.list_of("checksums").iter().enumerate() {
            if let (Some(algorithm), Some(value)) =
                (hash.str_of("algorithm"), hash.str_of("checksumValue"))
                && let Some(text) = values::hash(algorithm, value)
            {
                self.say(format!("{place}/checksums/{index}/checksumValue"), text);
            }
        }
        for (index, reference) in element.list_of("externalRefs").iter().enumerate() {
            let place = format!("{place}/externalRefs/{index}");
            if reference.str_of("referenceType") == Some("purl")
                && let Some(text) = reference.str_of("referenceLocator").and_then(values::purl)
            {
                self.say(format!("{place}/referenceLocator"), text);
            }
            if let (Some(category), Some(kind)) = (
                reference.str_of("referenceCategory"),
                reference.str_of("referenceType"),
            ) {
                let problem = spdx2_values::reference_type(category, kind);
                self.say_if(format!("{place}/referenceType"), problem);
                let problem = reference
                    .str_of("referenceLocator")
                    .and_then(|locator| spdx2_values::platform(kind, locator));
                self.say_if(format!("{place}/referenceLocator"), problem);
            }
        }
        for name in ["downloadLocation", "homepage"] {
            let problem = element.str_of(name).and_then(spdx2_values::download);
            self.say_if(format!("{place}/{name}"), problem);
        }
        for name in ["releaseDate", "builtDate", "validUntilDate"] {
            let problem = element.str_of(name).and_then(spdx2_values::moment);
            self.say_if(format!("{place}/{name}"), problem);
        }
        self.annotations(element, place);
        for name in ["supplier", "originator"] {
            if let Some(text) = element.str_of(name) {
                let right = ["Person:", "Organization:"]
                    .iter()
                    .any(|start| text.starts_with(start))
                    || text == "NOASSERTION";
                if !right {
                    self.say(
                        format!("{place}/{name}"),
                        "begins with neither `Person:` nor `Organization:`",
                    );
                }
            }
        }
    }

    fn annotations(&mut self, element: &'a Node, place: &str) {
        for (index, annotation) in element.list_of("annotations").iter().enumerate() {
            let place = format!("{place}/annotations/{index}");
            for (name, check) in [
                (
                    "annotator",
                    spdx2_values::actor as fn(&str) -> Option<String>,
                ),
                ("annotationDate", spdx2_values::moment),
            ] {
                let problem = annotation.str_of(name).and_then(check);
                self.say_if(format!("{place}/{name}"), problem);
            }
        }
    }

    fn license(&mut self, text: &str, place: String) {
        if let Some(problem) = values::license(text) {
            self.say(place, problem);
            return;
        }
        for id in values::license_references(text) {
            if !self.texts.contains(id) {
                self.say(
                    place.as_str(),
                    format!("names `{id}`, of which the document has no text"),
                );
            }
        }
    }

    fn relationships(&mut self, node: &Node) {
        let mut containment = Containment::default();
        let mut described = !node.list_of("documentDescribes").is_empty();
        let elsewhere =
            |id: &str| id.starts_with("DocumentRef-") || id == "NONE" || id == "NOASSERTION";
        for (index, id) in node.list_of("documentDescribes").iter().enumerate() {
            if let Some(id) = id.as_str() {
                self.ids.want(
                    id,
                    format!("/documentDescribes/{index}"),
                    &mut self.problems,
                );
            }
        }
        for (index, relationship) in node.list_of("relationships").iter().enumerate() {
            let place = format!("/relationships/{index}");
            for name in ["spdxElementId", "relatedSpdxElement"] {
                if let Some(id) = relationship.str_of(name).filter(|id| !elsewhere(id)) {
                    self.ids
                        .want(id, format!("{place}/{name}"), &mut self.problems);
                }
            }
            let ends = relationship
                .str_of("spdxElementId")
                .zip(relationship.str_of("relatedSpdxElement"));
            match (relationship.str_of("relationshipType"), ends) {
                (Some("CONTAINS"), Some((whole, part)))
                | (Some("CONTAINED_BY"), Some((part, whole))) => {
                    containment.add(whole, part);
                }
                (Some("DESCRIBES" | "DESCRIBED_BY"), _) => described = true,
                _ => {}
            }
        }
        for (index, package) in node.list_of("packages").iter().enumerate() {
            for (number, file) in package.list_of("hasFiles").iter().enumerate() {
                if let Some(file) = file.as_str() {
                    self.ids.want(
                        file,
                        format!("/packages/{index}/hasFiles/{number}"),
                        &mut self.problems,
                    );
                }
            }
        }
        if !described && node.list_of("packages").len() > 1 {
            self.say("/relationships", "say nowhere what the document describes");
        }
        for id in containment.circles() {
            self.say(
                "/relationships",
                format!("say that `{id}` is inside of itself"),
            );
        }
    }
}
