//! `linchpin explain`: why a finding is there, in words.
//!
//! Everything said here was recorded when the finding was made (`because`): nothing is compared
//! or scored a second time, so the explanation cannot differ from the scan.

use std::fmt::Write as _;
use std::io::{self, Write};

use linchpin_model::{
    AbsentCode, FindingKind, PackageUrl, Reason, Remedy, RuleReason, Scope, ScoreFactor, Severity,
    SubjectKind, Suppression,
};

use crate::grounds::{ground, stated};
use crate::paint::{Look, Paint};
use crate::text::{counted, sentence, unbroken, visible, wrap};
use crate::{ExplainableFinding, ExplainableLocation, ExplainableReport, WriteOptions};

/// How many places are told unless everything is wanted.
const MAX_LOCATIONS: usize = 20;

/// How many findings of one flaw are told in full unless everything is wanted.
const MAX_FINDINGS: usize = 10;

/// Explains every finding with this id or alias (in any case of letters), and says how many
/// there were: 0 means that the report has no such finding, and nothing was written.
pub fn explain(
    report: &ExplainableReport,
    name: &str,
    options: &WriteOptions,
    out: &mut dyn Write,
) -> io::Result<usize> {
    let found: Vec<&ExplainableFinding> = report
        .findings
        .iter()
        .filter(|finding| {
            finding
                .names()
                .any(|known| known.eq_ignore_ascii_case(name))
        })
        .collect();
    let mut text = Text {
        out,
        paint: Paint::new(options.color),
        width: options.width.max(40),
    };
    let limit = if options.verbose {
        usize::MAX
    } else {
        MAX_FINDINGS
    };
    for (number, finding) in found.iter().take(limit).enumerate() {
        if number > 0 {
            text.line("", Look::Plain, "")?;
        }
        explain_one(&mut text, report, finding, options.verbose)?;
    }
    if found.len() > limit {
        text.line("", Look::Plain, "")?;
        let more = format!(
            "The same flaw is in {} (-v explains all).",
            counted(found.len() - limit, "more package")
        );
        text.line("", Look::Bold, &more)?;
    }
    Ok(found.len())
}

struct Text<'a> {
    out: &'a mut dyn Write,
    paint: Paint,
    width: usize,
}

impl Text<'_> {
    fn line(&mut self, indent: &str, look: Look, text: &str) -> io::Result<()> {
        writeln!(self.out, "{indent}{}", self.paint.paint(look, text))
    }

    fn prose(&mut self, indent: &str, look: Look, text: &str) -> io::Result<()> {
        for line in wrap(text, self.width.saturating_sub(indent.len()).max(20)) {
            self.line(indent, look, &line)?;
        }
        Ok(())
    }

    fn section(&mut self, title: &str) -> io::Result<()> {
        self.line("", Look::Plain, "")?;
        self.line("", Look::Bold, title)
    }
}

fn explain_one(
    text: &mut Text<'_>,
    report: &ExplainableReport,
    finding: &ExplainableFinding,
    verbose: bool,
) -> io::Result<()> {
    let subject = match &finding.package {
        Some(package) => format!(
            " in {} {}",
            visible(&package.name),
            visible(package.version.as_deref().unwrap_or("of unknown version"))
        ),
        None => String::new(),
    };
    text.prose(
        "",
        Look::Bold,
        &format!("{}{subject}", visible(&finding.id)),
    )?;
    if !finding.summary.is_empty() {
        text.prose("", Look::Plain, &sentence(&finding.summary))?;
    }

    text.section("Severity")?;
    write_severity(text, finding)?;

    if let Some(rule) = finding.because.iter().find_map(rule_reason) {
        return explain_rule(text, finding, rule);
    }
    text.section("Why it is reported")?;
    if let Some(package) = &finding.package {
        text.prose("  ", Look::Plain, &visible(&package.purl))?;
    }
    for reason in &finding.because {
        if let Some(words) = comparison(reason) {
            text.prose("  ", Look::Plain, &words)?;
        }
    }

    if !finding.suppressed_by.is_empty() {
        text.section("Why it does not count")?;
        for suppression in &finding.suppressed_by {
            text.prose("  ", Look::Plain, &sentence(&ground(suppression)))?;
            if let Suppression::CodeAbsent(absent) = suppression {
                write_proof(text, absent, verbose)?;
            }
        }
    }

    text.section(&format!(
        "Where it is in the {} {}",
        report.target_kind.label(),
        visible(&report.target)
    ))?;
    let limit = if verbose { usize::MAX } else { MAX_LOCATIONS };
    for location in finding.locations.iter().take(limit) {
        text.prose("  ", Look::Plain, &place(location, report.target_kind))?;
    }
    if finding.locations.len() > limit {
        let more = counted(finding.locations.len() - limit, "more place");
        text.prose("  ", Look::Plain, &format!("… and {more} (-v shows all)"))?;
    }

    if finding.package.is_some() {
        text.section("How it came in")?;
        write_route(text, finding)?;
    }

    text.section("What to do")?;
    let (look, words) = remedy(finding);
    text.prose("  ", look, &words)?;

    if !finding.aliases.is_empty() {
        text.section("Other records of the same flaw")?;
        let names: Vec<String> = finding
            .aliases
            .iter()
            .map(|alias| visible(alias).into_owned())
            .collect();
        text.prose("  ", Look::Plain, &names.join(", "))?;
    }
    Ok(())
}

/// What was looked for, and where: all of it, so that it can be checked by hand.
fn write_proof(text: &mut Text<'_>, absent: &AbsentCode, verbose: bool) -> io::Result<()> {
    let limit = if verbose { usize::MAX } else { MAX_LOCATIONS };
    for package in absent.looked_for.iter().take(limit) {
        let symbols: Vec<String> = package
            .symbols
            .iter()
            .map(|symbol| unbroken(&visible(symbol)))
            .collect();
        let symbols = match symbols.len() {
            0 => "any function".to_owned(),
            _ => symbols.join(", "),
        };
        let words = format!("{}: {symbols}", visible(&package.package));
        text.prose("    ", Look::Plain, &words)?;
    }
    for program in absent.programs.iter().take(limit) {
        let digest = program
            .digest
            .as_ref()
            .map(|digest| format!(", {digest}"))
            .unwrap_or_default();
        let words = format!(
            "{}{digest}: {} in its table",
            visible(program.path.as_str()),
            counted(
                usize::try_from(program.functions).unwrap_or(usize::MAX),
                "name"
            )
        );
        text.prose("    ", Look::Plain, &words)?;
    }
    Ok(())
}

fn rule_reason(reason: &Reason) -> Option<&RuleReason> {
    match reason {
        Reason::Rule(rule) => Some(rule),
        _ => None,
    }
}

/// What a rule says, and how it looks there.
fn explain_rule(
    text: &mut Text<'_>,
    finding: &ExplainableFinding,
    rule: &RuleReason,
) -> io::Result<()> {
    text.section("Where")?;
    for location in &finding.locations {
        let mut place = visible(&location.path).into_owned();
        if let Some(line) = location.line {
            let _ = write!(place, ":{line}");
        }
        if let Some(layer) = location.layer {
            let _ = write!(place, " (layer {layer})");
        }
        text.line("  ", Look::Plain, &place)?;
    }
    for line in &rule.excerpt {
        let number = format!("  {:>5} | ", line.line);
        let is_place = finding
            .locations
            .iter()
            .any(|place| place.line == Some(line.line));
        let look = if is_place { Look::Bold } else { Look::Dim };
        text.line(&number, look, &visible(&line.text))?;
    }
    text.section("Why it matters")?;
    text.prose("  ", Look::Plain, &sentence(&rule.why))?;
    text.section("What to write instead")?;
    for line in rule.fix.lines() {
        text.line("  ", Look::Plain, &visible(line))?;
    }
    if let Some(repair) = &rule.repair {
        text.section("What `linchpin fix` changes")?;
        for line in crate::repair::lines(repair) {
            text.line("  ", Look::Plain, &visible(&line))?;
        }
    }
    if !rule.references.is_empty() {
        text.section("More")?;
        for reference in &rule.references {
            text.line("  ", Look::Plain, &visible(reference))?;
        }
    }
    if !finding.suppressed_by.is_empty() {
        text.section("Why it does not count")?;
        for suppression in &finding.suppressed_by {
            text.prose("  ", Look::Plain, &sentence(&ground(suppression)))?;
        }
    }
    Ok(())
}

fn write_severity(text: &mut Text<'_>, finding: &ExplainableFinding) -> io::Result<()> {
    let words = match (finding.severity, finding.cvss_tenths) {
        (Severity::Unknown, _) => "nobody has said how bad it is".to_owned(),
        (severity, Some(tenths)) => format!("{}, CVSS {}", severity.label(), score(tenths)),
        (severity, None) => severity.label().to_owned(),
    };
    text.prose("  ", Look::Severity(finding.severity), &words)?;
    for reason in &finding.because {
        if let Reason::Scored { vector, tenths } = reason {
            let words = format!("{} scores {}", visible(vector), score(*tenths));
            text.prose("  ", Look::Plain, &words)?;
        }
        if let Some(words) = lent(reason) {
            text.prose("  ", Look::Plain, &words)?;
        }
    }
    if finding.kind == FindingKind::Malicious {
        text.prose(
            "  ",
            Look::Alarm,
            "MALICIOUS: the package itself is an attack",
        )?;
    }
    if let Some(found) = &finding.exploited {
        let ransomware = if found.ransomware {
            ", and ransomware campaigns use it"
        } else {
            ""
        };
        let words = format!(
            "EXPLOITED: known to be used in attacks, in the catalogue since {}{ransomware}",
            visible(&found.added)
        );
        text.prose("  ", Look::Alarm, &words)?;
    }
    if let Some(published) = finding.published {
        let words = format!("published {}", published.strftime("%Y-%m-%d"));
        text.prose("  ", Look::Plain, &words)?;
    }
    for reason in &finding.because {
        if let Reason::Predicted(prediction) = reason {
            let words = format!(
                "{} likely to be used in attacks within 30 days, says EPSS; {} of all flaws are less likely or as likely",
                percent(prediction.probability),
                percent(prediction.percentile)
            );
            text.prose("  ", Look::Plain, &words)?;
        }
    }
    text.prose(
        "  ",
        Look::Plain,
        &format!(
            "risk {} of 100, by which findings are ordered",
            finding.score.0
        ),
    )?;
    for reason in &finding.because {
        if let Reason::Weighed(parts) = reason {
            for part in parts {
                let words = format!("{:+4}  {}", part.points, weighed(part.factor));
                text.line("    ", Look::Plain, &words)?;
            }
        }
    }
    Ok(())
}

/// Whose severity it is, where it is lent.
fn lent(reason: &Reason) -> Option<String> {
    let Reason::Lent {
        advisory,
        flaw,
        vector,
        tenths,
    } = reason
    else {
        return None;
    };
    let by = match vector {
        Some(vector) => format!(" by {}", visible(vector)),
        None => String::new(),
    };
    Some(format!(
        "lent: no record of this package says how bad it is, and {} scores {} with {}{by}",
        visible(advisory),
        visible(flaw),
        score(*tenths)
    ))
}

/// Parts per hundred thousand as a percentage: `97.3 %`.
fn percent(parts: u32) -> String {
    format!("{}.{:02} %", parts / 1000, parts % 1000 / 10)
}

/// Why points were added or taken away.
fn weighed(factor: ScoreFactor) -> &'static str {
    match factor {
        ScoreFactor::Malicious => "the package is an attack",
        ScoreFactor::Notice => "it is a notice, and no flaw",
        ScoreFactor::Severity => "how bad the flaw is",
        ScoreFactor::Exploited => "it is used in attacks",
        ScoreFactor::Ransomware => "ransomware campaigns use it",
        ScoreFactor::Prediction => "it is likely to be used in attacks soon",
        ScoreFactor::Fix => "a version without it is known",
        ScoreFactor::Depth => "the package is near: it can be changed in the project",
        ScoreFactor::Scope(Scope::Optional) => "the software works without the package",
        ScoreFactor::Scope(Scope::Build) => "only building needs the package",
        ScoreFactor::Scope(Scope::Development) => "only development needs the package",
        ScoreFactor::Scope(_) => "what the package is needed for",
    }
}

fn score(tenths: u8) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The comparison that was made, in words.
fn comparison(reason: &Reason) -> Option<String> {
    match reason {
        Reason::InRange {
            advisory,
            name,
            ecosystem,
            release,
            version,
            scheme,
            introduced,
            fixed,
            last_affected,
        } => {
            let version = visible(version);
            let mut parts = Vec::new();
            match introduced.as_deref() {
                None | Some("0") => {}
                Some(introduced) => parts.push(format!("{version} >= {}", visible(introduced))),
            }
            if let Some(fixed) = fixed {
                parts.push(format!("{version} < {}", visible(fixed)));
            }
            if let Some(last) = last_affected {
                parts.push(format!("{version} <= {}", visible(last)));
            }
            let range = range(
                introduced.as_deref(),
                fixed.as_deref(),
                last_affected.as_deref(),
            );
            let release = release
                .as_deref()
                .map(|release| format!(" {}", visible(release)))
                .unwrap_or_default();
            let compared = if parts.is_empty() {
                format!("{version} is one of them")
            } else {
                let parts: Vec<String> = parts.iter().map(|part| unbroken(part)).collect();
                format!("{} by {}", parts.join(" and "), scheme.label())
            };
            Some(format!(
                "{} says of {} in {}{release}: {range}. {compared}.",
                visible(advisory),
                visible(name),
                ecosystem.facts().label,
            ))
        }
        Reason::Listed {
            advisory,
            name,
            ecosystem,
            version,
        } => Some(format!(
            "{} lists version {} of {} in {} by name.",
            visible(advisory),
            visible(version),
            visible(name),
            ecosystem.facts().label,
        )),
        Reason::SameFlaw { records } => {
            let names: Vec<String> = records
                .iter()
                .map(|record| visible(record).into_owned())
                .collect();
            Some(format!(
                "Taken as the same flaw, and counted once: {}.",
                names.join(", ")
            ))
        }
        Reason::Stated(statement) => Some(format!("{}.", sentence(&stated(statement)))),
        // Said under the severity.
        Reason::Scored { .. }
        | Reason::Lent { .. }
        | Reason::Exploited(_)
        | Reason::Predicted(_)
        | Reason::Weighed(_)
        | Reason::Rule(_) => None,
    }
}

/// The range of an advisory, in words.
fn range(introduced: Option<&str>, fixed: Option<&str>, last_affected: Option<&str>) -> String {
    let introduced = introduced.filter(|version| *version != "0");
    let start = match introduced {
        None => "all versions".to_owned(),
        Some(introduced) => format!("versions from {}", visible(introduced)),
    };
    match (fixed, last_affected) {
        (Some(fixed), _) => format!("{start} before {} are affected", visible(fixed)),
        (None, Some(last)) => format!("{start} up to {} are affected", visible(last)),
        (None, None) => format!("{start} are affected, and none is known to fix it"),
    }
}

fn place(location: &ExplainableLocation, target: SubjectKind) -> String {
    let mut text = if location.path.is_empty() {
        match target {
            SubjectKind::File => "the file itself".to_owned(),
            _ => "the root folder".to_owned(),
        }
    } else {
        visible(&location.path).into_owned()
    };
    if let Some(line) = location.line {
        let _ = write!(text, ":{line}");
    }
    let mut facts = Vec::new();
    facts.extend(
        location
            .layer
            .map(|layer| unbroken(&format!("layer {layer}"))),
    );
    facts.extend(
        location
            .kind
            .as_deref()
            .map(|kind| visible(kind).into_owned()),
    );
    facts.extend(
        location
            .owner
            .as_deref()
            .map(|owner| format!("belongs to {}", visible(owner))),
    );
    if !facts.is_empty() {
        let _ = write!(text, " ({})", facts.join(", "));
    }
    text
}

fn write_route(text: &mut Text<'_>, finding: &ExplainableFinding) -> io::Result<()> {
    if finding.route.len() < 2 {
        let system = finding.package.as_ref().is_some_and(|package| {
            let facts = package.purl.parse::<PackageUrl>().ok();
            facts
                .and_then(|purl| purl.ecosystem())
                .is_some_and(|found| found.facts().is_distribution())
        });
        let words = if system {
            "it is a package of the operating system"
        } else {
            "no project in the target asks for it"
        };
        text.prose("  ", Look::Plain, words)?;
    } else {
        for (depth, purl) in finding.route.iter().enumerate() {
            let name = short_name(purl);
            let words = match depth {
                0 => name,
                depth => format!("{}└ {name}", "  ".repeat(depth.min(20) - 1)),
            };
            text.line("  ", Look::Plain, &words)?;
        }
    }
    let scope = finding.package.as_ref().map(|package| package.scope);
    let words = match scope {
        Some(Scope::Development) => "needed for development only",
        Some(Scope::Build) => "needed to build only",
        Some(Scope::Optional) => "optional: the software works without it",
        Some(Scope::Peer) => "to be provided by whoever uses the software",
        Some(Scope::Runtime) | None => return Ok(()),
    };
    text.prose("  ", Look::Plain, words)
}

/// `lodash 4.17.20` of a package URL; the URL itself if it is none.
fn short_name(purl: &str) -> String {
    match purl.parse::<PackageUrl>() {
        Ok(parsed) => {
            let version = parsed.version().map(|version| format!(" {version}"));
            visible(&format!(
                "{}{}",
                parsed.full_name(),
                version.unwrap_or_default()
            ))
            .into_owned()
        }
        Err(_) => visible(purl).into_owned(),
    }
}

fn remedy(finding: &ExplainableFinding) -> (Look, String) {
    let name = finding
        .package
        .as_ref()
        .map_or("it".into(), |package| visible(&package.name));
    match &finding.remedy {
        Some(Remedy::Upgrade { version }) => {
            let through = finding
                .via
                .as_deref()
                .map(|via| format!("; {} brings it in", short_name(via)))
                .unwrap_or_default();
            let words = format!("upgrade {name} to {} or later{through}", visible(version));
            (Look::Good, words)
        }
        Some(Remedy::Remove) => (Look::Good, format!("remove {name}")),
        None => (Look::Plain, "no version is known to fix it".to_owned()),
    }
}
