//! The manifest `deno.json`: <https://docs.deno.com/runtime/fundamentals/configuration/>.

use linchpin_model::LicenseExpression;

use crate::documents::json::Loose;
use crate::licenses;

/// Most imports of one manifest.
const MOST_IMPORTS: usize = 10_000;

/// What is taken of it.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Manifest {
    pub(super) name: Option<Box<str>>,
    pub(super) version: Option<Box<str>>,
    pub(super) license: Option<LicenseExpression>,
    /// What its imports stand for.
    pub(super) imports: Vec<Box<str>>,
}

impl Manifest {
    pub(super) fn read(document: &Loose<'_>) -> Self {
        let text = |member: &str| document.get(member).and_then(Loose::text);
        let imports = document.get("imports").into_iter().flat_map(Loose::members);
        // `"@std/"` beside `"@std"` names the same package once more.
        let mut imports: Vec<Box<str>> = imports
            .take(MOST_IMPORTS)
            .filter_map(|(_, value)| Some(value.text()?.trim_end_matches('/').into()))
            .collect();
        imports.sort();
        imports.dedup();
        Self {
            name: text("name").map(Into::into),
            version: text("version").map(Into::into),
            license: text("license").and_then(licenses::from_expression),
            imports,
        }
    }
}
