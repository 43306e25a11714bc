//! What can be written on the command line. Help, completions and manual are made from this.
//!
//! One file per command, as in `commands`; what several commands take is in `groups`. Here are the
//! program itself and the list of its commands. What the words mean for a run is made in `settings`.

mod build;
mod completions;
mod db;
mod diff;
mod explain;
mod fix;
mod gate;
mod groups;
mod keygen;
mod manual;
mod policy;
mod purl;
mod rules;
mod sbom;
mod scan;
mod score;
mod services;
mod signing;
mod signing_services;
mod tree;
mod trust_root;
mod version;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit_codes;

pub(crate) use build::BuildArguments;
pub(crate) use completions::CompletionsArguments;
pub(crate) use db::{
    DatabaseCommand, DatabaseDiffArguments, ExportArguments, ImportArguments, SearchArguments,
    StatusArguments, UpdateArguments,
};
pub(crate) use diff::DiffArguments;
pub(crate) use explain::ExplainArguments;
pub(crate) use fix::{FixArguments, FixChoice, JumpChoice};
pub(crate) use gate::GateArguments;
pub(crate) use groups::{
    AgeArguments, Analysis, AnswerForm, ArchiveChoice, AttestingArguments, Bar, CheckArguments,
    DatabaseArguments, ExploitabilityArguments, FindingArguments, NetworkArguments,
    PassphraseArguments, ReadingArguments, StaleChoice,
};
pub(crate) use keygen::KeygenArguments;
pub(crate) use manual::{ManualArguments, ManualForm};
pub(crate) use policy::{InitPolicyArguments, PolicyCommand, TestPolicyArguments};
pub(crate) use purl::PurlCommand;
pub(crate) use rules::{
    ListRulesArguments, NewRuleArguments, RulesCommand, ShowRuleArguments, TestRulesArguments,
};
pub(crate) use sbom::{
    ConvertArguments, EnrichArguments, InventoryArguments, MergeArguments, QueryArguments,
    SbomArguments, SbomCommand, SbomDiffArguments, ScoreArguments, ValidateArguments,
    WrittenArguments,
};
pub(crate) use scan::ScanArguments;
pub(crate) use score::PracticesArguments;
pub(crate) use services::ServicesArguments;
pub(crate) use signing::{
    AttestArguments, ConformanceCommand, ExpectedSignerArguments, SignArguments, SignerArguments,
    VerifyArguments, VerifyBundleArguments,
};
pub(crate) use signing_services::SigningServicesArguments;
pub(crate) use tree::TreeArguments;
pub(crate) use trust_root::TrustRootCommand;
pub(crate) use version::VersionCommand;

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
    Scan(Box<ScanArguments>),
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
    /// Score what a project does to keep its software safe, as OpenSSF Scorecard does, without a forge
    Score(Box<PracticesArguments>),
    /// Say which services and endpoints outside a target depends on, where it uses them, and what goes there
    Services(ServicesArguments),
    /// Make a pair of keys: one to sign with, one for others to verify by
    Keygen(KeygenArguments),
    /// Sign a file, an OCI layout, a digest or an image in a registry, with a key or by a token of identity: a Sigstore bundle with a statement
    Sign(SignArguments),
    /// Say something about an artifact, such as its SBOM, and sign it, with a key or by a token of identity
    Attest(AttestArguments),
    /// Run a build, and record how: source, dependencies, builder and outputs, as provenance of SLSA
    ///
    /// The command runs as it would without this program: with the same rights, input and output. What is
    /// recorded is about the files that --output names. If the command fails, nothing is recorded.
    Build(BuildArguments),
    /// Verify that an artifact was signed, or something said of it, by whom you expect
    ///
    /// Exits with 0 if so, with 1 if not, and with 2 or more if it can not tell. For an image in a
    /// registry, all that is attached to it is looked through; for everything else nothing is fetched.
    /// The bundle brings what a log and timestamp authorities said, and the trusted root whom of them
    /// to believe.
    Verify(VerifyArguments),
    /// List what is attached to an image: signatures, statements, and what other programs attach
    ///
    /// Who signed is what each thing says itself, and is marked so, unless `--key` or an identity says
    /// whom you expect: then each is verified, or refused with the reason.
    Tree(TreeArguments),
    /// Decide by a policy whether an artifact may go on: has everyone done the work that they were supposed to do?
    ///
    /// Verifies what was said of the artifact, lets only count what somebody signed whom the policy
    /// believes, and asks its rules. Exits with 0 if it may go on, with 1 if not, and with 2 or more if that
    /// can not be told. For an image in a registry, what is attached to it is fetched; else nothing is.
    Gate(Box<GateArguments>),
    /// Begin or test a policy, or list what its rules may ask for
    #[command(subcommand, arg_required_else_help = true)]
    Policy(PolicyCommand),
    /// Show or replace the trusted root, by which certificates and logs are verified
    #[command(subcommand, arg_required_else_help = true)]
    TrustRoot(TrustRootCommand),
    /// Answer the conformance suite of Sigstore
    #[command(subcommand, hide = true, arg_required_else_help = true)]
    Conformance(ConformanceCommand),
    /// List, show, test or begin rules
    #[command(subcommand, arg_required_else_help = true)]
    Rules(RulesCommand),
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definitions_hold_together() {
        super::Arguments::command().debug_assert();
    }
}
