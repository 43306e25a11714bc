//! Who is expected to have signed, and what.

use std::fmt;

use regex::{Regex, RegexBuilder};

use super::{Claim, Refusal, Signer};
use crate::sigstore::Vouched;
use crate::{PredicateType, PublicKey};

/// Who is expected to have signed what.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Who.
    pub signer: ExpectedSigner,
    /// What sort of statement.
    pub predicate_type: ExpectedType,
    /// Who must have seen the signature beside the signer. A certificate needs witnesses by
    /// itself; of a key's signature, this asks for them.
    pub witnesses: Vec<Witness>,
}

/// Who may have seen a signature beside the signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Witness {
    /// A transparency log of the trusted root.
    Log,
    /// A timestamp authority of the trusted root.
    TimestampAuthority,
}

/// Who is expected to have signed.
#[derive(Debug, Clone)]
pub enum ExpectedSigner {
    /// Whoever has the private key to this one.
    Key(PublicKey),
    /// Whom an authority of the trusted root calls so.
    Identity(IdentityPattern),
}

/// What sort of statement is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedType {
    /// A plain signature: over the artifact, or a statement that says no more than that. A signed
    /// report that an artifact is full of holes is no signature of it.
    Signature,
    /// A statement of this type.
    Exactly(PredicateType),
    /// Anything. Whoever asks for this looks at the type afterwards.
    Any,
}

/// Whom a certificate must name, and who must have vouched for the name.
#[derive(Debug, Clone)]
pub struct IdentityPattern {
    /// The name: an address of mail, or a workflow's URL.
    pub identity: TextPattern,
    /// The provider of identities, by its URL.
    pub issuer: TextPattern,
}

/// A text that is expected.
#[derive(Debug, Clone)]
pub enum TextPattern {
    /// Exactly this.
    Exact(String),
    /// A text that matches from its beginning to its end.
    Matching(WholePattern),
}

/// A regular expression that a whole text must match.
#[derive(Debug, Clone)]
pub struct WholePattern {
    text: String,
    compiled: Regex,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no regular expression: {why}")]
pub struct InvalidPattern {
    pattern: String,
    why: String,
}

impl TextPattern {
    /// A regular expression, which a text must match as a whole. Other programs are content with
    /// a match anywhere, so that `me@example\.org` lets `someme@example.org.evil` pass.
    pub fn matching(pattern: &str) -> Result<Self, InvalidPattern> {
        let compile = |text: &str| {
            RegexBuilder::new(text)
                .size_limit(1 << 20)
                .build()
                .map_err(|error| InvalidPattern {
                    pattern: pattern.chars().take(200).collect(),
                    why: error.to_string().lines().last().unwrap_or_default().into(),
                })
        };
        // By itself first: `a)|(b` must not break out of the parentheses put around it.
        compile(pattern)?;
        Ok(Self::Matching(WholePattern {
            text: pattern.to_owned(),
            compiled: compile(&format!(r"\A(?:{pattern})\z"))?,
        }))
    }

    fn accepts(&self, text: &str) -> bool {
        match self {
            Self::Exact(expected) => expected == text,
            Self::Matching(pattern) => pattern.compiled.is_match(text),
        }
    }
}

impl fmt::Display for TextPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(text) => write!(formatter, "`{text}`"),
            Self::Matching(pattern) => write!(formatter, "what matches `{}`", pattern.text),
        }
    }
}

impl IdentityPattern {
    /// Whether a certificate that was verified names whom we expect.
    pub(super) fn check(&self, vouched: &Vouched) -> Result<Signer, Refusal> {
        let identity = vouched
            .identity
            .as_ref()
            .filter(|identity| self.identity.accepts(identity))
            .ok_or_else(|| Refusal::Identity {
                expected: self.identity.to_string(),
                found: vouched.identity.clone(),
            })?;
        let issuer = vouched
            .issuer
            .as_ref()
            .filter(|issuer| self.issuer.accepts(issuer))
            .ok_or_else(|| Refusal::Issuer {
                expected: self.issuer.to_string(),
                found: vouched.issuer.clone(),
            })?;
        Ok(Signer::Identity {
            identity: identity.clone(),
            issuer: issuer.clone(),
        })
    }
}

impl Witness {
    /// Whether it has seen what was verified.
    pub(super) fn check(self, vouched: &Vouched) -> Result<(), Refusal> {
        let has_seen = match self {
            Self::Log => vouched.logged,
            Self::TimestampAuthority => vouched.stamped,
        };
        if has_seen {
            Ok(())
        } else {
            Err(Refusal::NoWitness(self))
        }
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Log => "an entry of a transparency log",
            Self::TimestampAuthority => "a stamp of a timestamp authority",
        })
    }
}

impl ExpectedType {
    pub(super) fn check(&self, claim: &Claim) -> Result<(), Refusal> {
        let found = match claim {
            Claim::Signature => PredicateType::signature(),
            Claim::Statement(statement) => statement.predicate_type().clone(),
        };
        let expected = match self {
            Self::Any => return Ok(()),
            Self::Signature => PredicateType::signature(),
            Self::Exactly(expected) => expected.clone(),
        };
        if found == expected {
            Ok(())
        } else {
            Err(Refusal::PredicateType { expected, found })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(pattern: &str, text: &str) -> bool {
        TextPattern::matching(pattern).unwrap().accepts(text)
    }

    #[test]
    fn a_pattern_is_about_the_whole_text() {
        assert!(accepts("https://example\\.org/.*", "https://example.org/x"));
        assert!(accepts("^a$", "a"));
        assert!(!accepts("me@example\\.org", "someme@example.org"));
        assert!(!accepts("me@example\\.org", "me@example.org.evil"));
        assert!(!accepts("a|b", "ab"));
        assert!(!accepts("a", "a\n"));
        assert!(!accepts("(?m)^a$", "a\nb"));
    }

    #[test]
    fn what_would_break_out_is_no_pattern() {
        for pattern in ["a)|(b", "(", "[", "(?x)a # b", "a{1000}{1000}{1000}"] {
            assert!(TextPattern::matching(pattern).is_err(), "{pattern}");
        }
    }
}
