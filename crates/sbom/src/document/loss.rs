//! What a writer could not say.

use std::collections::BTreeMap;

/// The number of examples that are kept of each sort.
const EXAMPLES: usize = 3;

/// One sort of loss.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loss {
    /// How often.
    pub count: u64,
    /// The first few places where: names of components, or values.
    pub examples: Vec<String>,
}

/// What a writer could not say, by sort. The sort is a fragment such as "scope of a dependency".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Losses {
    sorts: BTreeMap<String, Loss>,
}

impl Losses {
    /// Records that something was left out or changed.
    pub fn add(&mut self, sort: impl AsRef<str>, example: impl AsRef<str>) {
        if !self.sorts.contains_key(sort.as_ref()) {
            self.sorts.insert(sort.as_ref().to_owned(), Loss::default());
        }
        if let Some(loss) = self.sorts.get_mut(sort.as_ref()) {
            loss.count += 1;
            let example = example.as_ref();
            if loss.examples.len() < EXAMPLES && !loss.examples.iter().any(|known| known == example)
            {
                loss.examples.push(example.chars().take(200).collect());
            }
        }
    }

    /// Whether nothing was lost.
    pub fn is_empty(&self) -> bool {
        self.sorts.is_empty()
    }

    /// The sorts, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Loss)> {
        self.sorts.iter().map(|(sort, loss)| (sort.as_str(), loss))
    }
}
