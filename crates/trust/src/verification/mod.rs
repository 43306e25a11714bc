//! Verification: a bundle, an artifact and an expectation in, and out comes a value that only this
//! module makes, or the reason why not.
//!
//! The order is always the same, and nothing is left out because something later failed or held:
//! the signature over the exact bytes; the certificate with its chain, its log and its times, or
//! what a log and timestamps say of a key's signature; who the signer is; that all have seen it who
//! should have; that the statement is about the artifact; and that it is of the type that was asked for. What is not known is a no.

mod expectation;
mod refusal;
mod verified;

use linchpin_model::Digest;

use crate::envelope::IN_TOTO;
use crate::sigstore::{self, TrustedRoot, Vouched};
use crate::statement::is_proof;
use crate::{
    Artifact, Bundle, Content, Envelope, Material, MessageSignature, PublicKey, Statement,
    StatementSubject,
};
pub use expectation::{
    Expectation, ExpectedSigner, ExpectedType, IdentityPattern, InvalidPattern, TextPattern,
    Witness,
};
pub use refusal::{NotVerified, Refusal, Undecided};
pub use verified::{Claim, Evidence, Signer, Verified};

/// Verifies that a bundle is about an artifact, and made by whom we expect.
///
/// The trusted root is asked where the bundle brings a certificate, an entry of a log or a
/// timestamp. A signature of a key stands for itself; what comes with it must hold all the same.
pub fn verify(
    bundle: &Bundle,
    artifact: &Artifact,
    expectation: &Expectation,
    root: &TrustedRoot,
) -> Result<Verified<Claim>, NotVerified> {
    let statement = readable_statement(bundle)?;
    let named = readable_image(bundle)?;
    let (signer, vouched) = match (&expectation.signer, &bundle.material) {
        (ExpectedSigner::Key(key), Material::Key { hint }) => {
            verify_signature_of_key(bundle, artifact, key, hint)?;
            let vouched = if bundle.log_entries() == 0 && bundle.timestamps() == 0 {
                Vouched::default()
            } else {
                sigstore::verify_with_key(bundle, statement.as_ref(), artifact, key, root)?
            };
            let signer = Signer::Key {
                algorithm: key.algorithm(),
                fingerprint: key.hint(),
            };
            (signer, vouched)
        }
        (ExpectedSigner::Identity(pattern), Material::Certificates { chain, .. }) => {
            let key = chain
                .first()
                .ok_or(Refusal::NoCertificate)
                .and_then(|certificate| sigstore::key_of(certificate))?;
            verify_signature(&bundle.content, artifact, &key)?;
            let vouched =
                sigstore::verify_with_certificate(bundle, statement.as_ref(), artifact, root)?;
            (pattern.check(&vouched)?, vouched)
        }
        (ExpectedSigner::Key(_), Material::Certificates { .. }) => {
            return Err(Refusal::CertificateAndNoKey.into());
        }
        (ExpectedSigner::Identity(_), Material::Key { .. }) => {
            return Err(Refusal::KeyAndNoCertificate.into());
        }
    };
    for witness in &expectation.witnesses {
        witness.check(&vouched)?;
    }
    let claim = match (statement, named) {
        (Some(statement), _) => {
            check_subjects(statement.subjects(), artifact)?;
            Claim::Statement(statement)
        }
        (None, Some(image)) => {
            check_subjects(&[image], artifact)?;
            Claim::Signature
        }
        (None, None) => Claim::Signature,
    };
    expectation.predicate_type.check(&claim)?;
    Ok(Verified::new(
        claim,
        Evidence {
            signer,
            logged: vouched.logged,
            stamped: vouched.stamped,
            times: vouched.times,
            artifact: artifact.digest().cloned(),
        },
    ))
}

/// The statement in a bundle. It is read first, because one that can not be read is a no whoever
/// signed it, and used last.
fn readable_statement(bundle: &Bundle) -> Result<Option<Statement>, Refusal> {
    match &bundle.content {
        Content::Message(_) | Content::SimpleSigning(_) => Ok(None),
        Content::Envelope(Envelope {
            payload_type,
            payload,
            ..
        }) => {
            if payload_type != IN_TOTO {
                return Err(Refusal::PayloadType(
                    payload_type.chars().take(200).collect(),
                ));
            }
            Ok(Some(Statement::read(payload)?))
        }
    }
}

/// The image that a signature in cosign's old form is about. It is read first and used last as
/// well.
fn readable_image(bundle: &Bundle) -> Result<Option<StatementSubject>, Refusal> {
    let Content::SimpleSigning(simple) = &bundle.content else {
        return Ok(None);
    };
    let image = simple.image().map_err(Refusal::Payload)?;
    if !is_proof(image.algorithm()) {
        return Err(Refusal::DigestAlgorithm(
            image.algorithm().name().to_owned(),
        ));
    }
    Ok(Some(StatementSubject {
        name: None,
        digests: vec![image],
    }))
}

/// The signature of a key that we have. The hint explains a failure; where it has the form of a
/// fingerprint and is another key's, the bundle contradicts itself.
fn verify_signature_of_key(
    bundle: &Bundle,
    artifact: &Artifact,
    key: &PublicKey,
    hint: &str,
) -> Result<(), NotVerified> {
    let held = verify_signature(&bundle.content, artifact, key);
    let is_another = hint.len() == key.hint().len() && hint != key.hint();
    match held {
        Ok(()) | Err(NotVerified::Refused(Refusal::Signature)) if is_another => {
            Err(Refusal::AnotherKey {
                hint: hint.to_owned(),
                given: key.hint(),
            }
            .into())
        }
        held => held,
    }
}

fn verify_signature(
    content: &Content,
    artifact: &Artifact,
    key: &PublicKey,
) -> Result<(), NotVerified> {
    match content {
        Content::Envelope(envelope) => {
            if key.verifies(&envelope.signed_bytes(), &envelope.signature) {
                Ok(())
            } else {
                Err(Refusal::Signature.into())
            }
        }
        Content::Message(message) => verify_message(message, artifact, key),
        Content::SimpleSigning(simple) => {
            if key.verifies(&simple.payload, &simple.signature) {
                Ok(())
            } else {
                Err(Refusal::Signature.into())
            }
        }
    }
}

fn verify_message(
    message: &MessageSignature,
    artifact: &Artifact,
    key: &PublicKey,
) -> Result<(), NotVerified> {
    if let Some((algorithm, value)) = &message.digest {
        let algorithm = sigstore::digest_algorithm(algorithm)
            .ok_or_else(|| Refusal::DigestAlgorithm(algorithm.chars().take(100).collect()))?;
        let said = Digest::from_bytes(algorithm, value)
            .map_err(|_| Refusal::DigestAlgorithm(algorithm.name().to_owned()))?;
        let ours = artifact
            .digests()
            .iter()
            .find(|digest| digest.algorithm() == algorithm)
            .ok_or(Undecided::NeedsContent)?;
        if *ours != said {
            return Err(Refusal::AnotherArtifact {
                artifact: ours.clone(),
                said: vec![said],
            }
            .into());
        }
    }
    let holds = match artifact.content() {
        Some(content) => key.verifies(content, &message.signature),
        None => key
            .verifies_digest(artifact.digests(), &message.signature)
            .ok_or(Undecided::NeedsContent)?,
    };
    if holds {
        Ok(())
    } else {
        Err(Refusal::Signature.into())
    }
}

fn check_subjects(subjects: &[StatementSubject], artifact: &Artifact) -> Result<(), NotVerified> {
    if subjects.iter().any(|subject| artifact.is(subject)) {
        return Ok(());
    }
    let said: Vec<Digest> = subjects
        .iter()
        .flat_map(|subject| subject.digests.iter().cloned())
        .collect();
    let comparable = said.iter().any(|digest| {
        let known = artifact.digests().iter();
        known
            .into_iter()
            .any(|ours| ours.algorithm() == digest.algorithm())
    });
    let Some(ours) = artifact.digest().cloned() else {
        return Err(Undecided::NeedsContent.into());
    };
    if !comparable && !said.is_empty() {
        return Err(Undecided::NeedsContent.into());
    }
    Err(Refusal::AnotherArtifact {
        artifact: ours,
        said,
    }
    .into())
}
