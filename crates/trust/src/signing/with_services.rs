//! Signing with services: by a key that lives as long as this call and a certificate that says
//! whose it was, or by a key of one's own; with what logs and timestamp authorities say of it.
//!
//! What comes out was verified by the trusted root as any bundle is. A service that gives what
//! does not hold is an error here, and not one of whoever verifies months later.

use linchpin_model::Digest;

use super::SigningError;
use crate::envelope::IN_TOTO;
use crate::identity_token::IdentityToken;
use crate::services::{
    InvalidAnswer, NoAnswer, Service, ServiceKind, SigningServices, TimestampRequest, Transport,
    Verifier, certificate_request, log_request, read_certificate, read_log_entry,
};
use crate::{
    Artifact, Bundle, Claim, Envelope, Expectation, ExpectedSigner, ExpectedType, IdentityPattern,
    KeyKind, PrivateKey, Statement, TextPattern, TrustedRoot, Verified, Witness, verify,
};

/// With what a signature is made beside a key.
#[derive(Debug, Clone, Copy)]
pub struct Witnesses<'a> {
    /// The services that are asked.
    pub services: &'a SigningServices,
    /// By what they are reached.
    pub transport: &'a dyn Transport,
    /// By what their answers are verified.
    pub root: &'a TrustedRoot,
}

/// A bundle, and what it was verified by before it was given away.
#[derive(Debug, Clone)]
pub struct Witnessed {
    /// The bundle.
    pub bundle: Bundle,
    /// The verified statement, with who signed and who saw it.
    pub verified: Verified<Claim>,
}

/// Signs a statement in the name of whom a token names: with a new key that nobody keeps.
pub fn sign_as(
    statement: &Statement,
    token: &IdentityToken,
    with: Witnesses<'_>,
) -> Result<Witnessed, SigningError> {
    let authority = with
        .services
        .authority
        .as_ref()
        .ok_or(SigningError::NoAuthority)?;
    // All that can be known to fail is told before anybody is asked for anything.
    let logs = &with.services.logs;
    if with.services.timestamp_authorities.is_empty()
        && !logs.iter().any(|log| log.kind == ServiceKind::LogV1)
    {
        return Err(SigningError::NoTime);
    }
    let key = PrivateKey::generate(KeyKind::EcdsaP256)?;
    let request = certificate_request(&key, token)?;
    let answer = with
        .transport
        .ask(authority, &request)
        .map_err(|why| unanswered(authority, without(why, token)))?;
    let certificate =
        read_certificate(&answer, &key, token).map_err(|why| unusable(authority, why))?;
    let envelope = signed(statement, &key)?;
    let verifier = Verifier::Certificate(&certificate);
    let (entries, stamps) = witness(&envelope, verifier, with)?;
    let mut bundle = Bundle::of_certificate(certificate, envelope);
    bundle.add_evidence(entries, &stamps);
    // Which names an authority gives to workflows is its affair; that it is one that is believed
    // is ours.
    let anything =
        || TextPattern::matching("(?s).*").map_err(|_| SigningError::Internal("a pattern is none"));
    let signer = ExpectedSigner::Identity(IdentityPattern {
        identity: anything()?,
        issuer: anything()?,
    });
    verified(bundle, statement, signer, with)
}

/// Signs a statement with a key, and has services say that and when they saw the signature.
pub fn sign_witnessed(
    statement: &Statement,
    key: &PrivateKey,
    with: Witnesses<'_>,
) -> Result<Witnessed, SigningError> {
    let envelope = signed(statement, key)?;
    let (entries, stamps) = witness(&envelope, Verifier::Key(key.public_key()), with)?;
    let mut bundle = Bundle::of_key(key.public_key().hint(), envelope);
    bundle.add_evidence(entries, &stamps);
    let signer = ExpectedSigner::Key(key.public_key().clone());
    verified(bundle, statement, signer, with)
}

pub(super) fn signed(statement: &Statement, key: &PrivateKey) -> Result<Envelope, SigningError> {
    let mut envelope = Envelope {
        payload_type: IN_TOTO.to_owned(),
        payload: statement.to_json()?,
        signature: Vec::new(),
        key_id: String::new(),
    };
    envelope.signature = key.sign(&envelope.signed_bytes())?;
    Ok(envelope)
}

/// Entries of logs as bundles have them, and stamps in DER.
type Evidence = (Vec<serde_json::Value>, Vec<Vec<u8>>);

/// Has the signature stamped, and then kept: a stamp is to be older than the entry, which takes
/// some logs seconds.
fn witness(
    envelope: &Envelope,
    verifier: Verifier<'_>,
    with: Witnesses<'_>,
) -> Result<Evidence, SigningError> {
    let SigningServices {
        logs,
        timestamp_authorities,
        ..
    } = with.services;
    let requests = logs
        .iter()
        .map(|log| {
            log_request(log.kind, envelope, verifier)
                .map(|request| (log, request))
                .ok_or_else(|| SigningError::KeyNotTaken(log.address.clone()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut stamps = Vec::new();
    for authority in timestamp_authorities {
        let request = TimestampRequest::over(&envelope.signature)?;
        let answer = with
            .transport
            .ask(authority, &request.to_der())
            .map_err(|why| unanswered(authority, why))?;
        request
            .check(&answer)
            .map_err(|why| unusable(authority, why))?;
        stamps.push(answer);
    }
    let mut entries = Vec::new();
    for (log, request) in requests {
        let answer = with
            .transport
            .ask(log, &request)
            .map_err(|why| unanswered(log, why))?;
        entries.push(read_log_entry(log.kind, &answer).map_err(|why| unusable(log, why))?);
    }
    Ok((entries, stamps))
}

/// Verifies a bundle as anybody does who gets it, and that all who were asked vouch for it.
fn verified(
    bundle: Bundle,
    statement: &Statement,
    signer: ExpectedSigner,
    with: Witnesses<'_>,
) -> Result<Witnessed, SigningError> {
    let digest: Option<&Digest> = statement
        .subjects()
        .iter()
        .find_map(|subject| subject.digests.first());
    let artifact = digest
        .and_then(|digest| Artifact::from_digest(digest.clone()).ok())
        .ok_or(SigningError::Internal("a subject has no digest"))?;
    let mut witnesses = Vec::new();
    if !with.services.logs.is_empty() {
        witnesses.push(Witness::Log);
    }
    if !with.services.timestamp_authorities.is_empty() {
        witnesses.push(Witness::TimestampAuthority);
    }
    // What is verified is what will be read.
    let bundle = Bundle::read(&bundle.to_json()?)?;
    let expectation = Expectation {
        signer,
        predicate_type: ExpectedType::Exactly(statement.predicate_type().clone()),
        witnesses,
    };
    let verified = verify(&bundle, &artifact, &expectation, with.root)?;
    Ok(Witnessed { bundle, verified })
}

fn unanswered(service: &Service, why: NoAnswer) -> SigningError {
    SigningError::NoAnswer {
        service: service.clone(),
        why,
    }
}

fn unusable(service: &Service, why: InvalidAnswer) -> SigningError {
    SigningError::Answer {
        service: service.clone(),
        why,
    }
}

/// A refusal without the token, which some servers repeat.
fn without(why: NoAnswer, token: &IdentityToken) -> NoAnswer {
    match why {
        NoAnswer::Refused { status, message } => NoAnswer::Refused {
            status,
            message: token.removed_from(&message),
        },
        other => other,
    }
}
