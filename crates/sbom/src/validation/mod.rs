//! Whether a document is what it claims to be: first the structure that its specification
//! demands, then what its words mean.
//!
//! The structure is checked with the tables of `rules/`. Meaning is what no schema sees: references
//! that lead nowhere, ids that are there twice, package URLs and licence expressions that are none,
//! values that are too short for their algorithm, things that are inside of themselves.

mod cyclonedx;
mod references;
mod spdx2;
pub(crate) mod spdx2_values;
mod spdx3;
mod values;

use crate::cyclonedx::xml;
use crate::formats::{self, Format, ReadError};
use crate::node::{Node, ObjectReader, read_node};
use crate::rules;

/// What a check came to.
#[derive(Debug)]
pub struct Verdict {
    /// The format that the document is in.
    pub format: &'static Format,
    /// The version that it says it has.
    pub version: String,
    /// What is wrong. Nothing means that it is valid.
    pub problems: Vec<Problem>,
}

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The place: a JSON pointer (RFC 6901), for other encodings into what JSON would be; or a
    /// line.
    pub place: String,
    /// What is wrong: a fragment that fits after the place.
    pub text: String,
}

impl Problem {
    fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            text: text.into(),
        }
    }
}

/// Checks a document of any format that can be read.
pub fn validate(bytes: &[u8]) -> Result<Verdict, ReadError> {
    let format = formats::detect(bytes).ok_or(ReadError::Unknown)?;
    let (version, mut problems) = match format.id {
        "cyclonedx-json" => cyclonedx::check(&read_node(bytes)?),
        "cyclonedx-xml" => {
            let mut tree = Tree::default();
            xml::parse(bytes, &mut tree)?;
            cyclonedx::check(&tree.node())
        }
        "spdx-json" => spdx2::check(&read_node(bytes)?),
        "spdx-tag-value" => {
            let mut tree = Tree::default();
            crate::spdx2::parse_tag_value(bytes, &mut tree)?;
            spdx2::check(&spdx2::with_annotations(tree.node()))
        }
        "spdx3-json" => spdx3::check(&read_node(bytes)?),
        "purls" => (String::new(), values::lines(bytes)),
        // Others have no specification but the program that writes them.
        _ => {
            if let Some(reader) = format.reader {
                (reader.read)(bytes)?;
            }
            (String::new(), Vec::new())
        }
    };
    problems.dedup();
    Ok(Verdict {
        format,
        version,
        problems,
    })
}

/// What breaks the structure that the schema of a version demands, whatever it means. Nothing if
/// there is no such format.
pub fn check_structure(format: &str, version: &str, document: &Node) -> Option<Vec<Problem>> {
    Some(match format {
        "cyclonedx-json" => {
            let minor = crate::cyclonedx::minor(version);
            structure(rules::cyclonedx(minor), "document", document)
        }
        "spdx-json" => structure(rules::spdx_2_3(), "document", document),
        "spdx3-json" => structure(rules::spdx_3_0_1(), "document", document),
        _ => return None,
    })
}

/// What breaks the rules of a version.
fn structure(rules: &rules::Rules, name: &str, node: &Node) -> Vec<Problem> {
    rules
        .problems(name, node, "")
        .into_iter()
        .map(|problem| Problem::new(problem.pointer, problem.text))
        .collect()
}

/// Collects a whole tree from its parts.
#[derive(Debug, Default)]
struct Tree {
    fields: crate::node::Fields,
    lists: Vec<(String, Vec<Node>)>,
}

impl Tree {
    fn node(mut self) -> Node {
        let lists = self
            .lists
            .into_iter()
            .map(|(name, list)| (name.into(), Node::List(list)));
        self.fields.extend(lists);
        Node::Object(self.fields)
    }
}

impl ObjectReader for Tree {
    fn is_long(&self, _name: &str) -> bool {
        true
    }

    fn element(&mut self, name: &str, element: Node) {
        match self.lists.iter_mut().find(|(found, _)| found == name) {
            Some((_, list)) => list.push(element),
            None => self.lists.push((name.to_owned(), vec![element])),
        }
    }

    fn field(&mut self, name: String, value: Node) {
        self.fields.push((name.into(), value));
    }
}

/// The text as a part of a JSON pointer.
fn pointed(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
