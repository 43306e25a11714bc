//! The arguments of `linchpin sbom` and of the commands below it.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use linchpin_model::Timestamp;

use super::groups::{AnswerArguments, AttestingArguments, ReadingArguments};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(arg_required_else_help = true)]
pub(crate) struct SbomArguments {
    #[command(flatten)]
    pub(crate) inventory: InventoryArguments,
    #[command(subcommand)]
    pub(crate) command: Option<SbomCommand>,
}

/// Making a document of a target.
#[derive(Debug, Args)]
pub(crate) struct InventoryArguments {
    /// A folder, an image or anything else that `scan` reads
    #[arg(value_name = "TARGET", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) target: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    /// How to write it: FORMAT or FORMAT@VERSION, such as cyclonedx-json, cyclonedx-json@1.5, csv or xlsx [default: table on a terminal, else cyclonedx-json]. Can be repeated; all but one need =FILE
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// The moment to write into the document, such as 2026-01-31T12:00:00Z [default: SOURCE_DATE_EPOCH, else none]
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) attesting: AttestingArguments,
}

/// What can be done with documents.
#[derive(Debug, Subcommand)]
pub(crate) enum SbomCommand {
    /// Write a document in another format, and say what that cannot hold
    Convert(ConvertArguments),
    /// Say whether a document is valid: 0 if it is, 1 if not, 2 if it can not be read
    Validate(ValidateArguments),
    /// Say what is different between two documents or targets: 0 if nothing is, 1 if something is
    Diff(SbomDiffArguments),
    /// Make one document of several
    Merge(MergeArguments),
    /// Judge how complete a document is: NTIA 2021, CISA 2025, BSI TR-03183-2
    Score(ScoreArguments),
    /// Fill in licences, suppliers, digests and downloads from what is at hand; never from the network
    Enrich(EnrichArguments),
    /// List the components for which an expression holds, such as 'type == "npm" && licenses.exists(l, l.startsWith("GPL"))'
    Query(QueryArguments),
}

#[derive(Debug, Args)]
pub(crate) struct SbomDiffArguments {
    /// A document of any format that is read, or a target; - for the standard input
    #[arg(value_name = "BEFORE", value_hint = ValueHint::AnyPath)]
    pub(crate) before: String,
    /// Likewise, what it is now
    #[arg(value_name = "AFTER", value_hint = ValueHint::AnyPath)]
    pub(crate) after: String,
    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArguments {
    /// Documents of any format that is read, or targets; - for the standard input
    #[arg(value_name = "FILE", num_args = 1.., required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<String>,
    /// One list, with what has the same package URL as one component (the default)
    #[arg(long, conflicts_with = "hierarchical")]
    pub(crate) flat: bool,
    /// Each document whole, as a component with its own parts
    #[arg(long)]
    pub(crate) hierarchical: bool,
    /// The name of the whole
    #[arg(long, value_name = "NAME", default_value = "merged")]
    pub(crate) name: String,
    /// The version of the whole
    #[arg(long, value_name = "VERSION")]
    pub(crate) version: Option<String>,
    #[command(flatten)]
    pub(crate) written: WrittenArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

/// How a document is written.
#[derive(Debug, Args)]
pub(crate) struct WrittenArguments {
    /// How to write it: FORMAT or FORMAT@VERSION [default: as the first one was written, else cyclonedx-json]
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// The moment to write into the document [default: SOURCE_DATE_EPOCH, else none]
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArguments {
    /// A document of any format that is read, or a target; - for the standard input
    #[arg(value_name = "FILE|TARGET", value_hint = ValueHint::AnyPath)]
    pub(crate) file: String,
    /// Exit with 1 if the points of any standard are below this, of 100
    #[arg(long, value_name = "POINTS", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) fail_below: Option<u8>,
    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

#[derive(Debug, Args)]
pub(crate) struct EnrichArguments {
    /// The document, of any format that is read; - for the standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) file: String,
    /// What knows more: a folder, an image or another document. Can be repeated; the first one that knows counts
    #[arg(long, value_name = "FILE|TARGET", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) from: Vec<String>,
    #[command(flatten)]
    pub(crate) written: WrittenArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

#[derive(Debug, Args)]
#[command(after_help = query_fields())]
pub(crate) struct QueryArguments {
    /// A document of any format that is read, or a target; - for the standard input
    #[arg(value_name = "FILE|TARGET", value_hint = ValueHint::AnyPath)]
    pub(crate) file: String,
    /// What must be true of a component, in the Common Expression Language
    #[arg(value_name = "EXPRESSION")]
    pub(crate) expression: String,
    /// Exit with 1 if it holds for any component
    #[arg(long)]
    pub(crate) fail_on_match: bool,
    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

/// The fields of a component, for the end of the help text.
fn query_fields() -> String {
    let mut text = String::from("Fields of a component:\n");
    for field in linchpin_sbom::query::FIELDS {
        let _ = writeln!(text, "  {:15}  {}", field.name, field.documentation);
    }
    text
}

#[derive(Debug, Args)]
pub(crate) struct ConvertArguments {
    /// The document, of any format that is read; - for the standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// How to write it: FORMAT or FORMAT@VERSION, such as spdx-json or cyclonedx-xml@1.5
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: String,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// The moment to write into the document instead of the one that it has
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<Timestamp>,
    /// The serial number (urn:uuid:...) or namespace to write instead of the one that it has; `content` makes one from the content
    #[arg(long, value_name = "URI")]
    pub(crate) serial_number: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArguments {
    /// The document; - for the standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
}
