//! **Do next**: the few steps that remove the most risk.

use std::fmt::Write as _;
use std::io;

use linchpin_model::Step;

use super::{Page, by_severity};
use crate::Report;
use crate::paint::Look;
use crate::text::{columns, counted, sentence, unbroken, visible};

/// More than this nobody does in one go.
const MAX_STEPS: usize = 5;

/// Writes the steps, if there are any.
pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    if report.next.is_empty() {
        return Ok(());
    }
    page.section("Do next")?;
    for (number, step) in report.next.iter().take(MAX_STEPS).enumerate() {
        let first = format!("  {}. ", number + 1);
        page.prose(&first, Look::Plain, &sentence(&step.action))?;
        let indent = " ".repeat(columns(&first));
        if let Some(command) = &step.command {
            // A command stays on one line however long it is, so that it can be copied.
            let command = page.paint.paint(Look::Command, &visible(command));
            page.line(&format!("{indent}{command}"))?;
        }
        page.prose(&indent, Look::Dim, &effect(step, report))?;
    }
    Ok(())
}

/// `removes 4 findings (1 critical, 2 high) in srv/shop/package-lock.json`.
fn effect(step: &Step, report: &Report<'_>) -> String {
    let findings = || {
        step.removes
            .iter()
            .filter_map(|index| report.findings.get(*index))
    };
    let mut text = format!("removes {}", counted(findings().count(), "finding"));
    let parts = by_severity(findings());
    if !parts.is_empty() {
        let _ = write!(text, " ({})", parts.join(", "));
    }
    let exploited = findings().filter(|f| f.exploited.is_some()).count();
    if exploited > 0 {
        let _ = write!(text, ", {exploited} known to be exploited");
    }
    if let Some(place) = &step.place {
        let place = if place.is_root() {
            "the root folder".into()
        } else {
            visible(place.as_str())
        };
        let _ = write!(text, ", {}", unbroken(&format!("in {place}")));
    }
    text
}
