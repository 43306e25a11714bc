//! How many documents of a kind were looked at.

/// Documents of a kind that rules were asked about: what an empty list of findings is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentCount {
    /// The word for the kind in rules and formats: `github-workflow`.
    pub kind: &'static str,
    /// What one of them is called; the plural has an `s` behind it: `GitHub workflow`.
    pub noun: &'static str,
    /// How many there are.
    pub count: usize,
}
