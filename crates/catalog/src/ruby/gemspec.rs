//! The specification of a gem, a Ruby program: as RubyGems writes it for an installed gem
//! (`specifications/*.gemspec`), and as people write it for their projects.
//! <https://guides.rubygems.org/specification-reference/>.
//!
//! Only literals are read. A version that is a constant of the program is not known.

use linchpin_model::Scope;

use crate::documents::code::{Lexicon, Piece, SCRIPT, read_code, split};

/// Something that a gem needs.
#[derive(Debug)]
pub(crate) struct Requirement {
    /// The gem's name.
    pub(crate) name: Box<str>,
    /// The version, if only one will do.
    pub(crate) version: Option<Box<str>>,
    /// What for.
    pub(crate) scope: Scope,
}

/// What is read of a specification.
#[derive(Debug, Default)]
pub(crate) struct Gemspec {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) platform: Option<String>,
    pub(crate) licenses: Vec<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) summary: Option<String>,
    pub(crate) requirements: Vec<Requirement>,
    /// How many requirements are no literals.
    pub(crate) not_understood: usize,
}

const RUBY: Lexicon = Lexicon {
    lines: true,
    multiline: true,
    ..SCRIPT
};

/// Ruby as far as texts go: `%q<text>` is a text too.
pub(crate) fn ruby_code<T>(text: &str, read: impl FnOnce(&[Piece<'_>]) -> T) -> Result<T, String> {
    let mut quoted = String::with_capacity(text.len());
    let mut parts = text.split("%q<");
    quoted.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once('>') {
            Some((name, rest)) if !name.contains(['"', '\n']) => {
                quoted.push('"');
                quoted.push_str(name);
                quoted.push('"');
                quoted.push_str(rest);
            }
            _ => quoted.push_str(part),
        }
    }
    Ok(read(&read_code(&quoted, &RUBY)?))
}

/// The version that a requirement such as `= 1.2` or `1.2` allows, if it is only one.
pub(crate) fn exact_version(requirement: &str) -> Option<&str> {
    let version = requirement.trim();
    let version = version.strip_prefix('=').unwrap_or(version).trim();
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '.');
    is_version.then_some(version)
}

impl Gemspec {
    /// Reads a specification.
    pub(crate) fn parse(content: &[u8]) -> Result<Self, String> {
        let text = String::from_utf8_lossy(content);
        let mut found = ruby_code(&text, Self::from_code)?;
        // RubyGems writes name, version and platform into a comment, to find them without Ruby.
        let stub = text
            .lines()
            .take(5)
            .find_map(|line| line.strip_prefix("# stub: "));
        if let Some(stub) = stub {
            let mut words = stub.split(' ').map(str::to_owned);
            found.name = words.next().or(found.name);
            found.version = words.next().or(found.version);
            found.platform = words.next().or(found.platform);
        }
        found
            .requirements
            .dedup_by(|left, right| left.name == right.name && left.scope == right.scope);
        Ok(found)
    }

    fn from_code(pieces: &[Piece<'_>]) -> Self {
        let mut found = Self::default();
        // For a RubyGems of old, everything is said again behind an `else`, without telling
        // development apart.
        let mut is_other_branch = false;
        for line in split(pieces, '\n') {
            match line.first().and_then(Piece::word) {
                Some("else") => is_other_branch = true,
                Some("end") => is_other_branch = false,
                _ => {}
            }
            if is_other_branch {
                continue;
            }
            let Some(dot) = line.iter().position(|piece| piece.is('.')) else {
                continue;
            };
            if dot != 1 {
                continue;
            }
            let Some(Piece::Word(field)) = line.get(2) else {
                continue;
            };
            let rest = line.get(3..).unwrap_or_default();
            if let Some(scope) = scope_of(field) {
                found.add_requirement(rest, scope);
            } else if let Some(values) = rest.split_first().filter(|(mark, _)| mark.is('=')) {
                found.set(field, values.1);
            }
        }
        found
    }

    fn set(&mut self, field: &str, value: &[Piece<'_>]) {
        let text = || value.first().and_then(Piece::text).map(str::to_owned);
        let list = || {
            let inner = value.first().and_then(|piece| piece.group('['));
            let texts = inner.unwrap_or(value.get(..1).unwrap_or_default()).iter();
            texts
                .filter_map(|piece| piece.text().map(str::to_owned))
                .collect()
        };
        match field {
            "name" => self.name = text(),
            "version" => self.version = text(),
            "platform" => self.platform = text(),
            "summary" => self.summary = text(),
            "license" | "licenses" => self.licenses = list(),
            "author" | "authors" => self.authors = list(),
            _ => {}
        }
    }

    fn add_requirement(&mut self, arguments: &[Piece<'_>], scope: Scope) {
        // With brackets around the arguments or without.
        let arguments = arguments
            .first()
            .and_then(|first| first.group('('))
            .unwrap_or(arguments);
        let Some(name) = arguments.first().and_then(Piece::text) else {
            self.not_understood += 1;
            return;
        };
        let mut texts = Vec::new();
        for piece in arguments.iter().skip(1) {
            texts.extend(piece.text());
            texts.extend(piece.inner().iter().filter_map(Piece::text));
        }
        let version = match texts.as_slice() {
            [only] => exact_version(only).map(Into::into),
            _ => None,
        };
        self.requirements.push(Requirement {
            name: name.into(),
            version,
            scope,
        });
    }
}

fn scope_of(method: &str) -> Option<Scope> {
    match method {
        "add_runtime_dependency" | "add_dependency" => Some(Scope::Runtime),
        "add_development_dependency" => Some(Scope::Development),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_are_read() {
        let text = "# stub: a-b 1.0 java lib\nGem::Specification.new do |s|\n  s.name = \"a-b\".freeze\n  \
            s.version = \"1.0\"\n  s.licenses = [\"MIT\".freeze]\n  \
            s.add_runtime_dependency(%q<c-d>.freeze, [\"~> 1.0\".freeze])\n  \
            s.add_development_dependency 'e', '= 2.0'\n  s.add_dependency NAME\nend\n";
        let found = Gemspec::parse(text.as_bytes()).unwrap();
        assert_eq!(found.name.as_deref(), Some("a-b"));
        assert_eq!(found.platform.as_deref(), Some("java"));
        assert_eq!(found.licenses, ["MIT"]);
        assert_eq!(found.not_understood, 1);
        let names: Vec<(&str, Option<&str>)> = found
            .requirements
            .iter()
            .map(|needed| (needed.name.as_ref(), needed.version.as_deref()))
            .collect();
        assert_eq!(names, [("c-d", None), ("e", Some("2.0"))]);
    }
}
