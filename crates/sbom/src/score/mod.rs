//! How complete a document is, by the lists of minimum elements that authorities have published.
//!
//! Each standard is one file with its elements. An element is a part of the document as a whole or
//! of every component; its points are the share of those that have it. A standard's points are the
//! mean of its elements, out of 100. Files that only say where a component is are not judged: no
//! standard asks for their suppliers.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of one lifetime is no function for every lifetime"
)]

mod bsi_tr_03183_2;
mod cisa_2025;
mod facts;
mod ntia_2021;

use crate::document::Document;
use facts::Facts;

/// A standard.
#[derive(Debug, Clone, Copy)]
pub struct Standard {
    /// A word for it.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it demands.
    pub elements: &'static [Element],
}

/// All that are asked.
pub static STANDARDS: &[Standard] = &[
    ntia_2021::STANDARD,
    cisa_2025::STANDARD,
    bsi_tr_03183_2::STANDARD,
];

/// What a standard demands.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// A word for it, unique within the standard.
    pub id: &'static str,
    /// What it is, in the standard's words or close to them.
    pub name: &'static str,
    /// Where a writer of documents puts it.
    pub hint: &'static str,
    test: Test,
}

/// How it is found out.
#[derive(Debug, Clone, Copy)]
enum Test {
    /// Something that the document has or has not.
    Document(fn(&Facts<'_>) -> bool),
    /// Something that each component has or has not.
    Component(fn(&Facts<'_>, &crate::document::Component) -> bool),
}

/// How well a document does by one standard.
#[derive(Debug, Clone)]
pub struct StandardScore {
    /// Which.
    pub standard: &'static Standard,
    /// Of 100.
    pub points: f64,
    /// From A to F.
    pub grade: char,
    /// Each element.
    pub elements: Vec<ElementScore>,
}

/// How well a document does by one element.
#[derive(Debug, Clone)]
pub struct ElementScore {
    /// Which.
    pub element: &'static Element,
    /// Whether it is about the document as a whole.
    pub of_document: bool,
    /// How many have it.
    pub having: usize,
    /// Of how many.
    pub of: usize,
    /// The names of the components that have not, in the document's order.
    pub missing: Vec<String>,
}

impl ElementScore {
    /// The share of those that have it, from 0 to 1.
    pub fn share(&self) -> f64 {
        match self.of {
            0 => 1.0,
            of => self.having as f64 / of as f64,
        }
    }
}

/// How well a document does.
#[derive(Debug, Clone)]
pub struct Score {
    /// Of 100: the mean of the standards.
    pub points: f64,
    /// From A to F.
    pub grade: char,
    /// How many components were judged.
    pub components: usize,
    /// By each standard.
    pub standards: Vec<StandardScore>,
}

impl Score {
    /// The points by the standard with this id, if there is one.
    pub fn by(&self, standard: &str) -> Option<f64> {
        let mut standards = self.standards.iter();
        let found = standards.find(|score| score.standard.id == standard)?;
        Some(found.points)
    }
}

/// Judges a document.
pub fn score(document: &Document) -> Score {
    let facts = Facts::new(document);
    let standards: Vec<StandardScore> = STANDARDS
        .iter()
        .map(|standard| {
            let elements: Vec<ElementScore> = standard
                .elements
                .iter()
                .map(|element| judged(element, &facts))
                .collect();
            let points = mean(elements.iter().map(|element| element.share() * 100.0));
            StandardScore {
                standard,
                points,
                grade: grade(points),
                elements,
            }
        })
        .collect();
    let points = mean(standards.iter().map(|standard| standard.points));
    Score {
        points,
        grade: grade(points),
        components: facts.components.len(),
        standards,
    }
}

fn judged(element: &'static Element, facts: &Facts<'_>) -> ElementScore {
    match element.test {
        Test::Document(has) => ElementScore {
            element,
            of_document: true,
            having: usize::from(has(facts)),
            of: 1,
            missing: Vec::new(),
        },
        Test::Component(has) => {
            let missing: Vec<String> = facts
                .components
                .iter()
                .filter(|component| !has(facts, component))
                .map(|component| {
                    let version = component.version.as_deref().unwrap_or_default();
                    format!("{} {version}", component.full_name())
                        .trim_end()
                        .to_owned()
                })
                .collect();
            ElementScore {
                element,
                of_document: false,
                having: facts.components.len() - missing.len(),
                of: facts.components.len(),
                missing,
            }
        }
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    match values.len() {
        0 => 0.0,
        count => values.sum::<f64>() / count as f64,
    }
}

/// A from 90 points on, then ten points for each letter, F below 50.
fn grade(points: f64) -> char {
    match points {
        90.0.. => 'A',
        80.0.. => 'B',
        70.0.. => 'C',
        60.0.. => 'D',
        50.0.. => 'E',
        _ => 'F',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_go_down_by_tens() {
        let grades: String = [100.0, 90.0, 89.9, 70.0, 69.0, 55.0, 49.9, 0.0]
            .map(grade)
            .iter()
            .collect();
        assert_eq!(grades, "AABCDEFF");
    }

    #[test]
    fn ids_are_unique_and_hints_are_there() {
        for standard in STANDARDS {
            for element in standard.elements {
                let same = standard
                    .elements
                    .iter()
                    .filter(|other| other.id == element.id);
                assert_eq!(same.count(), 1, "{}", element.id);
                assert!(element.hint.len() > 10, "{}", element.id);
            }
        }
    }
}
