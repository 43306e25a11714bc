//! `linchpin rules`: what is checked, and rules of the user.

use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use linchpin_check::{Kind, Rule, embedded_text, examples, kinds};
use linchpin_text::{Column, Shortening, counted, table, visible};
use serde::Serialize;

use super::user_rules::UserRules;
use crate::arguments::{
    AnswerForm, ListRulesArguments, NewRuleArguments, RulesCommand, ShowRuleArguments,
    TestRulesArguments,
};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;

pub(super) fn run(command: &RulesCommand, printer: &Printer) -> Result<ExitCode> {
    match command {
        RulesCommand::List(arguments) => list(arguments, printer),
        RulesCommand::Show(arguments) => show(arguments),
        RulesCommand::Test(arguments) => test(arguments, printer),
        RulesCommand::New(arguments) => new(arguments),
    }
}

fn failure() -> Failure {
    Failure::new(ExitCode::WrongUse, "understand the arguments")
}

fn kind(word: &str) -> Result<&'static Kind> {
    kinds::find(word).ok_or_else(|| {
        let words: Vec<&str> = kinds::ALL.iter().map(|kind| kind.id).collect();
        anyhow!(
            "`{}` is no kind of document\nhint: they are {}",
            visible(word),
            words.join(", ")
        )
        .context(failure())
    })
}

/// A rule in a list.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    kind: &'static str,
    severity: &'static str,
    category: &'a str,
    title: &'a str,
}

const COLUMNS: &[Column] = &[
    column("RULE", Shortening::Never),
    column("SEVERITY", Shortening::Never),
    column("WHAT", Shortening::End),
];

const fn column(title: &'static str, shortening: Shortening) -> Column {
    Column {
        title,
        shortening,
        least: 20,
    }
}

fn list(arguments: &ListRulesArguments, printer: &Printer) -> Result<ExitCode> {
    let rules = UserRules::read(&arguments.rules)?.valid()?;
    let chosen = match &arguments.kind {
        Some(word) => rules.of(kind(word)?.id),
        None => rules.all(),
    };
    let content = match arguments.format {
        AnswerForm::Json => {
            let listed: Vec<Listed<'_>> = chosen.iter().map(|rule| listed(rule)).collect();
            let mut content = serde_json::to_vec_pretty(&listed)?;
            content.push(b'\n');
            content
        }
        AnswerForm::Table => {
            let rows: Vec<Vec<String>> = chosen
                .iter()
                .map(|rule| {
                    vec![
                        visible(&rule.id).into_owned(),
                        rule.severity.label().to_owned(),
                        visible(&rule.title).into_owned(),
                    ]
                })
                .collect();
            let mut lines = table(COLUMNS, &rows, printer.width());
            lines.push(counted(chosen.len(), "rule"));
            lines.push(String::new());
            lines.join("\n").into_bytes()
        }
    };
    deliver(None, &content)?;
    Ok(ExitCode::Clean)
}

fn listed(rule: &Rule) -> Listed<'_> {
    Listed {
        id: &rule.id,
        kind: rule.kind.id,
        severity: rule.severity.label(),
        category: &rule.category,
        title: &rule.title,
    }
}

fn show(arguments: &ShowRuleArguments) -> Result<ExitCode> {
    let rules = UserRules::read(&arguments.rules)?.valid()?;
    let unknown = || {
        anyhow!(
            "there is no rule `{}`\nhint: `linchpin rules list` lists all",
            visible(&arguments.rule)
        )
        .context(failure())
    };
    let rule = rules.find(&arguments.rule).ok_or_else(unknown)?;
    if arguments.source {
        let text = embedded_text(&rule.id).ok_or_else(|| {
            anyhow!("the rule is your own: its file is its source").context(failure())
        })?;
        deliver(None, text.as_bytes())?;
        return Ok(ExitCode::Clean);
    }
    let mut text = format!(
        "{}\n{}. {} severity, {}; applies to {}.\n\nWhy it matters\n  {}\n\nWhat to write instead\n",
        rule.id,
        visible(&rule.title),
        rule.severity.label(),
        visible(&rule.category),
        rule.kind.documentation,
        visible(&rule.why),
    );
    for line in rule.fix.lines() {
        let _ = writeln!(text, "  {}", visible(line));
    }
    if let Some(edit) = &rule.edit {
        text.push_str("\nWhat `linchpin fix` does\n  It changes the file.");
        if let Some(may_break) = &edit.may_break {
            let _ = write!(text, " Only with `--unsafe`: {}", visible(may_break));
        }
        text.push('\n');
    }
    if !rule.references.is_empty() {
        text.push_str("\nMore\n");
        for reference in &rule.references {
            let _ = writeln!(text, "  {}", visible(reference));
        }
    }
    deliver(None, text.as_bytes())?;
    Ok(ExitCode::Clean)
}

fn test(arguments: &TestRulesArguments, printer: &Printer) -> Result<ExitCode> {
    let UserRules { rules, invalid } = UserRules::read(arguments.folder.as_slice())?;
    let tested: Vec<&Rule> = match &arguments.folder {
        Some(_) => rules.own().collect(),
        None => rules.all(),
    };
    let mut text: String = invalid
        .iter()
        .flat_map(|problem| [visible(problem), "\n".into()])
        .collect();
    let mut count = 0;
    for rule in &tested {
        count += rule.pass.len() + rule.fail.len();
        for wrong in examples::run(rule) {
            let _ = writeln!(text, "{}", visible(&wrong.to_string()));
        }
    }
    deliver(None, text.as_bytes())?;
    printer.message(&format!(
        "{} with {}",
        counted(tested.len(), "rule"),
        counted(count, "example")
    ));
    Ok(if text.is_empty() {
        ExitCode::Clean
    } else {
        ExitCode::Findings
    })
}

fn new(arguments: &NewRuleArguments) -> Result<ExitCode> {
    let kind = kind(&arguments.kind)?;
    let mut each = String::new();
    for subject in kind.subjects {
        let around = match subject.around {
            [] => String::new(),
            names => format!("; beside it: {}", names.join(", ")),
        };
        let _ = writeln!(
            each,
            "# {}: {}{around}",
            subject.name, subject.documentation
        );
    }
    let first = kind.subjects.first().map_or("", |subject| subject.name);
    let text = format!(
        "id: {}\n\
         title: What is wrong, without a full stop\n\
         severity: medium\n\
         category: isolation\n\
         why: >\n  Why it matters, in two sentences.\n\
         fix: |\n  What to write instead.\n\
         references:\n  - https://example.com\n\
         applies_to: {}\n\
         # What is looked at, `this` in the expression:\n\
         {each}each: {first}\n\
         # An expression in CEL that is true where something is wrong.\n\
         when: this.?name.orValue(\"\") == \"wrong\"\n\
         # Where to point, from there.\n\
         at: name\n\
         pass:\n  - |\n    an example of {}\n\
         fail:\n  - |\n    an example of {}\n",
        arguments.id, kind.id, kind.example, kind.example
    );
    deliver(None, text.as_bytes())?;
    Ok(ExitCode::Clean)
}
