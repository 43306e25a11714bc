//! The commands below `linchpin purl`. They take no arguments: they read the standard input.

use clap::Subcommand;

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
