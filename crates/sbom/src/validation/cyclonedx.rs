//! CycloneDX.

use std::fmt::Write as _;

use super::references::Ids;
use super::{Problem, pointed, structure, values};
use crate::cyclonedx::VERSIONS;
use crate::node::Node;
use crate::rules;

/// The version, and what is wrong.
pub(super) fn check(node: &Node) -> (String, Vec<Problem>) {
    let version = node.str_of("specVersion").unwrap_or_default().to_owned();
    let Some(known) = VERSIONS.iter().find(|known| **known == version) else {
        let text = format!("is `{version}`, which is no version that is known");
        return (version, vec![Problem::new("/specVersion", text)]);
    };
    let mut problems = structure(
        rules::cyclonedx(crate::cyclonedx::minor(known)),
        "document",
        node,
    );
    let mut meaning = Meaning {
        ids: Ids::default(),
        wanted: Vec::new(),
        problems: Vec::new(),
    };
    meaning.walk(node, &mut String::new(), "");
    meaning.graph(node);
    for (id, place) in std::mem::take(&mut meaning.wanted) {
        // What is in another document can not be looked up.
        if !id.starts_with("urn:cdx:") {
            meaning.ids.want(&id, place, &mut meaning.problems);
        }
    }
    problems.extend(meaning.problems);
    (version, problems)
}

struct Meaning {
    ids: Ids,
    wanted: Vec<(String, String)>,
    problems: Vec<Problem>,
}

/// Fields whose texts are references, by the field that holds the object with them.
const REFERENCES: [(&str, &str); 6] = [
    ("compositions", "assemblies"),
    ("compositions", "dependencies"),
    ("compositions", "vulnerabilities"),
    ("annotations", "subjects"),
    ("identity", "tools"),
    ("affects", "ref"),
];

impl Meaning {
    /// Looks at every value of the document once. `field` is the name of the nearest field that
    /// holds it.
    fn walk(&mut self, node: &Node, place: &mut String, field: &str) {
        match node {
            Node::List(list) => {
                for (index, element) in list.iter().enumerate() {
                    let length = place.len();
                    let _ = write!(place, "/{index}");
                    self.walk(element, place, field);
                    place.truncate(length);
                }
            }
            Node::Object(fields) => {
                if let Some(id) = node.str_of("bom-ref") {
                    self.ids.take(id, place.clone(), &mut self.problems);
                }
                if let (Some(algorithm), Some(value)) = (node.str_of("alg"), node.str_of("content"))
                {
                    let problem = values::hash(algorithm, value);
                    self.say(format!("{place}/content"), problem);
                }
                for (name, value) in fields {
                    let length = place.len();
                    place.push('/');
                    place.push_str(&pointed(name));
                    match (name.as_ref(), value) {
                        ("purl", Node::Text(text)) => self.say(place.clone(), values::purl(text)),
                        ("expression", Node::Text(text)) if field == "licenses" => {
                            self.say(place.clone(), values::license(text));
                        }
                        _ if REFERENCES.contains(&(field, name.as_ref())) => {
                            self.want(value, place);
                        }
                        _ => self.walk(value, place, name),
                    }
                    place.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn say(&mut self, place: String, problem: Option<String>) {
        self.problems
            .extend(problem.map(|text| Problem::new(place, text)));
    }

    fn want(&mut self, value: &Node, place: &str) {
        match value {
            Node::Text(id) => self.wanted.push((id.clone(), place.to_owned())),
            Node::List(list) => {
                for (index, id) in list.iter().enumerate() {
                    if let Some(id) = id.as_str() {
                        self.wanted
                            .push((id.to_owned(), format!("{place}/{index}")));
                    }
                }
            }
            _ => {}
        }
    }

    fn graph(&mut self, node: &Node) {
        let mut seen = Ids::default();
        for (index, dependency) in node.list_of("dependencies").iter().enumerate() {
            let place = format!("/dependencies/{index}");
            if let Some(id) = dependency.str_of("ref") {
                seen.take(id, place.clone(), &mut self.problems);
                self.wanted.push((id.to_owned(), format!("{place}/ref")));
            }
            for name in ["dependsOn", "provides"] {
                if let Some(list) = dependency.get(name) {
                    self.want(list, &format!("{place}/{name}"));
                }
            }
        }
    }
}
