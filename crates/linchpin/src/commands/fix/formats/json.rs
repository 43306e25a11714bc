//! Format `json`: the plan for programs. A field may be added; none changes its meaning without a new
//! version.

use std::io::{self, Write};

use linchpin_advisory::remedy::{Change, FlawOf, How, PlanStep, Stay, Why};
use linchpin_model::{AdvisoryOrigin, TargetPath};
use serde::Serialize;

use super::FixFormat;
use crate::commands::VERSION;
use crate::commands::fix::distribution::{DistributionPlan, without_fix};
use crate::commands::fix::edits::{EditedFile, State};
use crate::commands::fix::outcome::{Outcome, alternatives, exception, purl, reason, reason_id};
use crate::commands::fix::project::{ProjectPlan, Tried};
use crate::printer::Printer;

pub(super) const FORMAT: FixFormat = FixFormat { id: "json", write };

/// The version of the shape.
const SHAPE: u64 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u64,
    tool: Tool,
    target: &'a str,
    advisories: Advisories<'a>,
    summary: Summary,
    projects: Vec<Project<'a>>,
    distributions: Vec<Distribution<'a>>,
    unplanned: Vec<&'a str>,
    applied: Vec<Applied<'a>>,
    edits: Vec<Edited<'a>>,
    unsafe_edits: Vec<Unmade<'a>>,
    notes: Vec<&'a str>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Advisories<'a> {
    origin: &'static str,
    path: Option<&'a str>,
    newest: Option<String>,
}

#[derive(Serialize)]
struct Summary {
    steps: usize,
    findings: usize,
    removed: usize,
    introduced: usize,
}

#[derive(Serialize)]
struct Project<'a> {
    lockfile: &'a str,
    client: &'static str,
    tried: bool,
    untried_because: Option<&'a str>,
    passes_over_peers: bool,
    findings_before: usize,
    findings_after: usize,
    steps: Vec<Step<'a>>,
    removes: Vec<Flaw<'a>>,
    introduces: Vec<Flaw<'a>>,
    stays: Vec<Staying<'a>>,
    changes: Vec<Moving<'a>>,
    commands: Vec<String>,
}

#[derive(Serialize)]
struct Step<'a> {
    package: &'a str,
    from: &'a str,
    to: &'a str,
    jump: &'static str,
    direct: bool,
    manifests: Vec<&'a str>,
    others_keep_old: bool,
    assumed: bool,
    risk: u32,
    removes: Vec<Flaw<'a>>,
    introduces: Vec<Flaw<'a>>,
    moves_along: Vec<Moving<'a>>,
}

#[derive(Serialize)]
struct Flaw<'a> {
    id: &'a str,
    package: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Moving<'a> {
    package: &'a str,
    from: Option<&'a str>,
    to: Option<&'a str>,
}

#[derive(Serialize)]
struct Staying<'a> {
    package: &'a str,
    version: &'a str,
    findings: Vec<&'a str>,
    reason: &'static str,
    explanation: String,
    fixed_in: Option<&'a str>,
    direct: bool,
    through: Vec<&'a str>,
    alternatives: Vec<String>,
    exceptions: Vec<String>,
}

#[derive(Serialize)]
struct Distribution<'a> {
    ecosystem: &'static str,
    command: &'a str,
    upgrades: Vec<Upgrading<'a>>,
    removed_in_base_image: Option<usize>,
    stays: Vec<Unfixed<'a>>,
}

#[derive(Serialize)]
struct Upgrading<'a> {
    package: &'a str,
    from: &'a str,
    to: &'a str,
    removes: &'a [String],
    in_base_image: Option<bool>,
}

#[derive(Serialize)]
struct Unfixed<'a> {
    package: &'a str,
    findings: &'a [String],
    in_base_image: Option<bool>,
    alternatives: &'static str,
    exceptions: Vec<String>,
}

/// A file that automatic fixes change.
#[derive(Serialize)]
struct Edited<'a> {
    path: &'a str,
    written: bool,
    refused_because: Option<&'a str>,
    removes: Vec<Repaired<'a>>,
    diff: &'a str,
}

#[derive(Serialize)]
struct Repaired<'a> {
    rule: &'a str,
    summary: &'a str,
    may_break: Option<&'a str>,
}

/// A fix that is made with `--unsafe` only.
#[derive(Serialize)]
struct Unmade<'a> {
    path: &'a str,
    line: u32,
    rule: &'a str,
    may_break: &'a str,
}

#[derive(Serialize)]
struct Applied<'a> {
    lockfile: &'a str,
    kept: bool,
    broken: &'a [String],
    diff: &'a str,
}

fn write(outcome: &Outcome<'_>, _printer: &Printer, out: &mut dyn Write) -> io::Result<()> {
    let (findings, removed, introduced) = outcome.counts();
    let document = Document {
        format: "linchpin-fix",
        version: SHAPE,
        tool: Tool {
            name: "linchpin",
            version: VERSION,
        },
        target: outcome.target,
        advisories: Advisories {
            origin: match outcome.advisories.origin {
                AdvisoryOrigin::StarterSet => "starter-set",
                AdvisoryOrigin::File(_) => "database",
            },
            path: match &outcome.advisories.origin {
                AdvisoryOrigin::StarterSet => None,
                AdvisoryOrigin::File(path) => Some(path),
            },
            newest: outcome.advisories.newest.map(|newest| newest.to_string()),
        },
        summary: Summary {
            steps: outcome.steps(),
            findings,
            removed,
            introduced,
        },
        projects: outcome.projects.iter().map(project).collect(),
        distributions: outcome.distributions.iter().map(distribution).collect(),
        unplanned: outcome.unplanned.iter().map(TargetPath::as_str).collect(),
        applied: outcome
            .applied
            .iter()
            .map(|applied| Applied {
                lockfile: applied.lockfile.as_str(),
                kept: applied.broken.is_empty(),
                broken: &applied.broken,
                diff: &applied.diff,
            })
            .collect(),
        edits: outcome.edits.files.iter().map(edited).collect(),
        unsafe_edits: outcome
            .edits
            .left
            .iter()
            .map(|left| Unmade {
                path: left.path.as_str(),
                line: left.line,
                rule: &left.rule,
                may_break: &left.may_break,
            })
            .collect(),
        notes: outcome
            .notes
            .iter()
            .map(|note| note.text.as_str())
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn edited(file: &EditedFile) -> Edited<'_> {
    let removes = file.made.iter().map(|made| Repaired {
        rule: &made.rule,
        summary: &made.summary,
        may_break: made.may_break.as_deref(),
    });
    Edited {
        path: file.path.as_str(),
        written: file.state == State::Written,
        refused_because: match &file.state {
            State::Refused(why) => Some(why),
            State::Proposed | State::Written => None,
        },
        removes: removes.collect(),
        diff: &file.diff,
    }
}

fn project(project: &ProjectPlan) -> Project<'_> {
    Project {
        lockfile: project.lockfile.as_str(),
        client: project.client.id,
        tried: project.tried == Tried::Yes,
        untried_because: match &project.tried {
            Tried::Yes => None,
            Tried::No(why) => Some(why),
        },
        passes_over_peers: project.passes_over_peers,
        findings_before: project.plan.before,
        findings_after: project.plan.after,
        steps: project.plan.steps.iter().map(step).collect(),
        removes: project.removes.iter().map(flaw).collect(),
        introduces: project.introduces.iter().map(flaw).collect(),
        stays: project
            .plan
            .stays
            .iter()
            .map(|stay| staying(stay, project))
            .collect(),
        changes: project.changes.iter().map(moving).collect(),
        commands: project
            .tasks
            .iter()
            .map(|task| task.action.to_string())
            .collect(),
    }
}

fn step(step: &PlanStep) -> Step<'_> {
    Step {
        package: &step.moved.name,
        from: &step.moved.from,
        to: &step.moved.to,
        jump: step.jump.label(),
        direct: step.is_direct,
        manifests: match &step.moved.how {
            How::Lock => Vec::new(),
            How::Manifest(manifests) => manifests.iter().map(TargetPath::as_str).collect(),
        },
        others_keep_old: step.is_kept_too,
        assumed: step.is_assumed,
        risk: step.risk,
        removes: step.removes.iter().map(flaw).collect(),
        introduces: step.introduces.iter().map(flaw).collect(),
        moves_along: step.along.iter().map(moving).collect(),
    }
}

fn flaw(flaw: &FlawOf) -> Flaw<'_> {
    Flaw {
        id: &flaw.id,
        package: &flaw.name,
        version: &flaw.version,
    }
}

fn moving(change: &Change) -> Moving<'_> {
    Moving {
        package: &change.name,
        from: change.from.as_deref(),
        to: change.to.as_deref(),
    }
}

fn staying<'a>(stay: &'a Stay, project: &ProjectPlan) -> Staying<'a> {
    let purl = purl(stay, project.graph.ecosystem);
    Staying {
        package: &stay.name,
        version: &stay.version,
        findings: stay.flaws.iter().map(AsRef::as_ref).collect(),
        reason: reason_id(&stay.why),
        explanation: reason(&stay.why),
        fixed_in: match &stay.why {
            Why::TooFar { version, .. }
            | Why::NotAllowed { version, .. }
            | Why::Refused { version, .. }
            | Why::NothingBetter { version } => Some(version),
            Why::Attack | Why::NoFix | Why::NotFromRegistry => None,
        },
        direct: stay.is_direct,
        through: stay.through.iter().map(AsRef::as_ref).collect(),
        alternatives: alternatives(stay, &project.lockfile),
        exceptions: stay.flaws.iter().map(|id| exception(&purl, id)).collect(),
    }
}

fn distribution(plan: &DistributionPlan) -> Distribution<'_> {
    Distribution {
        ecosystem: plan.ecosystem.facts().osv_name,
        command: &plan.command,
        upgrades: plan
            .upgrades
            .iter()
            .map(|upgrade| Upgrading {
                package: &upgrade.name,
                from: &upgrade.from,
                to: &upgrade.to,
                removes: &upgrade.removes,
                in_base_image: upgrade.in_base_image,
            })
            .collect(),
        removed_in_base_image: plan.in_base_image(),
        stays: plan
            .unfixed
            .iter()
            .map(|package| Unfixed {
                package: &package.name,
                findings: &package.flaws,
                in_base_image: package.in_base_image,
                alternatives: without_fix(plan.is_for_image),
                exceptions: package
                    .flaws
                    .iter()
                    .map(|id| exception(&package.purl, id))
                    .collect(),
            })
            .collect(),
    }
}
