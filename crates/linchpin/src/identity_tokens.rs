//! Where a token of identity comes from: a file that was named, the environment, or the system for
//! continuous integration that runs this job. It is never an argument, which others on the machine
//! could read, and never shown. There is no browser here: nobody is asked to log in.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_model::Timestamp;
use linchpin_remote::{Secret, SigstoreClient, TokenRequest};
use linchpin_trust::{IdentityToken, MAX_TOKEN_BYTES, SIGSTORE_AUDIENCE};

use crate::exit_codes::{ExitCode, Failure};

/// Where Buildkite's agents ask if nothing else is said.
const BUILDKITE: &str = "https://agent.buildkite.com/v3";

/// What the environment says of tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct TokenSurroundings {
    /// SIGSTORE_ID_TOKEN, which GitLab sets where a job asks for `id_tokens` of that name.
    pub(crate) sigstore: Option<Secret>,
    /// ACTIONS_ID_TOKEN_REQUEST_URL of GitHub Actions.
    pub(crate) github_address: Option<String>,
    /// ACTIONS_ID_TOKEN_REQUEST_TOKEN.
    pub(crate) github_token: Option<Secret>,
    /// BUILDKITE_AGENT_ENDPOINT.
    pub(crate) buildkite_address: Option<String>,
    /// BUILDKITE_JOB_ID.
    pub(crate) buildkite_job: Option<String>,
    /// BUILDKITE_AGENT_ACCESS_TOKEN.
    pub(crate) buildkite_token: Option<Secret>,
    /// CIRCLE_OIDC_TOKEN_V2.
    pub(crate) circle: Option<Secret>,
}

/// Where the token is.
#[derive(Debug)]
pub(crate) enum TokenSource {
    /// Here already.
    Read {
        /// The token.
        token: IdentityToken,
        /// Where it was read.
        from: String,
    },
    /// To be asked for when it is needed: such tokens are valid for minutes.
    Asked {
        /// What is asked.
        request: TokenRequest,
        /// Who is asked.
        from: &'static str,
    },
}

/// Finds a token, and sees at once that one that is here is of use.
pub(crate) fn find(
    named: Option<&Path>,
    surroundings: &TokenSurroundings,
    now: Timestamp,
) -> Result<Option<TokenSource>> {
    if let Some(path) = named {
        let from = match path.to_str() {
            Some("-") => "the standard input".to_owned(),
            _ => format!("`{}`", path.display()),
        };
        let text = read_file(path).with_context(|| using(&from))?;
        return read(&text, from, now).map(Some);
    }
    if let Some(token) = &surroundings.sigstore {
        return read(token, "SIGSTORE_ID_TOKEN".to_owned(), now).map(Some);
    }
    if let (Some(address), Some(token)) = (&surroundings.github_address, &surroundings.github_token)
    {
        let (address, token) = (address.clone(), token.clone());
        return Ok(Some(TokenSource::Asked {
            request: TokenRequest::GitHub { address, token },
            from: "GitHub Actions",
        }));
    }
    if let (Some(job), Some(token)) = (&surroundings.buildkite_job, &surroundings.buildkite_token) {
        let address = surroundings.buildkite_address.as_deref();
        return Ok(Some(TokenSource::Asked {
            request: TokenRequest::Buildkite {
                address: address.unwrap_or(BUILDKITE).to_owned(),
                job: job.clone(),
                token: token.clone(),
            },
            from: "Buildkite",
        }));
    }
    match &surroundings.circle {
        Some(token) => read(token, "CIRCLE_OIDC_TOKEN_V2".to_owned(), now).map(Some),
        None => Ok(None),
    }
}

impl TokenSource {
    /// The token, which is of use at this moment.
    pub(crate) fn token(&self, client: &SigstoreClient, now: Timestamp) -> Result<IdentityToken> {
        match self {
            // Work may have taken longer than the token is valid.
            Self::Read { token, from } => {
                token
                    .check(SIGSTORE_AUDIENCE, now)
                    .with_context(|| using(from))?;
                Ok(token.clone())
            }
            Self::Asked { request, from } => {
                let text = client
                    .identity_token(request, SIGSTORE_AUDIENCE)
                    .with_context(|| {
                        let address = request.address();
                        let address = address.split('?').next().unwrap_or_default();
                        Failure::new(
                            ExitCode::Trust,
                            format!("get a token of identity from {from} at `{address}`"),
                        )
                    })?;
                checked(&text, from, now)
            }
        }
    }
}

fn read(text: &Secret, from: String, now: Timestamp) -> Result<TokenSource> {
    let token = checked(text, &from, now)?;
    Ok(TokenSource::Read { token, from })
}

fn checked(text: &Secret, from: &str, now: Timestamp) -> Result<IdentityToken> {
    let token = IdentityToken::read(text.reveal()).with_context(|| using(from))?;
    token
        .check(SIGSTORE_AUDIENCE, now)
        .with_context(|| using(from))?;
    Ok(token)
}

fn read_file(path: &Path) -> std::io::Result<Secret> {
    let most = MAX_TOKEN_BYTES as u64 + 1;
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(most)
            .read_to_string(&mut text)?;
    } else {
        std::fs::File::open(path)?
            .take(most)
            .read_to_string(&mut text)?;
    }
    Ok(Secret::new(text))
}

fn using(from: &str) -> Failure {
    Failure::new(
        ExitCode::Trust,
        format!("use the token of identity from {from}"),
    )
}
