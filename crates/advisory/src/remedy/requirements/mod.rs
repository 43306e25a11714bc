//! Whether what somebody asks for allows a version, by the rules of the ecosystem's own client.
//!
//! One file for each notation. What is no range of versions, such as an address, allows and
//! forbids nothing that could be said here.

mod cargo;
mod go;
mod npm;
mod pypi;
mod rubygems;

use linchpin_model::Ecosystem;

/// The longest requirement that is read; the real ones are far shorter.
const LONGEST: usize = 4096;

/// Whether a range allows a version. Nothing where either can not be understood.
pub fn allows(ecosystem: Ecosystem, range: &str, version: &str) -> Option<bool> {
    let range = range.trim();
    if range.len() > LONGEST || version.len() > LONGEST {
        return None;
    }
    match ecosystem {
        Ecosystem::Npm => npm::allows(range, version),
        Ecosystem::Cargo => cargo::allows(range, version),
        Ecosystem::PyPi => pypi::allows(range, version),
        Ecosystem::Go => go::allows(range, version),
        Ecosystem::RubyGems => rubygems::allows(range, version),
        _ => None,
    }
}
