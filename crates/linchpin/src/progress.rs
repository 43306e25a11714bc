//! Shows that work is going on, on a terminal and nowhere else.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use linchpin_source::Progress;

use crate::printer::Printer;

/// A line that moves until it is dropped.
#[derive(Debug)]
pub(crate) struct Activity(Option<ProgressBar>);

impl Activity {
    /// Shows how many files of the target were seen.
    pub(crate) fn reading(printer: &Printer, progress: &Progress) -> Self {
        let progress = progress.clone();
        Self::new(printer, "reading", move |_, out| {
            let _ = write!(out, "{} files", progress.entries());
        })
    }

    /// Shows that something is being done.
    pub(crate) fn doing(printer: &Printer, what: &'static str) -> Self {
        Self::new(printer, what, |_, _| {})
    }

    fn new(
        printer: &Printer,
        what: &'static str,
        detail: impl Fn(&ProgressState, &mut dyn std::fmt::Write) + Send + Sync + Clone + 'static,
    ) -> Self {
        if !printer.shows_progress() {
            return Self(None);
        }
        let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {detail}") else {
            return Self(None);
        };
        let bar = ProgressBar::new_spinner()
            .with_style(style.with_key("detail", detail))
            .with_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(Some(bar))
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
