//! `packages` and `sbom`: the newest SBOM that somebody vouches for.

use linchpin_expression::Value;
use linchpin_model::Timestamp;

use super::values::{count, list, record, text, texts};
use super::{Lack, Materials, Raw, age_of, whose};
use crate::evidence::{Testimony, Wanted};
use crate::predicates::AGELESS;

/// The most packages of an SBOM that rules are asked about.
const MOST_PACKAGES: usize = 1_000_000;

/// An SBOM, as far as rules ask.
#[derive(Debug, Clone, Default)]
pub struct SbomFacts {
    /// Its packages.
    pub packages: Vec<PackageFacts>,
    /// When it was made, if it says so.
    pub made: Option<Timestamp>,
    /// How complete it is, if that was asked for.
    pub completeness: Option<Completeness>,
}

/// A package of an SBOM. What is not said is an empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackageFacts {
    /// The name with its group or namespace.
    pub name: String,
    /// The version.
    pub version: String,
    /// The type of its package URL.
    pub kind: String,
    /// The package URL.
    pub purl: String,
    /// Its licences as one expression.
    pub license: String,
    /// The id of each licence.
    pub licenses: Vec<String>,
    /// Who supplies it.
    pub supplier: String,
    /// For what it is needed: runtime, optional, dev and so on.
    pub scope: String,
}

/// Percent of the elements that standards ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completeness {
    /// The NTIA's minimum elements of 2021.
    pub ntia: u8,
    /// CISA's draft of 2025.
    pub cisa: u8,
    /// BSI TR-03183-2.
    pub bsi: u8,
}

const MISSING: Lack = Lack {
    what: "nobody whom the policy believes has signed an SBOM of it",
    fix: "write one and sign it: linchpin sbom ARTIFACT --attest --key KEY",
};

/// The facts of the newest SBOM.
pub(super) fn facts(materials: &mut Materials<'_>) -> [(&'static str, Raw); 2] {
    let both = |why: &dyn Fn() -> Raw, sbom: Raw| [("packages", why()), ("sbom", sbom)];
    let wanted = Wanted {
        packages: materials.policy.asks_for("packages"),
        completeness: ["ntia", "cisa", "bsi"]
            .iter()
            .any(|standard| materials.policy.may_ask_for_field(standard)),
    };
    let mut newest: Option<(&Testimony, SbomFacts)> = None;
    for testimony in materials.evidence.of_types(&["cyclonedx", "spdx"]) {
        let bytes = testimony.predicate.as_deref().unwrap_or_default();
        let facts = match (materials.readers.sbom)(bytes.as_bytes(), wanted) {
            Ok(facts) if facts.packages.len() > MOST_PACKAGES => {
                let why = format!(
                    "{} has more than {MOST_PACKAGES} packages",
                    whose(testimony)
                );
                return both(
                    &|| Raw::Unreadable(why.clone()),
                    Raw::Unreadable(why.clone()),
                );
            }
            Ok(facts) => facts,
            Err(why) => {
                let why = format!("{} can not be read: {why}", whose(testimony));
                return both(
                    &|| Raw::Unreadable(why.clone()),
                    Raw::Unreadable(why.clone()),
                );
            }
        };
        let moment = |testimony: &Testimony, facts: &SbomFacts| facts.made.or(testimony.time);
        if newest
            .as_ref()
            .is_none_or(|(known, of_known)| moment(testimony, &facts) >= moment(known, of_known))
        {
            newest = Some((testimony, facts));
        }
    }
    let Some((testimony, facts)) = newest else {
        return both(&|| Raw::Missing(MISSING), Raw::Null(MISSING));
    };
    let percent = |of: fn(&Completeness) -> u8| {
        let percent = facts.completeness.as_ref().map_or(0, of);
        Value::Int(i64::from(percent))
    };
    let now = materials.context.now;
    let age = age_of(facts.made, testimony, now);
    let sbom = record([
        (
            "format",
            text(testimony.predicate_type.word().unwrap_or_default()),
        ),
        ("packages", count(facts.packages.len())),
        ("ntia", percent(|known| known.ntia)),
        ("cisa", percent(|known| known.cisa)),
        ("bsi", percent(|known| known.bsi)),
        ("signer", text(&testimony.signer.0)),
        ("age", Value::Float(age.min(AGELESS))),
    ]);
    let packages = list(facts.packages.iter().map(PackageFacts::value));
    [
        ("packages", Raw::Value(packages)),
        ("sbom", Raw::Value(sbom)),
    ]
}

impl PackageFacts {
    fn value(&self) -> Value {
        record([
            ("name", text(&self.name)),
            ("version", text(&self.version)),
            ("type", text(&self.kind)),
            ("purl", text(&self.purl)),
            ("license", text(&self.license)),
            ("licenses", texts(&self.licenses)),
            ("supplier", text(&self.supplier)),
            ("scope", text(&self.scope)),
        ])
    }
}
