//! Which folders belong to a project as workspaces:
//! <https://docs.npmjs.com/cli/using-npm/workspaces>.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use linchpin_model::TargetPath;

/// Most patterns of one project that are looked at.
const MOST_PATTERNS: usize = 1000;

/// The patterns of a project's workspaces, compiled.
#[derive(Debug)]
pub(in crate::catalogers) struct Workspaces {
    included: GlobSet,
    excluded: GlobSet,
}

impl Workspaces {
    /// Compiles patterns; one that is no glob matches nothing.
    pub(in crate::catalogers) fn compile(patterns: &[Box<str>]) -> Self {
        let mut included = GlobSetBuilder::new();
        let mut excluded = GlobSetBuilder::new();
        for pattern in patterns.iter().take(MOST_PATTERNS) {
            let (set, pattern) = match pattern.strip_prefix('!') {
                Some(pattern) => (&mut excluded, pattern),
                None => (&mut included, pattern.as_ref()),
            };
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
                set.add(glob);
            }
        }
        Self {
            included: included.build().unwrap_or_default(),
            excluded: excluded.build().unwrap_or_default(),
        }
    }

    /// Whether a folder, as a path below the project, is one of its workspaces.
    pub(in crate::catalogers) fn contain(&self, relative: &str) -> bool {
        self.included.is_match(relative) && !self.excluded.is_match(relative)
    }

    /// The folders of a sorted map that are workspaces of the project in `root`.
    pub(in crate::catalogers) fn members<'a, T>(
        &self,
        root: &'a TargetPath,
        folders: &'a BTreeMap<TargetPath, T>,
    ) -> Vec<(&'a TargetPath, &'a T)> {
        if self.included.is_empty() {
            return Vec::new();
        }
        folders
            .range(root.clone()..)
            .take_while(|(folder, _)| folder.as_str().starts_with(root.as_str()))
            .filter(|(folder, _)| {
                relative_to(root, folder).is_some_and(|relative| self.contain(relative))
            })
            .collect()
    }
}

/// A folder as a path below another; nothing if it is not below it.
pub(in crate::catalogers) fn relative_to<'a>(
    root: &TargetPath,
    folder: &'a TargetPath,
) -> Option<&'a str> {
    if root.is_root() {
        return (!folder.is_root()).then_some(folder.as_str());
    }
    folder
        .as_str()
        .strip_prefix(root.as_str())?
        .strip_prefix('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_say_what_belongs() {
        let patterns = ["packages/*", "./apps/**/", "!packages/old", "[", "one"].map(Into::into);
        let workspaces = Workspaces::compile(&patterns);
        for folder in ["packages/a", "apps/x/y", "one"] {
            assert!(workspaces.contain(folder), "{folder}");
        }
        for folder in ["packages", "packages/a/b", "packages/old", "two"] {
            assert!(!workspaces.contain(folder), "{folder}");
        }
    }
}
