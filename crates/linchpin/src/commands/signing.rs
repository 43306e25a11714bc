//! Who signs: whoever has a key, or whom a token of identity names; and the services that say whose
//! key it was, and that and when they saw the signature.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_model::Timestamp;
use linchpin_remote::{Patience, SigstoreClient, SigstoreSettings};
use linchpin_trust::{
    Bundle, Evidence, MAX_SIGNING_CONFIGURATION_BYTES, PrivateKey, Service, ServiceKind,
    Signer as Signed, SigningConfiguration, SigningServices, Statement, TrustedRoot, Witnesses,
    sign, sign_as, sign_witnessed,
};

use super::VERSION;
use crate::arguments::{PassphraseArguments, SigningServicesArguments};
use crate::exit_codes::{ExitCode, Failure};
use crate::identity_tokens::{self, TokenSource};
use crate::passphrase;
use crate::settings::Environment;
use crate::trusted_roots;

/// What the arguments say of who signs.
#[derive(Debug, Clone, Copy)]
pub(super) struct SignerChoice<'a> {
    pub(super) key: Option<&'a Path>,
    pub(super) passphrase: &'a PassphraseArguments,
    pub(super) services: &'a SigningServicesArguments,
    /// Whether any use of the network is an error.
    pub(super) offline: bool,
}

/// Signs statements.
#[derive(Debug)]
pub(super) enum Signer {
    /// With a key alone.
    Key(PrivateKey),
    /// With a key, before witnesses.
    Witnessed(PrivateKey, Services),
    /// In the name of whom a token names.
    Identity(TokenSource, Services),
}

/// Services, how they are reached, and by what they are believed.
#[derive(Debug)]
pub(super) struct Services {
    chosen: SigningServices,
    client: SigstoreClient,
    root: TrustedRoot,
}

/// A bundle that can be written.
#[derive(Debug)]
pub(super) struct SignedStatement {
    /// The bundle.
    pub(super) bundle: Bundle,
    /// Who signed it, and who saw it: a fragment that fits after "signed".
    pub(super) how: String,
}

/// Why nothing is signed.
#[derive(Debug, thiserror::Error)]
enum NoSigner {
    #[error(
        "nothing is there to sign with: neither a key nor a token of identity
hint: `--key` names a private key; `linchpin keygen` makes one
hint: `--identity-token` names a file with a token of OpenID Connect for the audience `sigstore`, and SIGSTORE_ID_TOKEN holds one
hint: in GitHub Actions, `permissions: id-token: write` lets a job ask for one; in GitLab, `id_tokens: SIGSTORE_ID_TOKEN: aud: sigstore` sets it"
    )]
    Nothing,
    #[error(
        "`{asked}` asks for a service, and none such is known\nhint: name it with `{option}`, or in a file with `--signing-config`"
    )]
    NoService {
        asked: &'static str,
        option: &'static str,
    },
    #[error(
        "`{0}` means something only if a service is asked\nhint: `--with-log` or `--with-timestamp` asks one; without `--key`, a token signs"
    )]
    NoWitness(&'static str),
    #[error("it has more than 1 MiB, which no signing configuration has")]
    LargeConfiguration,
}

impl Signer {
    /// Finds out who signs, before any work begins.
    pub(super) fn open(choice: SignerChoice<'_>, environment: &Environment) -> Result<Self> {
        let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
        let SignerChoice { key, services, .. } = choice;
        let now = environment.moment();
        let Some(key) = key else {
            let source = identity_tokens::find(
                services.identity_token.as_deref(),
                &environment.tokens,
                now,
            )?;
            let source = source.ok_or(NoSigner::Nothing).with_context(wrong)?;
            let services = Services::open(choice, named_services(services, now)?, environment)?;
            return Ok(Self::Identity(source, services));
        };
        // Who names a witness wants it.
        let log = services.with_log || services.rekor_url.is_some();
        let timestamp = services.with_timestamp || services.timestamp_url.is_some();
        if !log && !timestamp {
            if let Some(given) = services.given() {
                return Err(anyhow::Error::new(NoSigner::NoWitness(given)).context(wrong()));
            }
            return Ok(Self::Key(passphrase::open_key(
                key,
                choice.passphrase,
                environment,
            )?));
        }
        let mut chosen = named_services(services, now)?;
        chosen.authority = None;
        for (wanted, found, asked, option) in [
            (log, &mut chosen.logs, "--with-log", "--rekor-url"),
            (
                timestamp,
                &mut chosen.timestamp_authorities,
                "--with-timestamp",
                "--timestamp-url",
            ),
        ] {
            if !wanted {
                found.clear();
            } else if found.is_empty() {
                let missing = NoSigner::NoService { asked, option };
                return Err(anyhow::Error::new(missing).context(wrong()));
            }
        }
        let services = Services::open(choice, chosen, environment)?;
        let key = passphrase::open_key(key, choice.passphrase, environment)?;
        Ok(Self::Witnessed(key, services))
    }

    /// Signs a statement. What services gave was verified.
    pub(super) fn sign(
        &self,
        statement: &Statement,
        environment: &Environment,
    ) -> Result<SignedStatement> {
        let witnessed = match self {
            Self::Key(key) => {
                let public = key.public_key();
                return Ok(SignedStatement {
                    bundle: sign(statement, key)?,
                    how: format!("by the {} key {}", public.algorithm(), public.hint()),
                });
            }
            Self::Witnessed(key, services) => sign_witnessed(statement, key, services.witnesses())?,
            Self::Identity(source, services) => {
                let token = source.token(&services.client, environment.moment())?;
                sign_as(statement, &token, services.witnesses())?
            }
        };
        Ok(SignedStatement {
            bundle: witnessed.bundle,
            how: how(witnessed.verified.evidence()),
        })
    }
}

impl Services {
    fn open(
        choice: SignerChoice<'_>,
        chosen: SigningServices,
        environment: &Environment,
    ) -> Result<Self> {
        let root = trusted_roots::choose(choice.services.trusted_root.as_deref(), environment)?;
        let client = SigstoreClient::new(&SigstoreSettings {
            version: VERSION.to_owned(),
            offline: choice.offline,
            certificates: environment.surroundings.certificates(),
            patience: Patience {
                tries: 3,
                ..Patience::default()
            },
        });
        Ok(Self {
            chosen,
            client,
            root: root.root,
        })
    }

    fn witnesses(&self) -> Witnesses<'_> {
        Witnesses {
            services: &self.chosen,
            transport: &self.client,
            root: &self.root,
        }
    }
}

/// The services that were named, and no others, or those of the signing configuration.
fn named_services(arguments: &SigningServicesArguments, now: Timestamp) -> Result<SigningServices> {
    let named = |kind, address: &Option<String>| {
        let address = address.clone()?;
        Some(Service { kind, address })
    };
    let services = SigningServices {
        authority: named(ServiceKind::CertificateAuthority, &arguments.fulcio_url),
        logs: named(ServiceKind::LogV1, &arguments.rekor_url)
            .into_iter()
            .collect(),
        timestamp_authorities: named(ServiceKind::TimestampAuthority, &arguments.timestamp_url)
            .into_iter()
            .collect(),
    };
    if services.authority.is_some()
        || !services.logs.is_empty()
        || !services.timestamp_authorities.is_empty()
    {
        return Ok(services);
    }
    let Some(path) = &arguments.signing_config else {
        let production = SigningConfiguration::production()?;
        return Ok(production.services(now)?);
    };
    let failure = || {
        Failure::new(
            ExitCode::Trust,
            format!("use the signing configuration `{}`", path.display()),
        )
    };
    let mut content = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| {
            file.take(MAX_SIGNING_CONFIGURATION_BYTES as u64 + 1)
                .read_to_end(&mut content)
        })
        .with_context(failure)?;
    if content.len() > MAX_SIGNING_CONFIGURATION_BYTES {
        return Err(anyhow::Error::new(NoSigner::LargeConfiguration).context(failure()));
    }
    SigningConfiguration::read(&content)
        .with_context(failure)?
        .services(now)
        .with_context(failure)
}

fn how(evidence: &Evidence) -> String {
    let mut text = match &evidence.signer {
        Signed::Key {
            algorithm,
            fingerprint,
        } => format!("by the {algorithm} key {fingerprint}"),
        Signed::Identity { identity, issuer } => {
            format!("as {identity}, for whom {issuer} vouches")
        }
    };
    if evidence.logged {
        text.push_str(", in a transparency log");
    }
    if let Some(time) = evidence.times.first() {
        let _ = write!(text, ", at {time}");
    }
    text
}
