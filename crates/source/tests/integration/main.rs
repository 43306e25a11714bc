//! Targets of every kind, honest and hostile, as their readers see them.

mod directories;
mod hostile;
mod images;
mod making;
mod seen;
