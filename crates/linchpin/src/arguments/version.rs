//! The arguments of `linchpin version` and of the command below it.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use linchpin_model::VersionScheme;

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
