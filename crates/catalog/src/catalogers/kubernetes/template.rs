//! Manifests that a template engine fills in: only their lines can be looked at.

use linchpin_model::Scope;

use crate::references::References;

/// Reads images whose names are written out.
pub(super) fn read(text: &str, references: &mut References) {
    for line in text.lines() {
        let line = line.trim_start();
        let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
        let Some(name) = line.strip_prefix("image:") else {
            continue;
        };
        let name = name.split(" #").next().unwrap_or_default().trim();
        let name = name.trim_matches(['"', '\'']);
        if !name.is_empty() && !name.contains("{{") {
            references.add_image_if_one(name, Scope::Runtime);
        }
    }
}

/// Whether lines begin as those of a manifest do.
pub(super) fn has_a_manifests_head(text: &str) -> bool {
    let begins = |word: &str| text.lines().any(|line| line.starts_with(word));
    begins("apiVersion:") && begins("kind:")
}
