//! The tree for people: what each thing is, and below it who signed it and when.

use linchpin_text::{counted, grouped, shorten_end, visible, wrap};
use linchpin_trust::UnverifiedSigner;

use super::{Leaf, State, Tree, What};
use crate::commands::verify::{apart, signer, when};

/// The columns before what a line says.
const INDENT: &str = "    ";
/// How much of a digest tells things apart.
const SHOWN_DIGITS: usize = 12;

/// The whole text.
pub(super) fn written(tree: &Tree, width: usize) -> String {
    let mut lines = vec![
        visible(&tree.image).into_owned(),
        tree.digest.to_string(),
        attached(tree.leaves.len()),
    ];
    for leaf in &tree.leaves {
        lines.push(String::new());
        lines.push(shorten_end(&heading(leaf), width).into_owned());
        for (name, text) in details(leaf) {
            let room = width.saturating_sub(INDENT.len() + 11).max(20);
            for (place, line) in wrap(&text, room).into_iter().enumerate() {
                let name = if place == 0 { name } else { "" };
                lines.push(format!("{INDENT}{name:<11}{line}"));
            }
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn attached(count: usize) -> String {
    match count {
        0 => "nothing is attached to it".to_owned(),
        1 => "1 thing is attached to it".to_owned(),
        count => format!("{} are attached to it", counted(count, "thing")),
    }
}

fn heading(leaf: &Leaf) -> String {
    let what = match &leaf.what {
        What::Says(predicate_type) => predicate_type
            .word()
            .unwrap_or(predicate_type.uri())
            .to_owned(),
        What::Called(called) if called.is_empty() => "something of no known type".to_owned(),
        What::Called(called) => visible(called).into_owned(),
    };
    let digits: String = leaf.manifest.hex().chars().take(SHOWN_DIGITS).collect();
    let layer = match leaf.layer {
        Some(layer) => format!(" layer {}", layer + 1),
        None => String::new(),
    };
    format!(
        "  {what}  {}:{digits}…{layer}  {} bytes",
        leaf.manifest.algorithm().name(),
        grouped(leaf.size)
    )
}

/// What is told below the heading: names and texts.
fn details(leaf: &Leaf) -> Vec<(&'static str, String)> {
    let mut details = Vec::new();
    match &leaf.state {
        State::Unverified(who) => details.push((
            "signed by",
            format!("{} (as it says itself, not verified)", claimed(who)),
        )),
        State::Verified(verified) => {
            let evidence = verified.evidence();
            details.push(("signed by", signer(&evidence.signer)));
            details.push(("when", when(evidence)));
            details.push(("verified", "yes".to_owned()));
        }
        State::Refused { message, .. } => {
            let message = visible(apart(message).0).into_owned();
            details.push(("refused", message));
        }
        State::Unsigned => details.push(("signed by", "nobody".to_owned())),
        State::Unavailable(message) => {
            let message = visible(apart(message).0).into_owned();
            details.push(("unknown", message));
        }
    }
    if leaf.form.starts_with("cosign") {
        details.push(("form", "that of cosign before version 3".to_owned()));
    }
    details
}

fn claimed(who: &UnverifiedSigner) -> String {
    match who {
        UnverifiedSigner::Key { hint } if hint.is_empty() => "a key".to_owned(),
        UnverifiedSigner::Key { hint } => format!("the key {}", visible(hint)),
        UnverifiedSigner::Certificate { identity, issuer } => {
            let named = |name: &Option<String>| match name {
                Some(name) => visible(name).into_owned(),
                None => "nobody".to_owned(),
            };
            format!("{}, for whom {} vouches", named(identity), named(issuer))
        }
        UnverifiedSigner::Unreadable => "a certificate that can not be read".to_owned(),
    }
}
