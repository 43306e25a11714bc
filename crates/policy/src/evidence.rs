//! What was said of an artifact by those whom a policy believes. Nothing else gets in: what a bundle
//! says counts only after the room `trust` has verified it, for one of the policy's signers, and
//! only of what that signer may speak of.

use linchpin_model::{Timestamp, VexDocument};
use linchpin_trust::{
    Artifact, Bundle, Claim, Expectation, ExpectedType, NotVerified, PredicateType, TrustedRoot,
    verify,
};

use crate::SbomFacts;
use crate::policy::{Case, Policy, SignerName};

/// The most statements that are looked at.
pub(crate) const MOST_STATEMENTS: usize = 1_000;

/// What was said of one artifact.
#[derive(Debug, Default)]
pub struct Evidence {
    testimonies: Vec<Testimony>,
}

/// A verified statement, and who made it.
#[derive(Debug)]
pub(crate) struct Testimony {
    /// Who said it.
    pub(crate) signer: SignerName,
    /// What sort of thing.
    pub(crate) predicate_type: PredicateType,
    /// What: the text of a JSON value.
    pub(crate) predicate: Option<String>,
    /// Whether a transparency log holds it.
    pub(crate) logged: bool,
    /// When a log or a timestamp authority first saw it.
    pub(crate) time: Option<Timestamp>,
    /// Where the bundle was.
    pub(crate) from: String,
}

/// Reads an SBOM, as far as it is wanted, or says why it can not be read.
pub type SbomReader = dyn Fn(&[u8], Wanted) -> Result<SbomFacts, String>;

/// Reads a VEX document, or says why it can not be read.
pub type VexReader = dyn Fn(&[u8]) -> Result<VexDocument, String>;

/// Readers of documents that other rooms know: given, because this room knows nobody.
#[derive(Clone, Copy)]
pub struct Readers<'a> {
    /// Reads an SBOM, the predicate of such a statement.
    pub sbom: &'a SbomReader,
    /// Reads an OpenVEX document.
    pub vex: &'a VexReader,
}

impl std::fmt::Debug for Readers<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Readers").finish_non_exhaustive()
    }
}

/// What is wanted of an SBOM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Its packages.
    pub packages: bool,
    /// How complete it is, which takes longer.
    pub completeness: bool,
}

/// Why a bundle is no evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// There is nobody whom the policy believes.
    #[error("the policy believes nobody")]
    NobodyTrusted,
    /// None of those whom the policy believes signed it. Why it was not the one who came closest.
    #[error("nobody whom the policy believes has signed it so that it holds: {0}")]
    NotVerified(NotVerified),
    /// It was signed by somebody who may not speak of this.
    #[error("{} may not speak of `{}`", signer.0, predicate_type.word().unwrap_or(predicate_type.uri()))]
    MayNotSay {
        /// Who.
        signer: SignerName,
        /// Of what.
        predicate_type: PredicateType,
    },
    /// There is too much.
    #[error("there are more than {MOST_STATEMENTS} statements")]
    TooMany,
}

impl Evidence {
    /// Takes in what a bundle says of the artifact, if somebody whom the policy believes says so.
    /// `from` is how to name the bundle to a person.
    pub fn admit(
        &mut self,
        policy: &Policy,
        bundle: &Bundle,
        artifact: &Artifact,
        root: &TrustedRoot,
        from: &str,
    ) -> Result<(), NotAdmitted> {
        if self.testimonies.len() >= MOST_STATEMENTS {
            return Err(NotAdmitted::TooMany);
        }
        let mut refused = NotAdmitted::NobodyTrusted;
        for signer in &policy.signers {
            let expectation = Expectation {
                signer: signer.expected.clone(),
                predicate_type: ExpectedType::Any,
                witnesses: Vec::new(),
            };
            let verified = match verify(bundle, artifact, &expectation, root) {
                Ok(verified) => verified,
                Err(why) => {
                    refused = closer(refused, why);
                    continue;
                }
            };
            let (predicate_type, predicate) = match verified.value() {
                Claim::Signature => (PredicateType::signature(), None),
                Claim::Statement(statement) => (
                    statement.predicate_type().clone(),
                    statement.predicate().map(str::to_owned),
                ),
            };
            if !signer.may_say(&predicate_type) {
                refused = NotAdmitted::MayNotSay {
                    signer: signer.name.clone(),
                    predicate_type,
                };
                continue;
            }
            let evidence = verified.evidence();
            self.testimonies.push(Testimony {
                signer: signer.name.clone(),
                predicate_type,
                predicate,
                logged: evidence.logged,
                time: evidence.times.iter().min().copied(),
                from: from.to_owned(),
            });
            return Ok(());
        }
        Err(refused)
    }

    /// What a case says was said: no evidence of anything, so that nobody else can make it.
    pub(crate) fn of_case(case: &Case, policy: &Policy) -> Self {
        let may_say = |said: &&crate::policy::Said| {
            let mut known = policy.signers.iter();
            let known = known.find(|signer| signer.name == said.signer);
            known.is_none_or(|signer| signer.may_say(&said.predicate_type))
        };
        let testimonies = case.said.iter().filter(may_say).map(|said| Testimony {
            signer: said.signer.clone(),
            predicate_type: said.predicate_type.clone(),
            predicate: Some(said.predicate.clone()),
            logged: said.time.is_some(),
            time: said.time,
            from: format!("the case `{}`", case.title),
        });
        Self {
            testimonies: testimonies.collect(),
        }
    }

    /// Who has said something, as the policy names them, each once.
    pub fn signers(&self) -> Vec<&str> {
        let all = self.testimonies.iter();
        let mut names: Vec<&str> = all.map(|testimony| testimony.signer.0.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.testimonies.len()
    }

    /// Whether nobody has said anything.
    pub fn is_empty(&self) -> bool {
        self.testimonies.is_empty()
    }

    pub(crate) fn all(&self) -> &[Testimony] {
        &self.testimonies
    }

    pub(crate) fn of_types<'a>(&'a self, words: &'a [&str]) -> impl Iterator<Item = &'a Testimony> {
        self.testimonies.iter().filter(|testimony| {
            testimony
                .predicate_type
                .word()
                .is_some_and(|word| words.contains(&word))
        })
    }
}

/// The reason that says more: that somebody else signed says least.
fn closer(known: NotAdmitted, why: NotVerified) -> NotAdmitted {
    use linchpin_trust::Refusal;
    let says_little = matches!(
        why,
        NotVerified::Refused(
            Refusal::CertificateAndNoKey
                | Refusal::KeyAndNoCertificate
                | Refusal::AnotherKey { .. }
                | Refusal::Signature
        )
    );
    match known {
        NotAdmitted::NobodyTrusted => NotAdmitted::NotVerified(why),
        NotAdmitted::NotVerified(_) if !says_little => NotAdmitted::NotVerified(why),
        known => known,
    }
}
