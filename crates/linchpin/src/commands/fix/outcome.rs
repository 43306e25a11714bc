//! All that a plan for a target comes to, for the formats.

use linchpin_advisory::remedy::{Stay, Why, is_plain_argument};
use linchpin_model::{AdvisoryFacts, Ecosystem, Note, PackageUrl, TargetPath};

use super::distribution::DistributionPlan;
use super::edits::Edits;
use super::project::ProjectPlan;

/// The plan for a target.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub(super) target: &'a str,
    pub(super) projects: Vec<ProjectPlan>,
    pub(super) distributions: Vec<DistributionPlan>,
    /// Lockfiles with findings that no client here keeps.
    pub(super) unplanned: Vec<TargetPath>,
    /// What was done, if anything was.
    pub(super) applied: Vec<Applied>,
    /// What becomes of documents.
    pub(super) edits: Edits,
    pub(super) advisories: AdvisoryFacts,
    pub(super) notes: Vec<Note>,
}

/// What became of a plan that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) lockfile: TargetPath,
    /// The differences in manifests and lockfiles.
    pub(super) diff: String,
    /// What did not come as promised; empty if all did.
    pub(super) broken: Vec<String>,
}

impl Outcome<'_> {
    /// The number of changes that a person makes: steps, and one for each distribution.
    pub(super) fn steps(&self) -> usize {
        let projects = self.projects.iter().map(|project| project.plan.steps.len());
        let distributions = self.distributions.iter();
        projects.sum::<usize>()
            + distributions
                .filter(|distribution| !distribution.upgrades.is_empty())
                .count()
    }

    /// The number of findings before, those that go and those that come.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        let mut counts = (0, 0, 0);
        for project in &self.projects {
            counts.0 += project.plan.before;
            counts.1 += project.removes.len();
            counts.2 += project.introduces.len();
        }
        for distribution in &self.distributions {
            counts.0 += distribution.removes() + distribution.stay();
            counts.1 += distribution.removes();
        }
        counts
    }
}

/// Why a flaw stays, as a fragment that fits after "it stays: ".
pub(super) fn reason(why: &Why) -> String {
    match why {
        Why::Attack => "the package is an attack; take it out".to_owned(),
        Why::NoFix => "no version without it is known".to_owned(),
        Why::NotFromRegistry => "it does not come from a registry".to_owned(),
        Why::TooFar { version, jump } => format!(
            "{version} is without it, a {label} step; `--max-jump {label}` takes it",
            label = jump.label()
        ),
        Why::NotAllowed { version, by } => {
            let by: Vec<String> = by
                .iter()
                .take(4)
                .map(|blocker| {
                    let at = if blocker.version.is_empty() { "" } else { "@" };
                    let range = if blocker.range.is_empty() {
                        "is taken to ask for compatible versions".to_owned()
                    } else {
                        format!("asks for `{}`", blocker.range)
                    };
                    format!("{}{at}{} {range}", blocker.name, blocker.version)
                })
                .collect();
            format!("{version} is without it, but {}", by.join(", "))
        }
        Why::Refused { version, because } => {
            format!("{version} is without it, but {because}")
        }
        Why::NothingBetter { version } => {
            format!("{version} is without it, but has or brings as much, or can not be taken alone")
        }
    }
}

/// The word for a reason in machine formats.
pub(super) fn reason_id(why: &Why) -> &'static str {
    match why {
        Why::Attack => "attack",
        Why::NoFix => "no-fix",
        Why::NotFromRegistry => "not-from-registry",
        Why::TooFar { .. } => "too-far",
        Why::NotAllowed { .. } => "not-allowed",
        Why::Refused { .. } => "refused",
        Why::NothingBetter { .. } => "nothing-better",
    }
}

/// What else can be done about a flaw that stays, as fragments that fit after "or ".
pub(super) fn alternatives(stay: &Stay, lockfile: &TargetPath) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(older) = &stay.older {
        all.push(format!(
            "pin {} to {older}, which has none of them",
            stay.name
        ));
    }
    // What somebody else forbids, the project can insist on.
    if let Why::NotAllowed { version, .. } = &stay.why
        && is_plain_argument(&stay.name)
        && is_plain_argument(version)
        && let Some(insists) = insists(lockfile.name(), &stay.name, version)
    {
        all.push(insists);
    }
    if stay.is_direct {
        all.push(format!("do without {}", stay.name));
    } else if let [through, ..] = stay.through.as_slice() {
        all.push(format!("do without {through}, through which it comes in"));
    } else {
        all.push(format!("do without {}, or what needs it", stay.name));
    }
    all
}

/// How the project insists on a version that a dependency does not ask for, where its client knows a
/// way. That dependency was not made for it, so it is no step of a plan.
fn insists(lockfile: &str, name: &str, version: &str) -> Option<String> {
    Some(match lockfile {
        "package-lock.json" | "npm-shrinkwrap.json" => format!(
            "insist on it against their word: `\"overrides\": {{\"{name}\": \"{version}\"}}` in package.json"
        ),
        "uv.lock" => format!(
            "insist on it against their word: `override-dependencies = [\"{name}=={version}\"]` below [tool.uv] in pyproject.toml"
        ),
        "go.mod" => format!(
            "insist on it against their word: `go mod edit -replace {name}={name}@v{}`",
            version.trim_start_matches('v')
        ),
        _ => return None,
    })
}

/// The entry of `linchpin.toml` that accepts a flaw for a time, to be completed by who answers for it.
pub(super) fn exception(purl: &str, id: &str) -> String {
    format!(
        "[[exceptions]]\nid = {}\npackage = {}\nreason = \"WHY\"\nexpires = YYYY-MM-DD\n",
        quoted(id),
        quoted(purl)
    )
}

/// The package URL of a package that stays.
pub(super) fn purl(stay: &Stay, ecosystem: Ecosystem) -> String {
    let (namespace, name) = match stay.name.rsplit_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, stay.name.as_ref()),
    };
    let kind = ecosystem.facts().purl_type;
    let purl = PackageUrl::new(kind, namespace, name, Some(&stay.version));
    // What has no package URL can only be named without one, and is told as it is.
    purl.map_or_else(|_| stay.name.to_string(), |purl| purl.as_str().to_owned())
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
