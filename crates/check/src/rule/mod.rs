//! A rule: what is wrong, why, what to write instead, and the expression that finds it.

mod reading;

use linchpin_expression::Expression;
use linchpin_model::Severity;

use crate::edit::Edit;
use crate::kind::{Kind, SubjectKind};
use crate::place::Place;

pub use reading::InvalidRule;
pub(crate) use reading::read;

/// A rule that can be asked.
#[derive(Debug)]
pub struct Rule {
    /// Its id, in lower case with hyphens: `kubernetes-privileged-container`. It never changes.
    pub id: String,
    /// What is wrong, as a sentence without a full stop: `A container runs privileged`.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// What sort of weakness it is: a word in lower case, such as `isolation`.
    pub category: String,
    /// Why it matters, in two sentences.
    pub why: String,
    /// What to write instead.
    pub fix: String,
    /// Where to read on.
    pub references: Vec<String>,
    /// What it applies to.
    pub kind: &'static Kind,
    /// What it looks at.
    pub each: &'static SubjectKind,
    /// The types that it looks at; none means all.
    pub of: Vec<String>,
    /// Whether the thing is wrong.
    pub when: Expression,
    /// Where the finding points, from the thing: the place that can be followed furthest. Without
    /// one it points at the thing.
    pub at: Vec<Place>,
    /// What is wrong with this very thing, instead of the title.
    pub message: Option<Expression>,
    /// What changes the document so that it finds nothing there any more, where that does not depend
    /// on the project.
    pub edit: Option<Edit>,
    /// Documents in which it finds nothing.
    pub pass: Vec<Example>,
    /// Documents in which it finds something.
    pub fail: Vec<Example>,
}

/// An example of a rule: its files, each with its path and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example(pub Vec<(String, String)>);
