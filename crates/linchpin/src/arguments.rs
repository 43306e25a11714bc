//! What can be written on the command line. Help, completions and manual are made from this.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use linchpin_model::{Timestamp, VersionScheme};

use crate::exit_codes;

/// Knows what your software is made of, what is wrong with it, and what to do next
#[derive(Debug, Parser)]
#[command(name = "linchpin", version, after_help = exit_codes::listed(), max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) general: General,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What holds for all commands.
#[derive(Debug, Args)]
pub(crate) struct General {
    /// Say nothing but the result and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show everything: all findings, all notes
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what a target is made of, what is wrong with it, and what to do next
    Scan(ScanArguments),
    /// Say what a target is made of: an inventory in a standard format. Also converts and checks such documents
    Sbom(Box<SbomArguments>),
    /// Say what changed between two targets, documents or reports: findings introduced and fixed, packages, licences
    Diff(DiffArguments),
    /// Propose the fewest version changes that remove the most risk, and make them if asked
    Fix(FixArguments),
    /// Say why a finding is there
    ///
    /// Findings are ordered by their risk, from 0 to 100. It is a sum: 7 for each point of the CVSS base
    /// score; 12, 8 or 4 where EPSS has it that attacks within 30 days are likely by 50, 10 or 1 percent;
    /// 5 where a version without the flaw is known; 2 where the project asks for the package itself, 1
    /// where something that it asks for does; 4 less where the software works without the package, 15
    /// less where only building or development needs it. What attacks use begins at 90, with up to 6 for
    /// the severity and 3 for ransomware; a package that is an attack has 100; a notice has 5, with a fix
    /// 10.
    Explain(ExplainArguments),
    /// Read, write or check package URLs, one on each line
    #[command(subcommand, arg_required_else_help = true)]
    Purl(PurlCommand),
    /// Compare versions as their ecosystems do
    #[command(subcommand, arg_required_else_help = true)]
    Version(VersionCommand),
    /// Fetch, import, carry or look at the advisory database
    #[command(subcommand, arg_required_else_help = true)]
    Db(DatabaseCommand),
    /// Write completions for a shell
    Completions(CompletionsArguments),
    /// Write the manual page
    Manual(ManualArguments),
}

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

#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    #[command(flatten)]
    pub(crate) target: TargetArguments,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
    #[command(flatten)]
    pub(crate) age: AgeArguments,
    #[command(flatten)]
    pub(crate) exploitability: ExploitabilityArguments,
    /// How to write the result: table, json, sarif, openvex, cyclonedx-json or xlsx. Can be repeated; all but one need =FILE
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 if anything at or above this is found. `exploited` means: used in attacks, or malicious
    #[arg(long, value_enum, default_value_t = Bar::None, value_name = "BAR")]
    pub(crate) fail_on: Bar,
    /// Only show what has a remedy
    #[arg(long)]
    pub(crate) only_fixed: bool,
    /// Also show what only development needs
    #[arg(long)]
    pub(crate) include_dev: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// As it was: anything that `scan` takes, or a report that `scan --format json` wrote; - for the standard input
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub(crate) old: String,
    /// As it is, likewise
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
    #[command(flatten)]
    pub(crate) age: AgeArguments,
    #[command(flatten)]
    pub(crate) exploitability: ExploitabilityArguments,
    /// How to write the result: table, json or markdown. Can be repeated; all but one need =FILE
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 if a finding at or above this was introduced, or one that was there has risen to it. `exploited` means: used in attacks, or malicious
    #[arg(long, value_enum, default_value_t = Bar::None, value_name = "BAR")]
    pub(crate) fail_on: Bar,
    /// Only compare findings that have a remedy
    #[arg(long)]
    pub(crate) only_fixed: bool,
    /// Also compare findings in what only development needs
    #[arg(long)]
    pub(crate) include_dev: bool,
}

/// Changes of versions.
#[derive(Debug, Args)]
pub(crate) struct FixArguments {
    #[command(flatten)]
    pub(crate) target: TargetArguments,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
    #[command(flatten)]
    pub(crate) age: AgeArguments,
    #[command(flatten)]
    pub(crate) exploitability: ExploitabilityArguments,
    /// How to write the plan: table, json or markdown. Can be repeated; all but one need =FILE
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// How far a package that the project asks for may be moved
    #[arg(long, value_enum, default_value_t = JumpChoice::Minor, value_name = "JUMP")]
    pub(crate) max_jump: JumpChoice,
    /// Also count what only development needs
    #[arg(long)]
    pub(crate) include_dev: bool,
    /// Let the ecosystem's own client make the changes in the target, and compare with the plan
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) apply: bool,
    /// Change nothing; clients try the plan in a copy. This is the default
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How far a package may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum JumpChoice {
    /// Repairs only
    Patch,
    /// What should break nothing
    Minor,
    /// Anything
    Major,
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

/// How a person or a program is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerForm {
    /// For people
    Table,
    /// For programs
    Json,
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

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The id of a finding, or another name of the same flaw
    #[arg(value_name = "FINDING-ID")]
    pub(crate) finding: String,
    /// The target in which it was found
    #[arg(value_name = "TARGET", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub(crate) target: String,
    /// Take the finding from a report that `scan --format json` wrote, instead of scanning
    #[arg(long, value_name = "FILE", conflicts_with = "target", value_hint = ValueHint::FilePath)]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
    #[command(flatten)]
    pub(crate) age: AgeArguments,
    #[command(flatten)]
    pub(crate) exploitability: ExploitabilityArguments,
}

/// What to do with the lines of the standard input. Each gets one line of output, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum PurlCommand {
    /// Read package URLs and write their parts as JSON, or why a line is none
    Parse,
    /// Read parts as JSON and write the canonical package URL, or why there is none
    Build,
    /// Say whether each line is a valid package URL, and everything that is wrong with it
    Validate,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VersionCommand {
    /// Read lines such as `1.0 < 1.1` (or `>`, `=`), and say which do not hold: exits with 1 if any
    Compare(CompareArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// By whose rules
    #[arg(long, value_name = "SCHEME", value_parser = version_scheme())]
    pub(crate) scheme: VersionScheme,
}

/// The words for orderings.
fn version_scheme() -> impl TypedValueParser<Value = VersionScheme> {
    PossibleValuesParser::new(VersionScheme::ALL.map(VersionScheme::id)).map(|word| {
        VersionScheme::ALL
            .into_iter()
            .find(|scheme| scheme.id() == word)
            .unwrap_or(VersionScheme::SemVer)
    })
}

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
    /// Fetch everything, not only what has changed: records that vanished are noticed
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

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManualArguments {
    /// In which form
    #[arg(long, value_enum, default_value_t = ManualForm::Man)]
    pub(crate) form: ManualForm,
}

/// The forms of the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ManualForm {
    /// For man(1): `linchpin manual | man -l -`
    Man,
    /// All commands as Markdown
    Markdown,
    /// What is read from a target, as Markdown
    Catalogers,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definitions_hold_together() {
        super::Arguments::command().debug_assert();
    }
}
