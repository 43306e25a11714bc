//! Format `table`: the plan for people.

use std::io::{self, Write};

use linchpin_advisory::remedy::{FlawOf, PlanStep, Stay};
use linchpin_check::Made;
use linchpin_report::printable;

use super::{FixFormat, counted, heading};
use crate::commands::fix::distribution::{DistributionPlan, without_fix};
use crate::commands::fix::edits::{Edits, State};
use crate::commands::fix::outcome::{Outcome, alternatives, exception, purl, reason};
use crate::commands::fix::project::{ProjectPlan, Tried};
use crate::printer::Printer;

pub(super) const FORMAT: FixFormat = FixFormat { id: "table", write };

/// How many ids, packages that move along, and things that stay are told unless all are asked for.
const IDS: usize = 6;
const ALONG: usize = 6;
const STAYS: usize = 12;

fn write(outcome: &Outcome<'_>, printer: &Printer, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    let mut line = |content: String| {
        text.push_str(&printable(&content));
        text.push('\n');
    };
    line(heading(outcome));
    for project in &outcome.projects {
        write_project(project, printer.is_verbose(), &mut line);
    }
    for distribution in &outcome.distributions {
        write_distribution(distribution, printer.is_verbose(), &mut line);
    }
    for lockfile in &outcome.unplanned {
        line(String::new());
        line(format!(
            "{lockfile}: no plan is made for its client; `linchpin scan` says what to upgrade"
        ));
    }
    for applied in &outcome.applied {
        line(String::new());
        line(format!("Applied to {}", applied.lockfile));
        for difference in applied.diff.lines() {
            line(difference.to_owned());
        }
        if applied.broken.is_empty() {
            line("  A new look at it shows what was promised".to_owned());
        }
        for broken in &applied.broken {
            line(format!("  Not as promised: {broken}"));
        }
    }
    write_edits(&outcome.edits, printer.is_verbose(), &mut line);
    if !outcome.notes.is_empty() {
        line(String::new());
        for note in &outcome.notes {
            let path = note
                .path
                .as_ref()
                .map_or(String::new(), |path| format!("{path}: "));
            line(format!("note: {path}{}", note.text));
        }
    }
    out.write_all(text.as_bytes())
}

fn write_project(project: &ProjectPlan, verbose: bool, line: &mut impl FnMut(String)) {
    if project.plan.before == 0 {
        return;
    }
    line(String::new());
    line(format!(
        "{} ({}): {} now, {} afterwards",
        project.lockfile,
        project.client.id,
        counted(project.plan.before, "finding", "findings"),
        project.plan.after
    ));
    if let Tried::No(why) = &project.tried
        && !project.plan.steps.is_empty()
    {
        line(format!("  This plan was not tried: {why}"));
    }
    if project.passes_over_peers {
        line("  Peers in it do not go together already: npm is told to pass over them".to_owned());
    }
    for (number, step) in project.plan.steps.iter().enumerate() {
        write_step(number + 1, step, verbose, line);
    }
    let steps = project.plan.steps.len();
    if project.changes.len() > steps {
        line(format!(
            "  {} in the lockfile, those that move along included",
            counted(project.changes.len(), "version changes", "versions change")
        ));
    }
    if !project.tasks.is_empty() {
        let folder = project.lockfile.parent_str();
        let place = if folder.is_empty() {
            String::new()
        } else {
            format!(" in {folder}")
        };
        line(format!("  To do it{place}, or with --apply:"));
        for task in &project.tasks {
            line(format!("    {}", task.action));
        }
    }
    let stays = &project.plan.stays;
    if stays.is_empty() {
        return;
    }
    line("  What stays:".to_owned());
    let most = if verbose { stays.len() } else { STAYS };
    for stay in stays.iter().take(most) {
        write_stay(stay, project, verbose, line);
    }
    if stays.len() > most {
        line(format!(
            "    and {} more (-v shows all)",
            stays.len() - most
        ));
    }
    if let Some(stay) = stays.first()
        && let Some(id) = stay.flaws.first()
    {
        write_exception(&purl(stay, project.graph.ecosystem), id, line);
    }
}

fn write_edits(edits: &Edits, verbose: bool, line: &mut impl FnMut(String)) {
    for file in &edits.files {
        line(String::new());
        let state = match &file.state {
            State::Proposed => "",
            State::Written => ", written",
            State::Refused(_) => ", not written",
        };
        line(format!(
            "{}: {}{state}",
            file.path,
            counted(file.made.len(), "finding goes", "findings go")
        ));
        if let State::Refused(why) = &file.state {
            line(format!("  It is as it was: {why}"));
        }
        for made in unlike(&file.made) {
            line(format!("  {} ({})", made.summary, made.rule));
            if let Some(may_break) = &made.may_break {
                line(format!("    {may_break}"));
            }
        }
        for difference in file.diff.lines() {
            line(difference.to_owned());
        }
    }
    if edits.left.is_empty() {
        return;
    }
    line(String::new());
    line(format!(
        "{} with --unsafe, after which something may no longer work:",
        counted(edits.left.len(), "more finding goes", "more findings go")
    ));
    let most = if verbose { edits.left.len() } else { STAYS };
    for left in edits.left.iter().take(most) {
        line(format!("  {}:{} {}", left.path, left.line, left.rule));
        line(format!("    {}", left.may_break));
    }
    if edits.left.len() > most {
        line(format!(
            "  and {} more (-v shows all)",
            edits.left.len() - most
        ));
    }
}

/// What was repaired, the same thing once.
fn unlike(made: &[Made]) -> Vec<&Made> {
    let mut unlike: Vec<&Made> = Vec::new();
    for one in made {
        if !unlike.contains(&one) {
            unlike.push(one);
        }
    }
    unlike
}

fn write_step(number: usize, step: &PlanStep, verbose: bool, line: &mut impl FnMut(String)) {
    let asked = if step.is_direct {
        ""
    } else {
        ", brought along"
    };
    let assumed = if step.is_assumed {
        ", if the client agrees"
    } else {
        ""
    };
    line(format!(
        "  {number}. {} {} -> {} ({}{asked}{assumed})",
        step.moved.name,
        step.moved.from,
        step.moved.to,
        step.jump.label()
    ));
    line(format!("     removes {}", flaws(&step.removes, verbose)));
    if !step.introduces.is_empty() {
        line(format!("     brings {}", flaws(&step.introduces, verbose)));
    }
    if !step.along.is_empty() {
        let most = if verbose { step.along.len() } else { ALONG };
        let mut along: Vec<String> = step
            .along
            .iter()
            .take(most)
            .map(|change| match (&change.from, &change.to) {
                (Some(from), Some(to)) => format!("{} {from} -> {to}", change.name),
                (None, Some(to)) => format!("{} {to} (new)", change.name),
                (Some(from), None) => format!("{} {from} (gone)", change.name),
                (None, None) => change.name.to_string(),
            })
            .collect();
        if step.along.len() > most {
            along.push(format!("{} more", step.along.len() - most));
        }
        line(format!("     moves along: {}", along.join(", ")));
    }
}

/// Flaws by their number and ids; those of other packages with their names.
fn flaws(flaws: &[FlawOf], verbose: bool) -> String {
    let most = if verbose { flaws.len() } else { IDS };
    let mut ids: Vec<&str> = flaws.iter().map(|flaw| flaw.id.as_ref()).collect();
    ids.dedup();
    let more = ids.len().saturating_sub(most);
    ids.truncate(most);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}: {}{more}", flaws.len(), ids.join(", "))
}

fn write_exception(purl: &str, id: &str, line: &mut impl FnMut(String)) {
    line("  To accept one for a time, put into linchpin.toml:".to_owned());
    for entry in exception(purl, id).lines() {
        line(format!("    {entry}"));
    }
}

fn write_stay(stay: &Stay, project: &ProjectPlan, verbose: bool, line: &mut impl FnMut(String)) {
    let most = if verbose { stay.flaws.len() } else { IDS };
    let ids: Vec<&str> = stay.flaws.iter().take(most).map(AsRef::as_ref).collect();
    let more = stay.flaws.len().saturating_sub(most);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let through = match stay.through.as_slice() {
        _ if stay.is_direct => String::new(),
        [] => String::new(),
        [one] => format!(", through {one}"),
        [first, others @ ..] => format!(", through {first} and {} more", others.len()),
    };
    line(format!(
        "    {} {}{through}: {}{more}",
        stay.name,
        stay.version,
        ids.join(", ")
    ));
    line(format!("      {}", reason(&stay.why)));
    let alternatives = alternatives(stay, &project.lockfile);
    if !alternatives.is_empty() {
        line(format!("      or {}", alternatives.join("; or ")));
    }
}

fn write_distribution(plan: &DistributionPlan, verbose: bool, line: &mut impl FnMut(String)) {
    line(String::new());
    line(format!(
        "{} packages: {} removes {} of {}",
        plan.ecosystem.facts().label,
        counted(plan.upgrades.len(), "upgrade", "upgrades"),
        plan.removes(),
        counted(plan.removes() + plan.stay(), "finding", "findings")
    ));
    let most = if verbose { plan.upgrades.len() } else { STAYS };
    for upgrade in plan.upgrades.iter().take(most) {
        line(format!(
            "  {} {} -> {} removes {}",
            upgrade.name,
            upgrade.from,
            upgrade.to,
            upgrade.removes.len()
        ));
    }
    if plan.upgrades.len() > most {
        line(format!(
            "  and {} more (-v shows all)",
            plan.upgrades.len() - most
        ));
    }
    if !plan.upgrades.is_empty() {
        let run = if plan.is_for_image { "RUN " } else { "" };
        line(format!("  {run}{}", plan.command));
    }
    if let Some(base) = plan.in_base_image()
        && base > 0
    {
        line(format!(
            "  {base} of the {} are in what the base image brought: building on a newer one removes those without a command",
            plan.removes()
        ));
    }
    let Some(first) = plan.unfixed.first() else {
        return;
    };
    line(format!(
        "  {} in {} stay: the distribution has no fix",
        counted(plan.stay(), "finding", "findings"),
        counted(plan.unfixed.len(), "package", "packages")
    ));
    let most = if verbose { plan.unfixed.len() } else { STAYS };
    for package in plan.unfixed.iter().take(most) {
        line(format!("    {}: {}", package.name, package.flaws.len()));
    }
    if plan.unfixed.len() > most {
        line(format!(
            "    and {} more (-v shows all)",
            plan.unfixed.len() - most
        ));
    }
    line(format!("      {}", without_fix(plan.is_for_image)));
    if let Some(id) = first.flaws.first() {
        write_exception(&first.purl, id, line);
    }
}
