//! Which packages a target contains.
//!
//! A [`Cataloger`] declares the files that it wants, turns each of them into a fragment, seeing
//! bytes and no other file, and then assembles the fragments of the whole target into packages
//! and edges, seeing no bytes. [`take_inventory`] drives all of them over one pass of a
//! [`Source`](linchpin_source::Source); [`take_inventory_with_requirements`] also reads what packages ask of each other,
//! which only advice needs.

mod addresses;
mod assembly;
mod base64_digest;
mod cataloger;
mod catalogers;
mod conda_packages;
mod debian_control;
mod documents;
mod driver;
mod equal_versions;
mod executable_files;
mod git_source;
mod go_modules;
mod hex;
mod image_reference;
mod license_files;
mod licenses;
mod lock_graph;
mod maven;
mod nuget_packages;
mod ownership;
mod package_graph;
mod package_roots;
mod packed_stream;
mod program_bytes;
mod program_header;
mod programs;
mod providers;
mod python;
mod references;
mod repository;
mod ruby;
mod shell_variables;

use linchpin_model::LicenseExpression;

pub use cataloger::{Cataloger, CatalogerFacts, RequirementReader};
pub use driver::{InventoryReader, read_with, take_inventory, take_inventory_with_requirements};

/// The licence of the SPDX list that a text is, if it is one and says nothing else.
pub fn license_of_text(text: &str) -> Option<LicenseExpression> {
    let recognised = licenses::text::Recogniser::default().recognise(text)?;
    Some(recognised.license)
}

/// All catalogers: their ids, what they read and how to fuzz them.
pub fn catalogers() -> impl Iterator<Item = CatalogerFacts> {
    catalogers::ALL.iter().map(|cataloger| cataloger.facts())
}
