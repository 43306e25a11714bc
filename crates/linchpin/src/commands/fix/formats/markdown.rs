//! Format `markdown`: the plan for a comment on a change, or an issue.

use std::io::{self, Write};

use linchpin_advisory::remedy::FlawOf;

use super::{FixFormat, counted, heading};
use crate::commands::fix::outcome::{Outcome, reason};
use crate::commands::fix::project::Tried;
use crate::printer::Printer;

pub(super) const FORMAT: FixFormat = FixFormat {
    id: "markdown",
    write,
};

fn write(outcome: &Outcome<'_>, _printer: &Printer, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}", plain(&heading(outcome)))?;
    for project in &outcome.projects {
        if project.plan.before == 0 {
            continue;
        }
        writeln!(
            out,
            "\n### {} ({})\n\n{} now, {} afterwards.",
            code(project.lockfile.as_str()),
            project.client.id,
            counted(project.plan.before, "finding", "findings"),
            project.plan.after
        )?;
        if let Tried::No(why) = &project.tried {
            writeln!(out, "\nThis plan was not tried: {}.", plain(why))?;
        }
        if !project.plan.steps.is_empty() {
            writeln!(
                out,
                "\n| package | from | to | step | removes |\n|---|---|---|---|---|"
            )?;
        }
        for step in &project.plan.steps {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                code(&step.moved.name),
                code(&step.moved.from),
                code(&step.moved.to),
                step.jump.label(),
                ids(&step.removes)
            )?;
        }
        if !project.tasks.is_empty() {
            writeln!(out, "\n```")?;
            for task in &project.tasks {
                writeln!(out, "{}", fenced(&task.action.to_string()))?;
            }
            writeln!(out, "```")?;
        }
        if !project.plan.stays.is_empty() {
            writeln!(out, "\n| stays | findings | why |\n|---|---|---|")?;
        }
        for stay in &project.plan.stays {
            writeln!(
                out,
                "| {} | {} | {} |",
                code(&format!("{} {}", stay.name, stay.version)),
                plain(&stay.flaws.join(", ")),
                plain(&reason(&stay.why))
            )?;
        }
    }
    for plan in &outcome.distributions {
        writeln!(
            out,
            "\n### {} packages\n\n{} removes {} of {}.",
            plan.ecosystem.facts().label,
            counted(plan.upgrades.len(), "upgrade", "upgrades"),
            plan.removes(),
            counted(plan.removes() + plan.stay(), "finding", "findings")
        )?;
        if !plan.upgrades.is_empty() {
            writeln!(out, "\n```\n{}\n```", fenced(&plan.command))?;
        }
        if let Some(base) = plan.in_base_image {
            writeln!(
                out,
                "\n{base} of them are in the base image: building on a newer one removes those."
            )?;
        }
    }
    for applied in &outcome.applied {
        writeln!(
            out,
            "\n### Applied to {}\n",
            code(applied.lockfile.as_str())
        )?;
        writeln!(out, "```diff\n{}```", fenced(&applied.diff))?;
        for broken in &applied.broken {
            writeln!(out, "\nNot as promised: {}", plain(broken))?;
        }
    }
    Ok(())
}

fn ids(flaws: &[FlawOf]) -> String {
    let mut ids: Vec<&str> = flaws.iter().map(|flaw| flaw.id.as_ref()).collect();
    ids.dedup();
    plain(&ids.join(", "))
}

/// A text in which nothing is markup: what is scanned may want to be.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '~' | '@' | '&' => {
                plain.push('\\');
                plain.push(character);
            }
            character if character.is_control() => plain.push(' '),
            character => plain.push(character),
        }
    }
    plain
}

/// A name as code, which may hold neither the mark of code nor that of a cell.
fn code(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|character| {
            if character.is_control() || matches!(character, '`' | '|') {
                ' '
            } else {
                character
            }
        })
        .collect();
    format!("`{text}`")
}

/// A text inside of a fence, which it may not end.
fn fenced(text: &str) -> String {
    text.replace("```", "'''")
}
