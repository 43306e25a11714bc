//! Ways into a document: `securityContext.capabilities.add[0]`, `annotations["example.com/x"]`.

use linchpin_document::{Node, NodeValue, Position};

/// A step of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Name(String),
    Item(usize),
}

/// A way into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Vec<Step>);

/// A text is no way into a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no place; write it as `a.b[0]`, and names with dots as `a[\"b.c\"]`")]
pub struct InvalidPlace(pub String);

impl std::str::FromStr for Place {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let invalid = || InvalidPlace(text.chars().take(100).collect());
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("[\"") {
                let (name, after) = quoted.split_once("\"]").ok_or_else(invalid)?;
                steps.push(Step::Name(name.to_owned()));
                rest = after;
            } else if let Some(number) = rest.strip_prefix('[') {
                let (number, after) = number.split_once(']').ok_or_else(invalid)?;
                steps.push(Step::Item(number.parse().map_err(|_| invalid())?));
                rest = after;
            } else {
                if !steps.is_empty() {
                    rest = rest.strip_prefix('.').ok_or_else(invalid)?;
                }
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                if name.is_empty() {
                    return Err(invalid());
                }
                steps.push(Step::Name(name.to_owned()));
                rest = after;
            }
        }
        Ok(Self(steps))
    }
}

impl Place {
    /// Where it leads to, and how many of its steps could be gone. What is not there is said to be
    /// where it would belong: at the nearest thing around it that is there.
    pub(crate) fn locate(&self, node: &Node) -> (Position, usize) {
        let (mut node, mut position) = (node, node.start);
        for (gone, step) in self.0.iter().enumerate() {
            let next = match step {
                Step::Name(name) => node
                    .member(name)
                    .map(|member| (member.key_start, &member.value)),
                Step::Item(index) => match &node.value {
                    NodeValue::List(items) => items.get(*index).map(|item| (item.start, item)),
                    _ => None,
                },
            };
            let Some((at, inner)) = next else {
                return (position, gone);
            };
            (position, node) = (at, inner);
        }
        (position, self.0.len())
    }

    /// Its steps.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// How many steps it has.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_names_and_items() {
        let place: Place = "a.b[\"c.d/e\"][2].f".parse().unwrap();
        assert_eq!(place.len(), 5);
        for wrong in ["a.", "a..b", ".a", "a[", "a[x]", "a[\"b]", "a[0]b"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
