//! What a policy holds: whom it believes, which builds it takes, its rules, and cases that show what
//! it decides.

use linchpin_document::Position;
use linchpin_expression::Expression;
use linchpin_model::{Digest, Timestamp};
use linchpin_trust::{ExpectedSigner, PredicateType};

use crate::Decision;

/// A policy that can be asked.
#[derive(Debug)]
pub struct Policy {
    /// What it is called: the file as it was named.
    pub name: String,
    /// The digest of its text, which a verdict names.
    pub digest: Option<Digest>,
    /// What it is for, in a sentence.
    pub title: String,
    /// Whom it believes.
    pub signers: Vec<TrustedSigner>,
    /// The builds whose provenance it takes.
    pub builds: Vec<TrustedBuild>,
    /// The names of its levels, from lenient to strict. May be empty.
    pub levels: Vec<Level>,
    /// The level up to which rules count; those above are reported. Without one all rules count.
    pub level: Option<Level>,
    /// Its rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// Its own cases.
    pub cases: Vec<Case>,
}

/// The name of a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level(pub String);

/// What a policy calls somebody whom it believes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignerName(pub String);

/// Somebody whom a policy believes.
#[derive(Debug, Clone)]
pub struct TrustedSigner {
    /// What it is called in rules and verdicts.
    pub name: SignerName,
    /// By what it is known.
    pub expected: ExpectedSigner,
    /// What it may speak of; none means anything.
    pub says: Option<Vec<PredicateType>>,
}

impl TrustedSigner {
    /// Whether it may speak of this.
    pub fn may_say(&self, predicate_type: &PredicateType) -> bool {
        self.says
            .as_ref()
            .is_none_or(|types| types.contains(predicate_type))
    }
}

/// A build whose provenance a policy takes. Texts are patterns in which `*` stands for any
/// characters.
#[derive(Debug, Clone, Default)]
pub struct TrustedBuild {
    /// The builder's id, exactly.
    pub builder: String,
    /// Who may speak for the builder; none means anybody whom the policy believes.
    pub signers: Option<Vec<SignerName>>,
    /// Up to which level of SLSA it is believed, 1 to 3.
    pub level: u8,
    /// The types of build that it may have made; none means any.
    pub build_types: Vec<String>,
    /// Where the source may come from; none means anywhere.
    pub sources: Vec<String>,
    /// The branches and tags, such as `refs/heads/main`; none means any.
    pub refs: Vec<String>,
    /// The parameters that a build may have had, with what they may be. One that is not here is a
    /// no.
    pub parameters: Vec<(String, Vec<String>)>,
}

/// What must hold, or must not.
#[derive(Debug)]
pub struct Rule {
    /// Its id, in lower case with hyphens.
    pub id: String,
    /// What it asks for, as a sentence without a full stop.
    pub title: String,
    /// Where it stands in the file.
    pub at: Position,
    /// What it is about.
    pub applies: Applies,
    /// From which level of the policy on it counts; without one always.
    pub level: Option<Level>,
    /// Its question.
    pub question: Question,
    /// What is wrong if it does not hold.
    pub message: String,
    /// What to do then.
    pub fix: String,
}

/// What a rule asks.
#[derive(Debug)]
pub enum Question {
    /// This must be true.
    Require(Expression),
    /// This must be false, or an empty list. What is in the list is what is wrong.
    Deny(Expression),
}

impl Question {
    /// Its expression.
    pub fn expression(&self) -> &Expression {
        match self {
            Self::Require(expression) | Self::Deny(expression) => expression,
        }
    }
}

/// Which artifacts a rule is about. What is not known of an artifact might be what the rule is for,
/// so that the rule applies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applies {
    /// Patterns of the artifact's name; none means any.
    pub images: Vec<String>,
    /// Where it is to run; none means anywhere.
    pub environments: Vec<String>,
    /// By which way it is given out; none means any.
    pub channels: Vec<String>,
}

impl Applies {
    /// Whether it is about such an artifact.
    pub fn to(&self, name: Option<&str>, environment: Option<&str>, channel: Option<&str>) -> bool {
        let among = |allowed: &[String], value: Option<&str>| {
            allowed.is_empty()
                || value.is_none_or(|value| allowed.iter().any(|pattern| fits(pattern, value)))
        };
        let is_named =
            || name.is_none_or(|name| self.images.iter().any(|pattern| names(pattern, name)));
        (self.images.is_empty() || is_named())
            && among(&self.environments, environment)
            && among(&self.channels, channel)
    }
}

/// Whether a pattern is for a name. An image that is named by its digest alone may have any tag.
fn names(pattern: &str, name: &str) -> bool {
    if fits(pattern, name) {
        return true;
    }
    let (without_digest, digest) = match name.split_once('@') {
        Some((name, _)) => (name, true),
        None => (name, false),
    };
    let has_tag = |name: &str| {
        name.rsplit('/')
            .next()
            .is_some_and(|last| last.contains(':'))
    };
    if !digest {
        return false;
    }
    if has_tag(without_digest) {
        return fits(pattern, without_digest);
    }
    let place = match pattern.rsplit_once(':') {
        Some((place, tag)) if !tag.contains('/') => place,
        _ => pattern,
    };
    fits(place, without_digest)
}

/// Whether a text fits a pattern, in which `*` stands for any characters.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(place) => rest = rest.get(place + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl Policy {
    /// Whether a rule counts at the level that the policy is at.
    pub fn counts(&self, rule: &Rule) -> bool {
        let place = |level: &Level| self.levels.iter().position(|known| known == level);
        match (&rule.level, &self.level) {
            (Some(of_rule), Some(current)) => match (place(of_rule), place(current)) {
                (Some(of_rule), Some(current)) => of_rule <= current,
                _ => true,
            },
            _ => true,
        }
    }

    /// Whether any rule may ask some value for a field of this name.
    pub(crate) fn may_ask_for_field(&self, name: &str) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| rule.question.expression().may_ask_for_field(name))
    }

    /// Whether any rule asks for a name.
    pub fn asks_for(&self, name: &str) -> bool {
        self.rules.iter().any(|rule| {
            rule.question
                .expression()
                .asked()
                .any(|asked| asked == name)
        })
    }
}

/// A case: what was said of an artifact, and what the policy must make of it.
#[derive(Debug)]
pub struct Case {
    /// What it shows.
    pub title: String,
    /// Where it stands in the file.
    pub at: Position,
    /// The artifact's name.
    pub artifact: Option<String>,
    /// Where it is to run.
    pub environment: Option<String>,
    /// By which way it is given out.
    pub channel: Option<String>,
    /// The level to decide at instead of the policy's own.
    pub level: Option<Level>,
    /// The moment.
    pub now: Timestamp,
    /// What was said.
    pub said: Vec<Said>,
    /// What must come out.
    pub expect: Decision,
    /// What must come out of single rules.
    pub rules: Vec<(String, Decision)>,
}

/// A statement in a case, as if it had been verified.
#[derive(Debug)]
pub struct Said {
    /// Who said it.
    pub signer: SignerName,
    /// What sort of thing.
    pub predicate_type: PredicateType,
    /// What, as JSON.
    pub predicate: String,
    /// When a log or a timestamp authority saw it.
    pub time: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_from_the_beginning_to_the_end() {
        for (pattern, text, fit) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("*", "", true),
            ("*b", "ab", true),
            ("a*a", "a", false),
            ("refs/tags/v*", "refs/tags/v1.0", true),
            ("refs/tags/v*", "refs/heads/v1.0", false),
            ("r/*/x:*", "r/shop/x:1", true),
            ("r/*/x:*", "r/shop/y:1", false),
            ("a*b*c", "a-b-b-c", true),
        ] {
            assert_eq!(fits(pattern, text), fit, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_not_known_of_an_artifact_may_be_what_a_rule_is_for() {
        let production = Applies {
            environments: vec!["production".to_owned()],
            ..Applies::default()
        };
        assert!(production.to(None, Some("production"), None));
        assert!(production.to(None, None, None));
        assert!(!production.to(None, Some("staging"), None));
        let shop = Applies {
            images: vec!["r.example:5000/shop:v*".to_owned()],
            ..Applies::default()
        };
        for (name, is_about) in [
            ("r.example:5000/shop:v1", true),
            ("r.example:5000/shop:v1@sha256:00", true),
            ("r.example:5000/shop@sha256:00", true),
            ("r.example:5000/shop:w1@sha256:00", false),
            ("r.example:5000/bank@sha256:00", false),
            ("r.example:5000/bank:v1", false),
        ] {
            assert_eq!(shop.to(Some(name), None, None), is_about, "{name}");
        }
        assert!(shop.to(None, None, None));
    }
}
