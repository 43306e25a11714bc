//! The distribution, from `os-release`: <https://www.freedesktop.org/software/systemd/man/os-release.html>.
//!
//! It finds no packages; those of the distribution need its name and release.

use linchpin_model::{CatalogerId, Distribution};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};

pub(super) static CATALOGER: OsRelease = OsRelease;

pub(super) struct OsRelease;

impl Cataloger for OsRelease {
    type Fragment = Distribution;
    const ID: CatalogerId = CatalogerId("os-release");
    const DOCUMENTATION: &'static str = "Reads `etc/os-release` and `usr/lib/os-release` at the root of the target, \
        which name the distribution and its release. Finds no packages itself.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Path("etc/os-release"),
        Pattern::Path("usr/lib/os-release"),
    ];
    const STAGE: Stage = Stage::Distribution;

    fn read(entry: &Entry<'_>) -> Parsed<Distribution> {
        let text = String::from_utf8_lossy(entry.content);
        let mut distribution = Distribution::default();
        for line in text.lines() {
            let Some((key, value)) = line.trim().split_once('=') else {
                continue;
            };
            let value = || Some(unquote(value)).filter(|value| !value.is_empty());
            match key {
                "ID" => distribution.id = value().unwrap_or_default().to_lowercase(),
                "VERSION_ID" => distribution.version = value(),
                "VERSION_CODENAME" => distribution.codename = value(),
                "PRETTY_NAME" => distribution.pretty_name = value(),
                _ => {}
            }
        }
        if distribution.id.is_empty() {
            return Parsed::failed("it names no distribution: there is no line `ID=`");
        }
        Parsed::clean(distribution)
    }

    fn assemble(fragments: Vec<Located<Distribution>>, assembly: &mut Assembly<'_>) {
        // `etc/` sorts before `usr/`, and is the one that counts.
        for fragment in fragments {
            assembly.inventory.set_distribution(fragment.value);
        }
    }
}

/// A value as a shell would read it: quotes fall away, and so do backslashes within them.
fn unquote(value: &str) -> String {
    let value = value.trim();
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value);
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}
