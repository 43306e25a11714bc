//! The settings of gitleaks: what a project allows and looks for already counts here as well.
//! <https://github.com/gitleaks/gitleaks#configuration>
//!
//! Read are allow-lists (paths, patterns and words; also `[[allowlists]]`) and rules of the project's own
//! with a pattern and words. What gitleaks' own rules are is not taken from it: this program has its
//! own.

use linchpin_model::Severity;
use regex::bytes::Regex;
use serde::Deserialize;

use super::kind::{Pattern, SecretKind, compile};

/// Most patterns and rules of a file.
const MOST: usize = 1_000;

/// What a file says.
#[derive(Debug, Default)]
pub struct GitleaksSettings {
    /// Kinds of secrets of the project's own.
    pub kinds: Vec<SecretKind>,
    paths: Vec<Regex>,
    secrets: Vec<Regex>,
    words: Vec<String>,
    /// What has no meaning here, in sentences without a full stop.
    pub notes: Vec<String>,
}

/// Why a file is none.
#[derive(Debug, thiserror::Error)]
pub enum InvalidGitleaks {
    /// It is no TOML of the right shape.
    #[error("it is no configuration of gitleaks: {0}")]
    Toml(String),
    /// A pattern is none.
    #[error("`{0}`: {1}")]
    Pattern(String, String),
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default, alias = "allowList")]
    allowlist: Option<AllowList>,
    #[serde(default)]
    allowlists: Vec<AllowList>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    #[serde(default)]
    description: String,
    regex: Option<String>,
    entropy: Option<f64>,
    secret_group: Option<usize>,
    #[serde(default)]
    keywords: Vec<String>,
}

#[derive(Deserialize)]
struct AllowList {
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    stopwords: Vec<String>,
}

impl GitleaksSettings {
    /// Understands the text of a file.
    pub fn read(text: &str) -> Result<Self, InvalidGitleaks> {
        let file: File = toml::from_str(text)
            .map_err(|error| InvalidGitleaks::Toml(error.message().to_owned()))?;
        let mut settings = Self::default();
        for list in file.allowlist.into_iter().chain(file.allowlists).take(MOST) {
            for pattern in list.paths.iter().take(MOST) {
                settings.paths.push(understood("paths", pattern)?);
            }
            for pattern in list.regexes.iter().take(MOST) {
                settings.secrets.push(understood("regexes", pattern)?);
            }
            let words = list.stopwords.into_iter().take(MOST);
            settings.words.extend(words.map(|word| word.to_lowercase()));
        }
        for rule in file.rules.into_iter().take(MOST) {
            settings.add_rule(rule)?;
        }
        Ok(settings)
    }

    fn add_rule(&mut self, rule: Rule) -> Result<(), InvalidGitleaks> {
        let keywords: Vec<String> = rule
            .keywords
            .iter()
            .filter(|word| word.len() >= 3)
            .map(|word| word.to_lowercase())
            .collect();
        let Some(pattern) = rule.regex else {
            return Ok(());
        };
        let missing = match (keywords.is_empty(), rule.secret_group.unwrap_or(1)) {
            (true, _) => Some("has no keywords of three letters or more"),
            (_, group) if group > 1 => Some("names a group other than the first"),
            _ => None,
        };
        if let Some(missing) = missing {
            self.notes.push(format!(
                "the rule `{}` of gitleaks {missing}, and is not used",
                rule.id
            ));
            return Ok(());
        }
        compile(&pattern).map_err(|error| InvalidGitleaks::Pattern(rule.id.clone(), error))?;
        let title = match rule.description.trim().trim_end_matches('.') {
            "" => format!("What the rule {} finds", rule.id),
            text => text.to_owned(),
        };
        self.kinds.push(SecretKind {
            id: rule.id,
            title,
            severity: Severity::High,
            keywords,
            pattern: Pattern::new(pattern),
            entropy: rule.entropy.unwrap_or(0.0),
            checksum: None,
            inside_words: true,
            placeholders: true,
            reach: 2_000,
            revoke: "where it was issued".to_owned(),
            reference: None,
        });
        Ok(())
    }

    /// Whether all that lies at a path is allowed.
    pub(super) fn allows_path(&self, path: &str) -> bool {
        self.paths
            .iter()
            .any(|pattern| pattern.is_match(path.as_bytes()))
    }

    /// Whether a secret is allowed.
    pub(super) fn allows(&self, secret: &[u8]) -> bool {
        if self.secrets.iter().any(|pattern| pattern.is_match(secret)) {
            return true;
        }
        let text = String::from_utf8_lossy(secret).to_lowercase();
        self.words.iter().any(|word| text.contains(word))
    }
}

fn understood(name: &str, pattern: &str) -> Result<Regex, InvalidGitleaks> {
    compile(pattern).map_err(|error| InvalidGitleaks::Pattern(name.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allow_lists_and_rules_are_read() {
        let settings = GitleaksSettings::read(
            "title = 'x'\n[allowlist]\npaths = ['''(^|/)tests/''']\nregexes = ['^demo-']\n\
             stopwords = ['Staging']\n[[rules]]\nid = 'own'\ndescription = 'Our key'\n\
             regex = 'own_([a-z]{8})'\nkeywords = ['own_']\n[[rules]]\nid = 'bare'\nregex = 'x'\n",
        )
        .unwrap();
        assert!(settings.allows_path("a/tests/b") && !settings.allows_path("a/b"));
        assert!(settings.allows(b"demo-1") && settings.allows(b"my-staging-key"));
        assert!(!settings.allows(b"other"));
        assert_eq!(settings.kinds[0].id, "own");
        assert_eq!(settings.notes.len(), 1);
    }

    #[test]
    fn what_is_no_configuration_is_told() {
        assert!(GitleaksSettings::read("[").is_err());
        let error = GitleaksSettings::read("[allowlist]\nregexes = ['(']").unwrap_err();
        assert!(error.to_string().starts_with("`regexes`: "), "{error}");
    }
}
