//! `linchpin manual`: the manual, from the same definitions as the help.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use clap::CommandFactory as _;
use linchpin_catalog::catalogers;
use linchpin_source::Pattern;

use super::check_pages;
use crate::arguments::{Arguments, ManualArguments, ManualForm};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;

pub(super) fn run(arguments: &ManualArguments) -> Result<ExitCode> {
    let text = match arguments.form {
        ManualForm::Man => man_page()?,
        ManualForm::Markdown => commands_page().into_bytes(),
        ManualForm::Catalogers => catalogers_page().into_bytes(),
        ManualForm::Rules => check_pages::rules().into_bytes(),
        ManualForm::Secrets => check_pages::secrets().into_bytes(),
        ManualForm::Services => check_pages::services().into_bytes(),
    };
    deliver(None, &text)?;
    Ok(ExitCode::Clean)
}

/// One page for man(1): the program, then each command as a section.
fn man_page() -> Result<Vec<u8>> {
    let failure = || Failure::new(ExitCode::Internal, "make the manual page");
    let mut page = Vec::new();
    let mut command = Arguments::command();
    command.build();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .with_context(failure)?;
    for command in visible(&command) {
        let man = clap_mangen::Man::new(command.clone());
        let title = command
            .get_bin_name()
            .unwrap_or(command.get_name())
            .to_uppercase();
        page.extend(format!(".SH \"{title}\"\n").into_bytes());
        let mut section = Vec::new();
        man.render_synopsis_section(&mut section)
            .with_context(failure)?;
        man.render_description_section(&mut section)
            .with_context(failure)?;
        man.render_options_section(&mut section)
            .with_context(failure)?;
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        page.extend(section.into_bytes());
    }
    Ok(page)
}

fn visible(command: &clap::Command) -> Vec<clap::Command> {
    let mut all = Vec::new();
    for inner in command
        .get_subcommands()
        .filter(|inner| inner.get_name() != "help" && !inner.is_hide_set())
    {
        // A command may do something itself beside having others in it.
        if !inner.has_subcommands() || inner.get_positionals().next().is_some() {
            all.push(inner.clone());
        }
        all.extend(visible(inner));
    }
    all
}

fn commands_page() -> String {
    let mut command = Arguments::command().term_width(100);
    command.build();
    let mut page = String::from(
        "# Commands\n\nMade by `linchpin manual --form markdown` from the definitions of the command line.\n",
    );
    let _ = write!(
        page,
        "\n```text\n{}\n```\n",
        trimmed(&command.render_long_help().to_string())
    );
    for mut command in visible(&command) {
        let name = command.get_bin_name().unwrap_or_default().to_owned();
        let help = command.render_long_help().to_string();
        let _ = write!(page, "\n## {name}\n\n```text\n{}\n```\n", trimmed(&help));
    }
    page
}

fn trimmed(help: &str) -> String {
    let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn catalogers_page() -> String {
    let mut page = String::from(
        "# What is read from a target\n\nMade by `linchpin manual --form catalogers` from the catalogers themselves.\n",
    );
    for cataloger in catalogers() {
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\nFiles: ",
            cataloger.id, cataloger.documentation
        );
        let files: Vec<String> = cataloger.wants.iter().map(files_in_words).collect();
        let _ = writeln!(page, "{}.", files.join(", "));
    }
    page
}

fn files_in_words(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Path(path) | Pattern::Glob(path) => format!("`{path}`"),
        Pattern::Name(name) => format!("`**/{name}`"),
        Pattern::Suffix(suffix) => format!("`**/*{suffix}`"),
        Pattern::Executable
        | Pattern::ExecutableWith(_)
        | Pattern::ExecutableContaining(_)
        | Pattern::ExecutableContainingInPieces(_)
        | Pattern::ExecutableHead(_) => "programs and shared libraries".to_owned(),
        Pattern::ExecutableNamed(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("programs and shared libraries called {}", names.join(", "))
        }
        Pattern::Head(inner, _) | Pattern::PlainHead(inner, _) => {
            format!("{} (their beginning)", files_in_words(inner))
        }
        Pattern::TextsBut(_) => "all texts but those of others".to_owned(),
        Pattern::Archive(inner) => format!("{} (as archives)", files_in_words(inner)),
    }
}
