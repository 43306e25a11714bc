//! Names of packages that are a project's own and should never come from a public registry.

/// Patterns of such names: `@acme/*`, `acme-*`, `acme.internal`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InternalNames(Vec<Internal>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Internal {
    pattern: String,
    /// The world and the host for which it was said, if it was said for one.
    only: Option<(&'static str, String)>,
}

/// Most patterns that are taken.
const MOST: usize = 1_000;

impl InternalNames {
    /// Names that hold in every world. A star at the end stands for anything.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        let patterns = patterns.into_iter().take(MOST);
        let patterns = patterns.map(|pattern| Internal {
            pattern,
            only: None,
        });
        Self(patterns.collect())
    }

    /// Adds names that a project fetches from a registry of its own: a scope of npm.
    pub(crate) fn add(&mut self, ecosystem: &'static str, pattern: String, host: &str) {
        let entry = Internal {
            pattern,
            only: Some((ecosystem, host.to_owned())),
        };
        if self.0.len() < MOST && !self.0.contains(&entry) {
            self.0.push(entry);
        }
    }

    /// Whether a name is one of the project's own, in whichever world.
    pub(crate) fn covers(&self, name: &str) -> bool {
        self.0.iter().any(|internal| internal.covers(name))
    }

    /// Whether a package should not come from a host, which is that of a public registry or not.
    pub(crate) fn forbids(&self, ecosystem: &str, name: &str, host: &str, is_public: bool) -> bool {
        !host.is_empty()
            && self.0.iter().any(|internal| {
                let is_wrong_host = match &internal.only {
                    None => is_public,
                    Some((of, own)) => *of == ecosystem && own != host,
                };
                is_wrong_host && internal.covers(name)
            })
    }
}

impl Internal {
    fn covers(&self, name: &str) -> bool {
        match self.pattern.strip_suffix('*') {
            Some(start) => !start.is_empty() && name.starts_with(start),
            None => name == self.pattern,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_come_from_own_hosts() {
        let mut names = InternalNames::new(["acme-*".to_owned(), "own".to_owned(), "*".to_owned()]);
        names.add("npm", "@acme/*".to_owned(), "npm.acme.example");
        for (ecosystem, name, host, is_public, forbidden) in [
            ("pypi", "acme-tools", "public.example", true, true),
            ("pypi", "acme-tools", "acme.example", false, false),
            ("pypi", "own", "public.example", true, true),
            ("pypi", "owner", "public.example", true, false),
            ("npm", "@acme/x", "public.example", true, true),
            ("npm", "@acme/x", "other.example", false, true),
            ("npm", "@acme/x", "npm.acme.example", false, false),
            ("npm", "@acme/x", "", false, false),
            ("pypi", "@acme/x", "public.example", true, false),
        ] {
            let forbids = names.forbids(ecosystem, name, host, is_public);
            assert_eq!(forbids, forbidden, "{ecosystem} {name} {host}");
        }
    }
}
