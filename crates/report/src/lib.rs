//! Findings for people and machines: one file per format in `formats/`.
//!
//! A [`Report`] holds the values that a scan came to; a format turns it into bytes. [`changes`]
//! does the same for what two scans differ in. Nothing here matches, scores or decides, and nothing here knows the terminal, the environment or the clock:
//! width and colour come in as [`WriteOptions`].

pub mod changes;
mod explain;
mod explainable;
mod format;
pub mod formats;
mod grounds;
mod markdown;
mod paint;
mod repair;
mod report;
mod template;

use linchpin_text as text;

pub use explain::explain;
pub use explainable::{
    ExplainableFinding, ExplainableLocation, ExplainablePackage, ExplainableReport,
};
pub use formats::{Format, json};
pub use json::EarlierReport;
pub use linchpin_text::visible as printable;
pub use report::{LeftOut, Report, WriteOptions};
pub use template::{InvalidTemplate, MOST_TEMPLATE, ReportTemplate, TemplateError};

/// A text of several lines, each made harmless for a terminal.
pub fn printable_lines(text: &str) -> String {
    text.lines()
        .map(|line| printable(line).into_owned() + "\n")
        .collect()
}
