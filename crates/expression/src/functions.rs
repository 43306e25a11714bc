//! The functions beyond those that every implementation of the language has: `matches`, which
//! remembers the patterns that it has compiled, and the common extensions for texts and lists.

use std::cell::RefCell;
use std::collections::HashMap;

use cel::common::types::{CelBool, CelString};
use cel::{Env, ExecutionError};
use regex::{Regex, RegexBuilder};

/// Largest pattern, compiled, in bytes.
const MOST_PATTERN: usize = 1 << 20;

/// Most patterns that one thread remembers.
const MOST_PATTERNS: usize = 2_000;

/// Adds them.
///
/// # Panics
/// If a function of this name is there already, which is a mistake in this file.
pub(crate) fn add(environment: &mut Env) {
    cel::extensions::strings(environment).expect("declared once");
    cel::extensions::lists(environment).expect("declared once");
    cel::add_member_overload!(environment, fn matches: (CelString<'_>, CelString<'_>) -> Result<CelBool>)
        .expect("declared once");
}

thread_local! {
    /// An expression asks for the same few patterns of thousands of values.
    static PATTERNS: RefCell<HashMap<String, Regex>> = RefCell::default();
}

/// Whether a text has a match of a pattern in it.
fn matches(text: &CelString<'_>, pattern: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    PATTERNS.with_borrow_mut(|patterns| {
        if let Some(known) = patterns.get(pattern.inner()) {
            return Ok(CelBool::from(known.is_match(text.inner())));
        }
        let compiled = RegexBuilder::new(pattern.inner())
            .size_limit(MOST_PATTERN)
            .build()
            .map_err(|error| ExecutionError::FunctionError {
                function: "matches".to_owned(),
                message: error.to_string(),
            })?;
        let matched = compiled.is_match(text.inner());
        if patterns.len() >= MOST_PATTERNS {
            patterns.clear();
        }
        patterns.insert(pattern.inner().to_owned(), compiled);
        Ok(CelBool::from(matched))
    })
}
