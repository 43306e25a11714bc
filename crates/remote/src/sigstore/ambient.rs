//! Tokens that systems for continuous integration give to their own jobs.
//!
//! GitHub Actions: <https://docs.github.com/actions/reference/security/oidc>. Buildkite: the
//! interface that its agent uses for `buildkite-agent oidc request-token`,
//! <https://github.com/buildkite/agent/blob/main/api/oidc.go>. Other systems put the token itself
//! into the environment.

use linchpin_trust::NoAnswer;
use serde::Deserialize;
use serde_json::json;
use ureq::Agent;

use super::SigstoreClient;
use crate::Secret;

/// Where a job asks for a token, and by what it is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenRequest {
    /// GitHub Actions.
    GitHub {
        /// `ACTIONS_ID_TOKEN_REQUEST_URL`.
        address: String,
        /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
        token: Secret,
    },
    /// Buildkite.
    Buildkite {
        /// `BUILDKITE_AGENT_ENDPOINT`.
        address: String,
        /// `BUILDKITE_JOB_ID`.
        job: String,
        /// `BUILDKITE_AGENT_ACCESS_TOKEN`.
        token: Secret,
    },
}

impl TokenRequest {
    /// The address that is asked.
    pub fn address(&self) -> &str {
        match self {
            Self::GitHub { address, .. } | Self::Buildkite { address, .. } => address,
        }
    }
}

#[derive(Deserialize)]
struct FromGitHub {
    value: String,
}

#[derive(Deserialize)]
struct FromBuildkite {
    token: String,
}

impl SigstoreClient {
    /// A token of identity for an audience, which is a word of letters and digits.
    pub fn identity_token(
        &self,
        request: &TokenRequest,
        audience: &str,
    ) -> Result<Secret, NoAnswer> {
        let unreadable = |_| NoAnswer::Unusable("there is no token in its answer".to_owned());
        match request {
            TokenRequest::GitHub { address, token } => {
                let base = self.address(address)?;
                let sign = if address.contains('?') { '&' } else { '?' };
                let asked = format!("{}{sign}audience={audience}", base.as_str());
                let authorization = format!("Bearer {}", token.reveal());
                let answer = self.exchange.body(&base, &|agent: &Agent| {
                    agent
                        .get(&asked)
                        .header("authorization", &authorization)
                        .header("accept", "application/json")
                        .call()
                })?;
                let answer: FromGitHub = serde_json::from_slice(&answer).map_err(unreadable)?;
                Ok(Secret::new(answer.value))
            }
            TokenRequest::Buildkite {
                address,
                job,
                token,
            } => {
                let base = self.address(address)?;
                let asked = base.join(&format!("jobs/{job}/oidc/tokens"));
                let authorization = format!("Token {}", token.reveal());
                let content = json!({"audience": audience}).to_string();
                let answer = self.exchange.body(&base, &|agent: &Agent| {
                    agent
                        .post(&asked)
                        .header("authorization", &authorization)
                        .header("content-type", "application/json")
                        .send(content.as_bytes())
                })?;
                let answer: FromBuildkite = serde_json::from_slice(&answer).map_err(unreadable)?;
                Ok(Secret::new(answer.token))
            }
        }
    }
}
