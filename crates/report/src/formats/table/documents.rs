//! Findings of rules in documents: one line for each rule, with the places where it finds something,
//! because one change often does for all of them.

use std::collections::HashMap;
use std::io;

use linchpin_model::{About, Finding, Location, RuleReason, Severity};

use super::Page;
use crate::paint::Look;
use crate::text::{columns, counted, pad, sentence, shorten_path, visible};

/// How many places of a rule are told unless everything is wanted.
const MAX_PLACES: usize = 3;

/// How many rules are told unless everything is wanted.
const MAX_RULES: usize = 20;

/// The width of the word of a severity.
const SEVERITY: usize = 8;

/// What one rule found.
struct Found<'a> {
    severity: Severity,
    id: &'a str,
    reason: &'a RuleReason,
    places: Vec<(&'a Location, &'a str)>,
}

/// Writes what rules found, the most urgent first.
pub(super) fn write(page: &mut Page<'_>, findings: &[&Finding]) -> io::Result<()> {
    let rules = by_rule(findings);
    if rules.is_empty() {
        return Ok(());
    }
    page.section("In files")?;
    let limit = if page.verbose { usize::MAX } else { MAX_RULES };
    for found in rules.iter().take(limit) {
        rule(page, found)?;
    }
    if rules.len() > limit {
        let hidden: usize = rules.iter().skip(limit).map(|rule| rule.places.len()).sum();
        let more = format!(
            "… and {} of {} (linchpin scan -v shows all)",
            counted(hidden, "more finding"),
            counted(rules.len() - limit, "rule")
        );
        let more = page.paint.paint(Look::Bold, &more);
        page.line(&more)?;
    }
    Ok(())
}

fn by_rule<'a>(findings: &[&'a Finding]) -> Vec<Found<'a>> {
    let mut rules: Vec<Found<'_>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for finding in findings {
        let (About::Place(place), Some(reason)) = (&finding.about, finding.rule_reason()) else {
            continue;
        };
        let id = finding.rule.0.as_str();
        let index = *known.entry(id).or_insert_with(|| {
            rules.push(Found {
                severity: finding.severity,
                id,
                reason,
                places: Vec::new(),
            });
            rules.len() - 1
        });
        if let Some(rule) = rules.get_mut(index) {
            rule.places.push((place, &finding.summary));
        }
    }
    rules
}

fn rule(page: &mut Page<'_>, found: &Found<'_>) -> io::Result<()> {
    let word = pad(found.severity.label(), SEVERITY);
    let word = page.paint.paint(Look::Severity(found.severity), &word);
    let id = page.paint.paint(Look::Dim, &visible(found.id));
    let title = visible(&found.reason.title);
    let room = page.width.saturating_sub(SEVERITY + 2);
    if columns(&title) + 2 + columns(found.id) <= room {
        page.line(&format!("{word}  {title}  {id}"))?;
    } else {
        let lines = crate::text::wrap(&title, room.max(20));
        for (number, line) in lines.iter().enumerate() {
            match number {
                0 => page.line(&format!("{word}  {line}"))?,
                _ => page.line(&format!("{}{line}", " ".repeat(SEVERITY + 2)))?,
            }
        }
        page.line(&format!("{}{id}", " ".repeat(SEVERITY + 2)))?;
    }
    let limit = if page.verbose { usize::MAX } else { MAX_PLACES };
    let indent = " ".repeat(SEVERITY + 2);
    for (place, summary) in found.places.iter().take(limit) {
        let path = visible(place.path.as_str());
        let mut text = shorten_path(&path, room.saturating_sub(8)).into_owned();
        if let Some(line) = place.line {
            text = format!("{text}:{line}");
        }
        if let Some(layer) = place.layer {
            text = format!("{text} (layer {})", layer.0);
        }
        if *summary != found.reason.title {
            let said = visible(summary);
            if columns(&text) + 2 + columns(&said) <= room {
                text = format!("{text}  {said}");
            } else {
                page.line(&format!("{indent}{text}"))?;
                page.prose(&format!("{indent}  "), Look::Plain, &said)?;
                continue;
            }
        }
        page.line(&format!("{indent}{text}"))?;
    }
    if found.places.len() > limit {
        let more = counted(found.places.len() - limit, "more place");
        let more = page.paint.paint(Look::Dim, &format!("… and {more}"));
        page.line(&format!("{indent}{more}"))?;
    }
    if page.verbose {
        page.prose(&indent, Look::Dim, &sentence(&found.reason.why))?;
        for line in found.reason.fix.lines() {
            page.line(&format!("{indent}  {}", visible(line)))?;
        }
    }
    Ok(())
}
