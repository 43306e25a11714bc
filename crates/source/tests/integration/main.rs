//! Targets of every kind, honest and hostile, as their readers see them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod archives;
mod directories;
mod hostile;
mod hostile_archives;
mod images;
mod layer_order;
mod making;
mod seen;
mod zip_methods;
