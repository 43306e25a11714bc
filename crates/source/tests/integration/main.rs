//! Targets of every kind, honest and hostile, as their readers see them.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod directories;
mod hostile;
mod images;
mod making;
mod seen;
