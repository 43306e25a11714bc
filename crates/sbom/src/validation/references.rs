//! References that lead nowhere, ids that are there twice, and things inside of themselves.

use std::collections::{HashMap, HashSet};

use super::Problem;

/// The ids of a document.
#[derive(Debug, Default)]
pub(super) struct Ids {
    places: HashMap<String, String>,
}

impl Ids {
    /// Takes an id. One that is known is a problem.
    pub(super) fn take(&mut self, id: &str, place: String, problems: &mut Vec<Problem>) {
        if let Some(first) = self.places.get(id) {
            problems.push(Problem::new(
                place,
                format!("has the id `{id}`, as {first} has"),
            ));
        } else {
            self.places.insert(id.to_owned(), place);
        }
    }

    /// Whether something has this id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// Says so if nothing has this id.
    pub(super) fn want(&self, id: &str, place: String, problems: &mut Vec<Problem>) {
        if !self.has(id) {
            problems.push(Problem::new(
                place,
                format!("refers to `{id}`, which is not in the document"),
            ));
        }
    }
}

/// What contains what.
#[derive(Debug, Default)]
pub(super) struct Containment {
    inside: HashMap<String, Vec<String>>,
}

impl Containment {
    /// One is inside of the other.
    pub(super) fn add(&mut self, whole: &str, part: &str) {
        self.inside
            .entry(whole.to_owned())
            .or_default()
            .push(part.to_owned());
    }

    /// The things that are inside of themselves, the first of each circle.
    pub(super) fn circles(&self) -> Vec<&str> {
        let mut done: HashSet<&str> = HashSet::new();
        let mut circles = Vec::new();
        let mut starts: Vec<&str> = self.inside.keys().map(String::as_str).collect();
        starts.sort_unstable();
        for start in starts {
            if done.contains(start) {
                continue;
            }
            // The way from the start, with the number of parts of each that have been looked at.
            let mut way: Vec<(&str, usize)> = vec![(start, 0)];
            let mut on_way: HashSet<&str> = HashSet::from([start]);
            while let Some((at, next)) = way.last_mut() {
                let part = self.inside.get(*at).and_then(|parts| parts.get(*next));
                *next += 1;
                match part {
                    Some(part) if on_way.contains(part.as_str()) => circles.push(part.as_str()),
                    Some(part) if done.contains(part.as_str()) => {}
                    Some(part) => {
                        on_way.insert(part);
                        way.push((part, 0));
                    }
                    None => {
                        if let Some((at, _)) = way.pop() {
                            on_way.remove(at);
                            done.insert(at);
                        }
                    }
                }
            }
        }
        circles.dedup();
        circles
    }
}
