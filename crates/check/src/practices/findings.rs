//! What the files of a checkout show and no other rule says: findings for a scan, each once.

use linchpin_model::{
    About, Finding, FindingKind, Location, Reason, RiskScore, RuleId, RuleReason, Severity,
    TargetPath,
};

use super::Files;
use super::checks::{binary_artifacts, dependency_update_tool, license, security_policy};
use super::tools::tester_of;
use crate::priority::risk_score;

/// A practice whose absence is a finding.
struct Missing {
    id: &'static str,
    title: &'static str,
    severity: Severity,
    why: &'static str,
    fix: &'static str,
    reference: &'static str,
    /// Where it is missing, and words about this very project.
    find: fn(&Files) -> Option<(TargetPath, String)>,
}

const ALL: &[Missing] = &[
    Missing {
        id: "practice-binary-artifact",
        title: "A program lies among the sources",
        severity: Severity::Medium,
        why: "Nobody can review what a program does, and nothing shows that it was made from the sources beside it. Whoever puts another one in its place is hardly noticed.",
        fix: "Take it out, and let the build make it or fetch it by its hash.",
        reference: "https://github.com/ossf/scorecard/blob/main/docs/checks.md#binary-artifacts",
        find: |files| {
            let programs = binary_artifacts::programs(files);
            let first = programs.first()?;
            let text = match programs.len() {
                1 => format!("`{}` is a program", first.name()),
                count => format!(
                    "{count} programs lie among the sources, the first is `{}`",
                    first.name()
                ),
            };
            Some(((*first).clone(), text))
        },
    },
    Missing {
        id: "practice-no-security-policy",
        title: "Nothing says how to report a flaw",
        severity: Severity::Low,
        why: "Whoever finds a flaw and no private way to report it tells everybody, or nobody.",
        fix: "Write a `SECURITY.md` that says where to report flaws in private, and when to expect an answer.",
        reference: "https://github.com/ossf/scorecard/blob/main/docs/checks.md#security-policy",
        find: |files| {
            if security_policy::policy(files).is_some() {
                return None;
            }
            Some((entrance(files)?, "there is no security policy".to_owned()))
        },
    },
    Missing {
        id: "practice-no-license",
        title: "Nothing says under which licence the project is",
        severity: Severity::Low,
        why: "Without a licence nobody may use, change or even review the software in earnest. That keeps people away who would find its flaws.",
        fix: "Put the text of the licence into a file `LICENSE` at the root.",
        reference: "https://github.com/ossf/scorecard/blob/main/docs/checks.md#license",
        find: |files| {
            if license::texts(files).next().is_some() {
                return None;
            }
            Some((entrance(files)?, "there is no licence".to_owned()))
        },
    },
    Missing {
        id: "practice-no-update-tool",
        title: "Nothing proposes newer versions of dependencies",
        severity: Severity::Low,
        why: "Dependencies become old by themselves, and a repair that nobody proposes is taken late. The pipeline that would test the proposals is there already.",
        fix: "Let Dependabot or Renovate propose them, for a start with a `.github/dependabot.yml` or a `renovate.json`.",
        reference: "https://github.com/ossf/scorecard/blob/main/docs/checks.md#dependency-update-tool",
        find: |files| {
            let manifest = files.manifests.first()?;
            let has_pipeline = files.known.iter().any(|(path, _)| {
                path.parent_str() == ".github/workflows" || tester_of(path).is_some()
            });
            if !has_pipeline || dependency_update_tool::settings(files).next().is_some() {
                return None;
            }
            let text =
                "there are dependencies and a pipeline, and nothing that proposes newer versions";
            Some((manifest.clone(), text.to_owned()))
        },
    },
];

/// The file that a visitor sees first: where something is missing, it is missing beside this one.
/// Without a word to readers and without packages, a folder is hardly a project.
fn entrance(files: &Files) -> Option<TargetPath> {
    let mut at_root = files.at_root().map(|(path, _)| path);
    let read_me = at_root.find(|path| {
        let name = path.name().to_ascii_lowercase();
        name.split('.').next() == Some("readme")
    });
    read_me.or_else(|| files.manifests.first()).cloned()
}

/// What is missing in a project.
pub fn findings(files: &Files) -> Vec<Finding> {
    let found = ALL.iter().filter_map(|missing| {
        let (path, text) = (missing.find)(files)?;
        Some(finding(missing, path, text))
    });
    found.collect()
}

fn finding(missing: &Missing, path: TargetPath, summary: String) -> Finding {
    let (score, parts) = risk_score(missing.severity);
    let reason = RuleReason {
        title: missing.title.to_owned(),
        category: "practice".to_owned(),
        why: missing.why.to_owned(),
        fix: missing.fix.to_owned(),
        references: vec![missing.reference.to_owned()],
        excerpt: Vec::new(),
        fingerprint: None,
        repair: None,
    };
    Finding {
        rule: RuleId(missing.id.to_owned()),
        aliases: Vec::new(),
        kind: FindingKind::Practice,
        severity: missing.severity,
        cvss_tenths: None,
        score: RiskScore(score),
        exploited: None,
        about: About::Place(Location {
            path,
            layer: None,
            line: None,
            column: None,
        }),
        remedy: None,
        summary,
        published: None,
        because: vec![Reason::Rule(reason), Reason::Weighed(parts)],
    }
}
