//! Groups of arguments that several commands take: the target, the advisories, what speaks against
//! findings, and how an answer is written.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::signing_services::SigningServicesArguments;

/// Which target, and how it is read.
#[derive(Debug, Args)]
pub(crate) struct TargetArguments {
    /// A folder, an archive, a file, an image (nginx:1.27, a layout or archive, docker-daemon:NAME, podman:NAME, containerd:NAME), a git repository (URL or PATH, @REVISION), or a package URL. What is on the disk wins; registry: oci: docker-archive: dir: file: git: in front say what is meant
    #[arg(value_name = "TARGET", value_hint = ValueHint::AnyPath)]
    pub(crate) target: String,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

/// How a target is read.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReadingArguments {
    /// The platform to choose from an image for several, such as linux/arm64 [default: this machine's]
    #[arg(long, value_name = "OS/ARCH")]
    pub(crate) platform: Option<String>,
    /// Pass over paths that match; a glob without a slash holds in every folder. Can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Which archives in the target are opened; the target itself always is
    #[arg(long, value_name = "WHICH", value_enum, default_value_t)]
    pub(crate) archives: ArchiveChoice,
    /// Fetch images of a registry from a mirror first, such as docker.io=mirror.example/hub. Can be repeated
    #[arg(long, value_name = "REGISTRY=PLACE")]
    pub(crate) mirror: Vec<String>,
    /// Never use the network: any attempt is an error
    #[arg(long, env = "LINCHPIN_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
}

/// What may be reached of registries.
#[derive(Debug, Clone, Args)]
pub(crate) struct NetworkArguments {
    /// Ask a mirror of a registry first, such as docker.io=mirror.example/hub. Can be repeated
    #[arg(long, value_name = "REGISTRY=PLACE")]
    pub(crate) mirror: Vec<String>,
    /// Never use the network: any attempt is an error
    #[arg(long, env = "LINCHPIN_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
}

/// Which archives in a target are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ArchiveChoice {
    /// None
    None,
    /// Packages: jar, wheel, crate, gem, deb and others
    #[default]
    Packages,
    /// Plain ones too: zip, tar, rpm and others
    All,
}

/// Which advisory database.
#[derive(Debug, Args)]
pub(crate) struct DatabaseArguments {
    /// The advisory database [default: in the user's data folder; without one, the starter set]
    #[arg(long, value_name = "PATH", env = "LINCHPIN_DB", value_hint = ValueHint::AnyPath)]
    pub(crate) db: Option<PathBuf>,
}

/// What speaks against findings.
#[derive(Debug, Args)]
pub(crate) struct ExploitabilityArguments {
    /// What others say of the exploitability of flaws: OpenVEX, CSAF or CycloneDX. Can be repeated; the latest statement counts
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) vex: Vec<PathBuf>,
    /// The file with exceptions [default: linchpin.toml at the root of a folder; never one inside an image, an archive or a repository that is fetched]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Pass over linchpin.toml at the root of a folder, for folders of people whom you do not trust
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
}

/// What is looked for, and by which rules.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Only look for these. Can be repeated
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Analysis>,
    /// Do not look for these. Can be repeated
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        value_delimiter = ',',
        conflicts_with = "only"
    )]
    pub(crate) skip: Vec<Analysis>,
    /// A report that `scan --format json` wrote: the secrets in it are known, and not told again
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,
    /// Pass over .gitleaks.toml at the root of a folder
    #[arg(long)]
    pub(crate) no_gitleaks: bool,
    /// Also look for secrets in all that a git repository has ever held
    #[arg(long)]
    pub(crate) history: bool,
    /// A folder with rules of your own; one with the id of another takes its place. Can be repeated
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) rules: Vec<PathBuf>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Analysis {
    /// Known flaws of packages, malicious ones and notices
    Packages,
    /// Containers, clusters and clouds that are set up in a way that helps attackers
    Configuration,
    /// What builds, tests or publishes in such a way
    Pipelines,
    /// Passwords, keys and tokens that lie open
    Secrets,
    /// What the project does not do that keeps software safe; only for the checkout of a repository
    Practices,
    /// Packages that do what attacks do, or come the way on which attacks come
    Suspicious,
    /// Licences that ask for more than the project wants to give
    Licenses,
}

/// What findings are made with: the advisories, and what speaks against findings.
#[derive(Debug, Args)]
pub(crate) struct FindingArguments {
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
    #[command(flatten)]
    pub(crate) age: AgeArguments,
    #[command(flatten)]
    pub(crate) exploitability: ExploitabilityArguments,
}

/// How old advisories may be.
#[derive(Debug, Args)]
pub(crate) struct AgeArguments {
    /// How many days old the advisories may be
    #[arg(
        long,
        value_name = "DAYS",
        env = "LINCHPIN_MAX_AGE",
        default_value_t = 5
    )]
    pub(crate) max_age: u64,
    /// What to do if they are older
    #[arg(
        long,
        value_name = "WHAT",
        env = "LINCHPIN_STALE",
        value_enum,
        default_value_t
    )]
    pub(crate) stale: StaleChoice,
}

/// What to do about old advisories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum StaleChoice {
    /// Say nothing
    Ignore,
    /// Say so, and go on
    #[default]
    Warn,
    /// Exit with 4
    Error,
}

/// From where on findings make the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bar {
    /// Never
    None,
    /// Anything but notices
    Low,
    /// CVSS 4.0 and above, and what nobody has rated
    Medium,
    /// CVSS 7.0 and above
    High,
    /// CVSS 9.0 and above
    Critical,
    /// Used in attacks, or malicious
    Exploited,
}

/// How an answer is written.
#[derive(Debug, Args)]
pub(crate) struct AnswerArguments {
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t = AnswerForm::Table, value_name = "FORM")]
    pub(crate) format: AnswerForm,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// How a person or a program is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerForm {
    /// For people
    Table,
    /// For programs
    Json,
}

/// Where the passphrase of a private key comes from.
#[derive(Debug, Args)]
pub(crate) struct PassphraseArguments {
    /// The file with the passphrase of the private key [default: LINCHPIN_PASSPHRASE, else it is asked for on a terminal]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// Whether the result becomes a signed statement.
#[derive(Debug, Args)]
pub(crate) struct AttestingArguments {
    /// Also sign the result, as a statement about the target: with --key, or by a token of identity
    #[arg(long)]
    pub(crate) attest: bool,
    /// The private key for --attest
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "attest")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArguments,
    #[command(flatten)]
    pub(crate) services: SigningServicesArguments,
    /// Where the signed statement goes [default: TARGET.TYPE.sigstore.json; for an image in a registry it is attached to the image]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "attest")]
    pub(crate) bundle: Option<PathBuf>,
}
