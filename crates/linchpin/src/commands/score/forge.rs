//! Asking a forge, where the user says which repository is meant and has a token.

use anyhow::{Context, Result, anyhow};
use linchpin_check::practices::{Forge, ForgeFacts, Repository, ask};
use linchpin_remote::{Address, FetchError, ForgeClient, PUBLIC_FORGE};

use crate::arguments::PracticesArguments;
use crate::commands::VERSION;
use crate::settings::Environment;

/// Why a check that needs a forge has no score.
pub(super) const NOT_ASKED: &str = "not evaluated: only a forge knows, and none was asked";

/// A repository, and whom to ask about it.
pub(super) struct Asking {
    repository: Repository,
    client: ForgeClient,
}

impl Asking {
    /// Nothing if nobody is to be asked.
    pub(super) fn understand(
        arguments: &PracticesArguments,
        environment: &Environment,
    ) -> Result<Option<Self>> {
        let Some(repository) = &arguments.repository else {
            return Ok(None);
        };
        let repository: Repository = repository.parse()?;
        if arguments.reading.offline {
            return Err(anyhow!(
                "`--repository` asks a forge, and `--offline` is set\nhint: leave one of them out"
            ));
        }
        let token = environment.forge_token.clone().ok_or_else(|| {
            anyhow!("`--repository` needs a token\nhint: put one into the variable GITHUB_TOKEN")
        })?;
        let address = |text: &str| text.parse::<Address>().context("an address is not used");
        let client = ForgeClient::new(
            VERSION,
            address(&arguments.api)?,
            address(&arguments.badges)?,
            token,
        );
        Ok(Some(Self { repository, client }))
    }

    /// What the forge says, also of these proposals, or why it says nothing.
    pub(super) fn ask(&self, proposals: &[u64]) -> Result<ForgeFacts, String> {
        ask(&Transport(&self.client), &self.repository, proposals)
            .map_err(|reason| format!("not evaluated: {reason}"))
    }
}

struct Transport<'c>(&'c ForgeClient);

impl Forge for Transport<'_> {
    fn get(&self, path: &str, query: &str) -> Result<Option<String>, String> {
        self.0.get(path, query).map_err(reason)
    }

    fn badge(&self, address: &str) -> Result<Option<String>, String> {
        self.0.badge(address).map_err(reason)
    }
}

fn reason(error: FetchError) -> String {
    error.to_string()
}

/// The name of a repository as Scorecard writes it: with its host.
pub(super) fn name(api: &str, repository: &str) -> String {
    if api == PUBLIC_FORGE {
        return format!("github.com/{repository}");
    }
    let host = api.split("://").nth(1).unwrap_or(api);
    let host = host.split('/').next().unwrap_or(host);
    format!("{host}/{repository}")
}
