//! Cargo: <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>, as the crate
//! `semver` reads it, which is Cargo's own.

use semver::{Version, VersionReq};

pub(super) fn allows(range: &str, version: &str) -> Option<bool> {
    let range = if range.is_empty() { "*" } else { range };
    let range = VersionReq::parse(range).ok()?;
    Some(range.matches(&Version::parse(version).ok()?))
}
