//! Reading what packages say of their licence: one file of rules for all formats. Stray words
//! never become a licence: what is no SPDX expression and no known name is left out.

pub(crate) mod debian;
pub(crate) mod java;
mod names;
pub(crate) mod perl;
pub(crate) mod python;
pub(crate) mod r;
pub(crate) mod rpm;
pub(crate) mod text;

use linchpin_model::LicenseExpression;

pub(crate) use names::from_name;

/// A licence field that should hold an SPDX expression (npm, Cargo, PEP 639).
pub(crate) fn from_expression(text: &str) -> Option<LicenseExpression> {
    LicenseExpression::parse(text).ok()
}
