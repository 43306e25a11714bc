//! Which services are asked: a signing configuration of Sigstore, and the choice that it makes.
//!
//! One is in the program: that of Sigstore's public instance. It says for each service where it
//! is, since when, who runs it, and of how many of them something is wanted.
//! <https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto>

use linchpin_model::Timestamp;

use super::{Service, ServiceKind};
use crate::sigstore;

/// The most that is read of a file with a signing configuration.
pub const MAX_SIGNING_CONFIGURATION_BYTES: usize = 1 << 20;

/// The most services of one kind that a signature is made with.
const MOST_SERVICES: usize = 16;

/// Where services are, and how many of them are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningConfiguration {
    pub(crate) authorities: Endpoints,
    pub(crate) logs: Endpoints,
    pub(crate) timestamp_authorities: Endpoints,
}

/// Services of one kind, and how many of them are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) all: Vec<Endpoint>,
    pub(crate) selector: Selector,
}

/// A service that a configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) address: String,
    /// The version of the interface.
    pub(crate) version: u32,
    pub(crate) from: Timestamp,
    pub(crate) until: Option<Timestamp>,
    pub(crate) operator: String,
}

/// Of how many services of a kind something is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selector {
    /// Of one.
    Any,
    /// Of so many, each of another operator.
    Exactly(usize),
    /// Of one of each operator.
    All,
}

/// The services that a signature is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningServices {
    /// Gives the certificate, if there is to be one.
    pub authority: Option<Service>,
    /// Keep the signature.
    pub logs: Vec<Service>,
    /// Stamp the signature.
    pub timestamp_authorities: Vec<Service>,
}

/// Why bytes are no signing configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSigningConfiguration {
    /// The file is larger than any.
    #[error("it has more than 1 MiB, which no signing configuration has")]
    TooLarge,
    /// It is no JSON of that shape.
    #[error(
        "it can not be read as a signing configuration of Sigstore, version 0.2: {0}\nhint: a trusted root is another file; it goes to `--trusted-root`"
    )]
    Malformed(String),
}

/// Why there is no choice of services.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoService {
    /// There are fewer than are wanted.
    #[error(
        "the signing configuration wants {wanted} of each signature, and has {found}",
        wanted = counted(*.wanted, *.kind),
        found = .found
    )]
    TooFew {
        /// What sort of service.
        kind: ServiceKind,
        /// How many are wanted.
        wanted: usize,
        /// How many there are that are valid now.
        found: usize,
    },
}

fn counted(number: usize, kind: ServiceKind) -> String {
    let label = kind.label();
    match (number, label.strip_suffix('y')) {
        (1, _) => format!("1 {label}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ => format!("{number} {label}s"),
    }
}

impl SigningConfiguration {
    /// That of Sigstore's public instance, which is in the program: the state in which the crate
    /// `sigstore-trust-root` has taken it from Sigstore's TUF repository, as `signing_config.v0.2.json`.
    pub fn production() -> Result<Self, InvalidSigningConfiguration> {
        sigstore::read_signing_configuration(sigstore::PRODUCTION_SIGNING_CONFIGURATION)
    }

    /// Reads a signing configuration.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidSigningConfiguration> {
        if bytes.len() > MAX_SIGNING_CONFIGURATION_BYTES {
            return Err(InvalidSigningConfiguration::TooLarge);
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| InvalidSigningConfiguration::Malformed("it is not UTF-8".to_owned()))?;
        sigstore::read_signing_configuration(text)
    }

    /// The services that a signature is made with at this moment.
    pub fn services(&self, now: Timestamp) -> Result<SigningServices, NoService> {
        let authority = self
            .authorities
            .choose(now, |version| {
                (version == 1).then_some(ServiceKind::CertificateAuthority)
            })
            .unwrap_or_default();
        let log = |version| match version {
            1 => Some(ServiceKind::LogV1),
            2 => Some(ServiceKind::LogV2),
            _ => None,
        };
        let timestamp_authority =
            |version| (version == 1).then_some(ServiceKind::TimestampAuthority);
        let chosen = |endpoints: &Endpoints, choose: &dyn Fn(u32) -> Option<ServiceKind>, kind| {
            endpoints
                .choose(now, choose)
                .map_err(|(wanted, found)| NoService::TooFew {
                    kind,
                    wanted,
                    found,
                })
        };
        Ok(SigningServices {
            authority: authority.into_iter().next(),
            logs: chosen(&self.logs, &log, ServiceKind::LogV1)?,
            timestamp_authorities: chosen(
                &self.timestamp_authorities,
                &timestamp_authority,
                ServiceKind::TimestampAuthority,
            )?,
        })
    }
}

impl Endpoints {
    /// The services that are chosen, or how many are wanted and how many there are. One operator
    /// counts once, with the newest interface that we speak.
    fn choose(
        &self,
        now: Timestamp,
        kind: impl Fn(u32) -> Option<ServiceKind>,
    ) -> Result<Vec<Service>, (usize, usize)> {
        let is_valid = |endpoint: &&Endpoint| {
            endpoint.from <= now && endpoint.until.is_none_or(|until| now <= until)
        };
        let mut valid: Vec<(&Endpoint, ServiceKind)> = self
            .all
            .iter()
            .filter(is_valid)
            .filter_map(|endpoint| Some((endpoint, kind(endpoint.version)?)))
            .collect();
        valid.sort_by_key(|(endpoint, _)| std::cmp::Reverse(endpoint.version));
        let mut operators: Vec<&str> = Vec::new();
        let mut chosen = Vec::new();
        for (endpoint, kind) in valid {
            if operators.contains(&endpoint.operator.as_str()) {
                continue;
            }
            operators.push(&endpoint.operator);
            chosen.push(Service {
                kind,
                address: endpoint.address.clone(),
            });
            if chosen.len() == MOST_SERVICES {
                break;
            }
        }
        match self.selector {
            Selector::Any => chosen.truncate(1),
            Selector::All => {}
            Selector::Exactly(wanted) if chosen.len() < wanted => {
                return Err((wanted, chosen.len()));
            }
            Selector::Exactly(wanted) => chosen.truncate(wanted),
        }
        Ok(chosen)
    }
}
