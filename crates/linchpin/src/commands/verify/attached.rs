//! Looking through all that is attached to an image for one bundle that holds.
//!
//! One that can not be had, or of which it can not be told, does not stand in the way of another
//! that holds; but where none holds, nobody knows what it would have said, and there is no answer.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_report::printable;
use linchpin_text::counted;
use linchpin_trust::{AttachedContent, Expectation, TrustedRoot};

use super::{Answer, Refused, Tried, answer, apart, judge};
use crate::artifacts::Signable;
use crate::evidence;
use crate::printer::Printer;

/// How many refusals are told one by one.
const TOLD: usize = 5;

/// Why none holds.
#[derive(Debug, thiserror::Error)]
enum NoneHolds {
    #[error(
        "nothing that is signed is attached to it\nhint: a bundle that lies elsewhere is named with `--bundle`; `linchpin sign` makes a signature"
    )]
    NothingAttached,
    #[error("none of the {} that are attached to it holds", counted(*.0, "bundle"))]
    Several(usize),
}

/// The answer, and where the bundle that decided was found.
pub(super) fn look_through(
    signable: &Signable,
    beside: Option<&Path>,
    expectation: &Expectation,
    root: &TrustedRoot,
) -> Result<(Answer, String)> {
    let mut tried: Vec<(Tried, Refused)> = Vec::new();
    let mut undecided = None;
    if let Some(path) = beside {
        let place = path.display().to_string();
        match answer(signable, path, expectation, root) {
            Ok(Ok(verified)) => return Ok((Ok(verified), place)),
            Ok(Err(refused)) => tried.push(refused.at(place)),
            Err(error) => undecided = Some(error),
        }
    }
    let mut held = None;
    evidence::visit(signable, &mut |attached| {
        let place = evidence::place(signable, &attached);
        let answer = match attached.content {
            AttachedContent::Bundle(bundle) => judge(signable, &bundle, &place, expectation, root),
            AttachedContent::NoBundle(none) => Ok(Err(Refused::new("bundle-invalid", none))),
            AttachedContent::Unavailable(error) => Err(error)
                .with_context(|| format!("`{place}` can not be had"))
                .with_context(|| evidence::reading(signable)),
            AttachedContent::Other => return ControlFlow::Continue(()),
        };
        match answer {
            Ok(Ok(verified)) => {
                held = Some((verified, place));
                return ControlFlow::Break(());
            }
            Ok(Err(refused)) => tried.push(refused.at(place)),
            Err(error) => undecided = undecided.take().or(Some(error)),
        }
        ControlFlow::Continue(())
    })?;
    if let Some((verified, place)) = held {
        return Ok((Ok(verified), place));
    }
    match undecided {
        Some(error) => Err(error),
        None => Ok(none_holds(signable, tried)),
    }
}

/// The refusal that stands for all: the only one, or that there are several.
fn none_holds(signable: &Signable, mut tried: Vec<(Tried, Refused)>) -> (Answer, String) {
    // Statements of other types are no answer to what was asked, and are told last.
    tried.sort_by_key(|(tried, _)| tried.id == "predicate-type");
    let stored = || match signable {
        Signable::Image(image) => image.name(),
        Signable::Layout(layout) => layout.path.display().to_string(),
        Signable::File(_) | Signable::Digest(_) => String::new(),
    };
    let count = tried.len();
    if count == 1
        && let Some((tried, refused)) = tried.pop()
    {
        let place = tried.place.clone();
        let refused = Refused {
            tried: Some(vec![tried]),
            ..refused
        };
        return (Err(refused), place);
    }
    let all: Vec<Tried> = tried.into_iter().map(|(tried, _)| tried).collect();
    let mut refused = match all.first().map(|tried| tried.id) {
        None => Refused::new("nothing-attached", NoneHolds::NothingAttached),
        Some(first) => {
            let same = all.iter().all(|tried| tried.id == first);
            let id = if same { first } else { "none-holds" };
            Refused::new(id, NoneHolds::Several(count))
        }
    };
    refused.tried = Some(all);
    (Err(refused), stored())
}

impl Refused {
    /// What is told of it where it is one of several.
    fn at(self, place: String) -> (Tried, Self) {
        let tried = Tried {
            place,
            id: self.id,
            message: self.message(),
        };
        (tried, self)
    }

    /// Tells what was refused, if it was more than one thing: the first few, then a count.
    pub(super) fn tell(&self, printer: &Printer) {
        let tried = self.tried.as_deref().unwrap_or_default();
        if tried.len() < 2 {
            return;
        }
        let told = if printer.is_verbose() {
            tried.len()
        } else {
            TOLD
        };
        for tried in tried.iter().take(told) {
            let message = apart(&tried.message).0;
            printer.message(&format!(
                "refused: {}: {}",
                printable(&tried.place),
                printable(message)
            ));
        }
        if tried.len() > told {
            printer.message(&format!(
                "refused: and {} more (-v shows all)",
                tried.len() - told
            ));
        }
    }
}
