//! The arguments of the commands below `linchpin db`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::groups::{AnswerArguments, DatabaseArguments};

#[derive(Debug, Subcommand)]
pub(crate) enum DatabaseCommand {
    /// Fetch what is new from OSV's public bucket, or a mirror of it
    Update(UpdateArguments),
    /// Make the database from a folder in the layout of OSV's public bucket, or from a file that `db export` wrote
    Import(ImportArguments),
    /// Write the database as one file, to be carried to where there is no network
    Export(ExportArguments),
    /// Say what is different between two databases: 0 if nothing is, 1 if something is
    Diff(DatabaseDiffArguments),
    /// List the advisories that name a package, whatever its version
    Search(SearchArguments),
    /// Say what is in the database, where it came from and how old it is
    Status(StatusArguments),
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArguments {
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
    /// Never use the network: any attempt is an error
    #[arg(long, env = "LINCHPIN_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
    /// The address of the bucket [default: OSV's]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) from: Option<String>,
    /// The address of the catalogue of known exploited vulnerabilities [default: CISA's]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) exploited_from: Option<String>,
    /// A file of predictions of exploitation, epss_scores-YYYY-MM-DD.csv or .csv.gz, as FIRST publishes it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) epss: Option<PathBuf>,
    /// Only this ecosystem, such as npm; the others stay as they are. Can be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) ecosystem: Vec<String>,
    /// Fetch everything, not only what has changed: records that were changed without a new date are noticed
    #[arg(long)]
    pub(crate) whole: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// A folder with ecosystems.txt and a folder with all.zip for each ecosystem, or a file that `db export` wrote
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) from: PathBuf,
    /// The file must be signed by the owner of this Ed25519 key (PEM)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) public_key: Option<PathBuf>,
    /// Only this ecosystem, such as npm; the others stay as they are. Can be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) ecosystem: Vec<String>,
    /// The catalogue of known exploited vulnerabilities [default: looked for in PATH, and in kev/ beside it]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) exploited: Option<PathBuf>,
    /// The predictions of exploitation, epss_scores-YYYY-MM-DD.csv or .csv.gz, as FIRST publishes them [default: looked for in PATH, and in epss/ beside it]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) epss: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The file to write
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Sign it with this private Ed25519 key (PKCS#8, PEM)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
}

#[derive(Debug, Args)]
pub(crate) struct DatabaseDiffArguments {
    /// A database
    #[arg(value_name = "OLD", value_hint = ValueHint::DirPath)]
    pub(crate) before: PathBuf,
    /// What it is now
    #[arg(value_name = "NEW", value_hint = ValueHint::DirPath)]
    pub(crate) after: PathBuf,
    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArguments {
    /// The package's name, in any spelling that its ecosystem takes for the same
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Only in this ecosystem, such as npm [default: all of them]
    #[arg(long, value_name = "NAME")]
    pub(crate) ecosystem: Option<String>,
    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
    /// Read everything in it, and say if anything is damaged
    #[arg(long)]
    pub(crate) verify: bool,
    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
}
