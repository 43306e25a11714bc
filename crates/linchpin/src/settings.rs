//! Arguments and environment become one typed value before any work begins. This is the only
//! place that reads the environment and the clock.

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Context, Result};
use etcetera::BaseStrategy;
use linchpin_model::Timestamp;
use linchpin_remote::{Mirror, Secret};
use linchpin_source::{Archives, Platform, SourceOptions, exclude_globs};
use linchpin_trust::Passphrase;

use crate::arguments::{
    AgeArguments, ArchiveChoice, DatabaseArguments, NetworkArguments, ReadingArguments, StaleChoice,
};
use crate::build_system::{self, BuildRun};
use crate::exit_codes::{ExitCode, Failure};
use crate::identity_tokens::TokenSurroundings;
pub(crate) use crate::network::Network;
use crate::network::Surroundings;

/// What the program is told by its surroundings.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// Whether the result goes to a terminal.
    pub(crate) stdout_is_terminal: bool,
    /// Whether messages go to a terminal.
    pub(crate) stderr_is_terminal: bool,
    /// The number of columns: that of the terminal, or COLUMNS.
    pub(crate) width: usize,
    /// Whether the surroundings ask for no colours.
    pub(crate) no_color: bool,
    /// Whether the surroundings ask for colours even without a terminal.
    pub(crate) force_color: bool,
    /// SOURCE_DATE_EPOCH: the moment to write into documents.
    pub(crate) source_date: Option<Timestamp>,
    /// GITHUB_TOKEN: by what a forge knows who asks.
    pub(crate) forge_token: Option<Secret>,
    /// LINCHPIN_PASSPHRASE: what opens or protects a private key. It may be empty.
    pub(crate) passphrase: Option<Passphrase>,
    /// By what this job can say who it is.
    pub(crate) tokens: TokenSurroundings,
    /// The user's folder for data of programs.
    pub(crate) data_folder: Option<PathBuf>,
    /// Where Cargo keeps what is not a project's.
    pub(crate) cargo_home: Option<PathBuf>,
    /// The run of a build system that this is a part of.
    pub(crate) build_run: Option<BuildRun>,
    /// Where the settings of registries and container engines are.
    pub(crate) surroundings: Surroundings,
}

/// The width where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 120;

impl Environment {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that reads the environment"
    )]
    pub(crate) fn read() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let columns = variable("COLUMNS").and_then(|columns| columns.parse::<usize>().ok());
        let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let path = |name: &str| variable(name).map(PathBuf::from);
        let secret = |name: &str| variable(name).map(Secret::new);
        let folders = etcetera::choose_base_strategy().ok();
        let stdout_is_terminal = std::io::stdout().is_terminal();
        let source_date = variable("SOURCE_DATE_EPOCH")
            .and_then(|seconds| seconds.parse::<i64>().ok())
            .and_then(|seconds| Timestamp::from_second(seconds).ok());
        Self {
            stdout_is_terminal,
            stderr_is_terminal: std::io::stderr().is_terminal(),
            width: terminal
                .filter(|_| stdout_is_terminal)
                .or(columns)
                .unwrap_or(DEFAULT_WIDTH)
                .clamp(40, 400),
            no_color: variable("NO_COLOR").is_some()
                || variable("TERM").is_some_and(|term| term == "dumb"),
            force_color: variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            source_date,
            forge_token: secret("GITHUB_TOKEN"),
            passphrase: std::env::var("LINCHPIN_PASSPHRASE")
                .ok()
                .map(Passphrase::new),
            tokens: TokenSurroundings {
                sigstore: secret("SIGSTORE_ID_TOKEN"),
                github_address: variable("ACTIONS_ID_TOKEN_REQUEST_URL"),
                github_token: secret("ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
                buildkite_address: variable("BUILDKITE_AGENT_ENDPOINT"),
                buildkite_job: variable("BUILDKITE_JOB_ID"),
                buildkite_token: secret("BUILDKITE_AGENT_ACCESS_TOKEN"),
                circle: secret("CIRCLE_OIDC_TOKEN_V2"),
            },
            data_folder: folders.as_ref().map(BaseStrategy::data_dir),
            cargo_home: path("CARGO_HOME")
                .or_else(|| Some(folders.as_ref()?.home_dir().join(".cargo"))),
            build_run: build_system::detect(&variable),
            surroundings: Surroundings {
                home: folders.as_ref().map(|folders| folders.home_dir().into()),
                configuration: folders.as_ref().map(BaseStrategy::config_dir),
                runtime: path("XDG_RUNTIME_DIR"),
                docker_configuration: path("DOCKER_CONFIG"),
                auth_file: path("REGISTRY_AUTH_FILE"),
                registries_conf: path("CONTAINERS_REGISTRIES_CONF"),
                certificate_file: path("SSL_CERT_FILE"),
                certificate_folder: path("SSL_CERT_DIR"),
                docker_host: variable("DOCKER_HOST"),
                podman_host: variable("CONTAINER_HOST"),
                containerd_namespace: variable("CONTAINERD_NAMESPACE"),
            },
        }
    }

    /// Where the advisory database is if nobody says otherwise.
    pub(crate) fn default_database(&self) -> Option<PathBuf> {
        self.data_folder
            .as_ref()
            .map(|folder| folder.join("linchpin").join("advisories"))
    }

    /// The moment to write into what is made now.
    pub(crate) fn now(&self) -> Timestamp {
        self.source_date.unwrap_or_else(Timestamp::now)
    }

    /// The moment that it is, whatever is written into documents: what others give is valid until
    /// then.
    #[expect(
        clippy::unused_self,
        reason = "the clock belongs to the surroundings, and who asks it says so"
    )]
    pub(crate) fn moment(&self) -> Timestamp {
        Timestamp::now()
    }

    /// The same in whole seconds, as when a build began and ended is recorded.
    pub(crate) fn moment_in_seconds(&self) -> Timestamp {
        let moment = self.moment();
        Timestamp::from_second(moment.as_second()).unwrap_or(moment)
    }
}

/// How a target is to be read.
pub(crate) fn source_options(arguments: &ReadingArguments) -> Result<SourceOptions> {
    let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
    let platform = arguments
        .platform
        .as_deref()
        .map(str::parse::<Platform>)
        .transpose()
        .with_context(wrong)?;
    let exclude =
        exclude_globs(arguments.exclude.iter().map(String::as_str)).with_context(wrong)?;
    Ok(SourceOptions {
        platform,
        exclude,
        archives: match arguments.archives {
            ArchiveChoice::None => Archives::None,
            ArchiveChoice::Packages => Archives::Packages,
            ArchiveChoice::All => Archives::All,
        },
        ..SourceOptions::default()
    })
}

/// What may be reached for a target.
pub(crate) fn network(arguments: &ReadingArguments, environment: &Environment) -> Result<Network> {
    network_of(&arguments.mirror, arguments.offline, environment)
}

/// What may be reached for an image that is signed or verified.
pub(crate) fn registry_network(
    arguments: &NetworkArguments,
    environment: &Environment,
) -> Result<Network> {
    network_of(&arguments.mirror, arguments.offline, environment)
}

/// What may be reached where these mirrors come first.
pub(crate) fn network_of(
    mirrors: &[String],
    offline: bool,
    environment: &Environment,
) -> Result<Network> {
    let mirrors = mirrors
        .iter()
        .map(|mirror| mirror.parse::<Mirror>())
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| Failure::new(ExitCode::WrongUse, "understand the arguments"))?;
    Ok(Network::new(offline, mirrors, &environment.surroundings))
}

/// What to do about old advisories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AgeLimit {
    /// How many days old they may be.
    pub(crate) days: u64,
    /// What happens if they are older.
    pub(crate) stale: StaleChoice,
    /// The moment from which the days count.
    pub(crate) now: Timestamp,
}

impl AgeLimit {
    pub(crate) fn new(arguments: &AgeArguments, environment: &Environment) -> Self {
        Self {
            days: arguments.max_age,
            stale: arguments.stale,
            now: environment.now(),
        }
    }
}

/// The database that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DatabaseChoice {
    /// This folder; it must be there.
    Named(PathBuf),
    /// The user's own, if there is one, else the starter set.
    Default(Option<PathBuf>),
}

impl DatabaseChoice {
    pub(crate) fn new(arguments: &DatabaseArguments, environment: &Environment) -> Self {
        match &arguments.db {
            Some(path) => Self::Named(path.clone()),
            None => Self::Default(environment.default_database()),
        }
    }

    /// The folder to write.
    pub(crate) fn folder(&self) -> Option<&PathBuf> {
        match self {
            Self::Named(path) => Some(path),
            Self::Default(path) => path.as_ref(),
        }
    }
}
