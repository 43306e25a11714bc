//! The arguments of `linchpin manual`.

use clap::{Args, ValueEnum};

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
    /// All rules, as Markdown
    Rules,
    /// All kinds of secrets, as Markdown
    Secrets,
    /// How services are found, and all that are known, as Markdown
    Services,
}
