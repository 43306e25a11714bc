//! What rules are asked about: the values of the names, made of what was said. Only those are made that
//! some rule asks for.

mod findings;
mod lists;
mod sbom;
mod values;

use std::collections::BTreeSet;

use linchpin_expression::{Extent, Prepared, Value};
use linchpin_model::Timestamp;

use crate::decision::Context;
use crate::evidence::{Evidence, Readers, Testimony};
use crate::policy::Policy;
use crate::predicates::{AGELESS, days};
pub(crate) use findings::GrantedExceptions;
pub use sbom::{Completeness, PackageFacts, SbomFacts};

/// Something that nobody has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lack {
    /// What is missing, as a sentence.
    pub(crate) what: &'static str,
    /// What to do about it.
    pub(crate) fix: &'static str,
}

/// The value of a name, or why there is none.
#[derive(Debug)]
pub(crate) enum Fact {
    /// It is known.
    Known {
        value: Prepared,
        /// How much it holds, for the bounds of loops.
        extent: Extent,
        /// What is missing if the value is null.
        missing: Option<Lack>,
    },
    /// Nobody has said anything of the kind.
    Missing(Lack),
    /// Somebody has, and it can not be read, so that nobody knows what it would change.
    Unreadable(String),
}

/// The values of names.
#[derive(Debug)]
pub(crate) struct Facts {
    named: Vec<(&'static str, Fact)>,
    /// Exceptions, which rules have as well.
    pub(crate) exceptions: GrantedExceptions,
    /// What a person should know: statements that do not count, and why.
    pub(crate) notes: Vec<String>,
    /// The highest level of SLSA that the policy believes of how it was built.
    pub(crate) build_level: Option<u8>,
}

/// A value before it is made ready, or why there is none.
pub(crate) enum Raw {
    Value(Value),
    /// Null, because nobody has said anything of the kind.
    Null(Lack),
    Missing(Lack),
    Unreadable(String),
}

/// What facts are made of.
pub(crate) struct Materials<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) evidence: &'a Evidence,
    pub(crate) context: &'a Context,
    pub(crate) readers: Readers<'a>,
    pub(crate) notes: Vec<String>,
    pub(crate) build_level: Option<u8>,
}

impl Facts {
    /// Makes the facts that the policy asks for.
    pub(crate) fn gather(
        policy: &Policy,
        evidence: &Evidence,
        context: &Context,
        readers: Readers<'_>,
    ) -> Self {
        let mut materials = Materials {
            policy,
            evidence,
            context,
            readers,
            notes: Vec::new(),
            build_level: None,
        };
        let exceptions = GrantedExceptions::gather(&mut materials);
        let asked: BTreeSet<&str> = crate::NAMES
            .iter()
            .map(|entry| entry.name)
            .filter(|name| policy.asks_for(name))
            .collect();
        let mut made: Vec<(&'static str, Raw)> = Vec::new();
        let asks = |name: &str| asked.contains(name);
        if asks("artifact") {
            made.push(("artifact", Raw::Value(lists::artifact(context))));
        }
        if asks("now") {
            made.push(("now", Raw::Value(lists::now(context.now))));
        }
        if asks("packages") || asks("sbom") {
            made.extend(sbom::facts(&mut materials));
        }
        if asks("findings") || asks("scan") {
            made.extend(findings::facts(&mut materials, &exceptions));
        }
        // Whether any rule asks or not: the verdict says how it was built.
        made.push(("provenance", lists::provenance(&mut materials)));
        if asks("checks") {
            made.push(("checks", lists::checks(&materials)));
        }
        if asks("summaries") {
            made.push(("summaries", lists::summaries(&mut materials)));
        }
        if asks("statements") {
            made.push(("statements", lists::statements(&materials)));
        }
        if asks("signers") {
            made.push(("signers", Raw::Value(lists::signers(evidence))));
        }
        let facts = made.into_iter().filter(|(name, _)| asks(name));
        Self {
            named: facts.map(|(name, raw)| (name, Fact::of(raw))).collect(),
            exceptions,
            notes: materials.notes,
            build_level: materials.build_level,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Fact> {
        let known = self.named.iter().find(|(known, _)| *known == name);
        known.map(|(_, fact)| fact)
    }

    /// The values that are known, for an expression.
    pub(crate) fn known(&self) -> Vec<(&str, &Prepared)> {
        self.named
            .iter()
            .filter_map(|(name, fact)| match fact {
                Fact::Known { value, .. } => Some((*name, value)),
                Fact::Missing(_) | Fact::Unreadable(_) => None,
            })
            .collect()
    }
}

impl Fact {
    fn of(raw: Raw) -> Self {
        let (value, missing) = match raw {
            Raw::Value(value) => (value, None),
            Raw::Null(missing) => (Value::Null, Some(missing)),
            Raw::Missing(what) => return Self::Missing(what),
            Raw::Unreadable(why) => return Self::Unreadable(why),
        };
        let extent = Extent::of(&value);
        match Prepared::new(value) {
            Some(value) => Self::Known {
                value,
                extent,
                missing,
            },
            None => Self::Unreadable("it holds what expressions can not ask for".to_owned()),
        }
    }
}

/// How many days ago a log or a timestamp authority saw a statement.
pub(crate) fn age(testimony: &Testimony, now: Timestamp) -> f64 {
    testimony.time.map_or(AGELESS, |time| days(time, now))
}

/// The same for what says itself when it was made. That counts if nobody else saw it.
pub(crate) fn age_of(made: Option<Timestamp>, testimony: &Testimony, now: Timestamp) -> f64 {
    made.map_or_else(|| age(testimony, now), |made| days(made, now))
}

/// Who said something, and where it was, for messages.
pub(crate) fn whose(testimony: &Testimony) -> String {
    let word = testimony
        .predicate_type
        .word()
        .unwrap_or(testimony.predicate_type.uri());
    format!(
        "the statement of the type {word} of {} ({})",
        testimony.signer.0, testimony.from
    )
}
