//! The arguments of `linchpin rules` and of the commands below it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::groups::AnswerForm;

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List all rules, or those for a kind of document
    List(ListRulesArguments),
    /// Show a rule: what it finds, why that matters, and what to write instead
    Show(ShowRuleArguments),
    /// Run the examples of rules: exits with 1 if one does not come out as its rule says
    Test(TestRulesArguments),
    /// Write the beginning of a rule of your own to the standard output
    New(NewRuleArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ListRulesArguments {
    /// The kind of document, such as kubernetes [default: all]
    #[arg(value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// A folder with rules of your own. Can be repeated
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) rules: Vec<PathBuf>,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t = AnswerForm::Table, value_name = "FORM")]
    pub(crate) format: AnswerForm,
}

#[derive(Debug, Args)]
pub(crate) struct ShowRuleArguments {
    /// The id of the rule
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,
    /// A folder with rules of your own. Can be repeated
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) rules: Vec<PathBuf>,
    /// Write it as it is in its file
    #[arg(long)]
    pub(crate) source: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TestRulesArguments {
    /// The folder with rules [default: the rules of the program]
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct NewRuleArguments {
    /// The kind of document that it is about, such as kubernetes
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,
    /// Its id
    #[arg(value_name = "ID", default_value = "my-rule")]
    pub(crate) id: String,
}
