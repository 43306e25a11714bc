//! A document or a small blob, whole and with a cap.

use std::io::Read as _;

use linchpin_model::{Digest, DigestAlgorithm};
use sha2::{Digest as _, Sha256, Sha512};
use ureq::http::HeaderMap;

use super::asked::Asked;
use super::location::Location;
use super::patience::Paced;
use super::registry_error::RegistryError;
use super::session::Session;

/// What was fetched.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) content: Vec<u8>,
    pub(super) headers: HeaderMap,
    pub(super) location: Location,
}

/// Fetches something of at most so many bytes.
pub(super) fn fetch(
    session: &Session,
    asked: Asked<'_>,
    most: u64,
) -> Result<Fetched, RegistryError> {
    let patience = session.patience();
    let mut tries = 1;
    loop {
        let answered = session.ask(asked)?;
        let location = answered.location;
        let (head, body) = answered.answer.into_parts();
        let mut content = Vec::new();
        let read = Paced::new(body.into_reader(), patience)
            .take(most.saturating_add(1))
            .read_to_end(&mut content);
        match read {
            Ok(_) if content.len() as u64 > most => {
                return Err(RegistryError::TooLarge {
                    registry: session.registry(),
                    most,
                });
            }
            Ok(_) => {
                return Ok(Fetched {
                    content,
                    headers: head.headers,
                    location,
                });
            }
            Err(_) if tries < patience.tries => {
                std::thread::sleep(patience.pause_after(tries));
                tries += 1;
            }
            Err(error) => {
                return Err(RegistryError::Unreachable {
                    registry: session.registry(),
                    reason: error.to_string(),
                });
            }
        }
    }
}

/// Compares bytes with the digest by which they were asked for.
pub(super) fn check(
    content: &[u8],
    digest: &Digest,
    session: &Session,
) -> Result<(), RegistryError> {
    let found = digest_of(content, digest.algorithm())?;
    if found == *digest {
        return Ok(());
    }
    Err(RegistryError::WrongDigest {
        registry: session.registry(),
        found: found.to_string(),
    })
}

/// The digest of bytes.
pub(super) fn digest_of(
    content: &[u8],
    algorithm: DigestAlgorithm,
) -> Result<Digest, RegistryError> {
    let found = match algorithm {
        DigestAlgorithm::Sha256 => Digest::from_bytes(algorithm, &Sha256::digest(content)),
        DigestAlgorithm::Sha512 => Digest::from_bytes(algorithm, &Sha512::digest(content)),
        _ => {
            return Err(RegistryError::UnsupportedDigest {
                digest: algorithm.name().to_owned(),
            });
        }
    };
    found.map_err(|error| RegistryError::UnsupportedDigest {
        digest: error.to_string(),
    })
}
