//! Format `markdown`: the plan for a comment on a change, or an issue.

use std::io::{self, Write};

use linchpin_advisory::remedy::FlawOf;

use super::{FixFormat, counted, heading};
use crate::commands::fix::distribution::without_fix;
use crate::commands::fix::edits::{Edits, State};
use crate::commands::fix::outcome::{Outcome, alternatives, reason};
use crate::commands::fix::project::Tried;
use crate::printer::Printer;

pub(super) const FORMAT: FixFormat = FixFormat {
    id: "markdown",
    write,
};

/// How a finding is accepted. The entry itself is for whoever answers for it, and in the other forms.
const ACCEPT: &str = "An exception in `linchpin.toml`, with a reason and the day on which it ends, accepts one for a time.";

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
        if project.passes_over_peers {
            writeln!(
                out,
                "\nPeers in it do not go together already: npm is told to pass over them."
            )?;
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
            writeln!(out, "\n| stays | findings | why | or |\n|---|---|---|---|")?;
        }
        for stay in &project.plan.stays {
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                code(&format!("{} {}", stay.name, stay.version)),
                plain(&stay.flaws.join(", ")),
                plain(&reason(&stay.why)),
                plain(&alternatives(stay, &project.lockfile).join("; or "))
            )?;
        }
        if !project.plan.stays.is_empty() {
            writeln!(out, "\n{ACCEPT}")?;
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
            writeln!(
                out,
                "\n| package | from | to | removes |\n|---|---|---|---:|"
            )?;
            for upgrade in &plan.upgrades {
                writeln!(
                    out,
                    "| {} | {} | {} | {} |",
                    code(&upgrade.name),
                    code(&upgrade.from),
                    code(&upgrade.to),
                    upgrade.removes.len()
                )?;
            }
            let run = if plan.is_for_image { "RUN " } else { "" };
            writeln!(out, "\n```\n{run}{}\n```", fenced(&plan.command))?;
        }
        if let Some(base) = plan.in_base_image() {
            writeln!(
                out,
                "\n{base} of them are in what the base image brought: building on a newer one removes those."
            )?;
        }
        if !plan.unfixed.is_empty() {
            writeln!(
                out,
                "\n{} in {} stay, as the distribution has no fix: {}. {ACCEPT}",
                counted(plan.stay(), "finding", "findings"),
                counted(plan.unfixed.len(), "package", "packages"),
                without_fix(plan.is_for_image)
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
    write_edits(&outcome.edits, out)
}

fn write_edits(edits: &Edits, out: &mut dyn Write) -> io::Result<()> {
    for file in &edits.files {
        let number = counted(file.made.len(), "finding goes", "findings go");
        writeln!(out, "\n### {}\n\n{number}.", code(file.path.as_str()))?;
        if let State::Refused(why) = &file.state {
            writeln!(out, "\nIt was not written: {}.", plain(why))?;
        }
        writeln!(out, "\n```diff\n{}```", fenced(&file.diff))?;
        let mut told: Vec<&str> = Vec::new();
        for may_break in file
            .made
            .iter()
            .filter_map(|made| made.may_break.as_deref())
        {
            if !told.contains(&may_break) {
                writeln!(out, "\n{}", plain(may_break))?;
                told.push(may_break);
            }
        }
    }
    if !edits.left.is_empty() {
        writeln!(
            out,
            "\n{} with `--unsafe`, after which something may no longer work.",
            counted(edits.left.len(), "more finding goes", "more findings go")
        )?;
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
