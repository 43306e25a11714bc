//! The findings: a table in which each row opens to say why.

use std::io::{self, Write};

use linchpin_model::{FindingKind, Reason, Remedy, Severity};

use super::text::{escape, link};
use crate::ExplainableFinding;
use crate::text::sentence;

/// Most steps of a way that are drawn.
const MOST_STEPS: usize = 8;

/// What a finding is about, in a line.
pub(super) fn subject(finding: &ExplainableFinding) -> String {
    match (&finding.package, finding.locations.first()) {
        (Some(package), _) => match &package.version {
            Some(version) => format!("{} {version}", package.name),
            None => package.name.clone(),
        },
        (None, Some(place)) => match place.line {
            Some(line) => format!("{}:{line}", place.path),
            None => place.path.clone(),
        },
        (None, None) => String::new(),
    }
}

/// Writes all of them.
pub(super) fn write(findings: &[ExplainableFinding], out: &mut dyn Write) -> io::Result<()> {
    if findings.is_empty() {
        return writeln!(
            out,
            "<section>\n<h2>Findings</h2>\n<p>Nothing that is known is wrong with it.</p>\n</section>"
        );
    }
    writeln!(
        out,
        "<section>\n<h2>Findings</h2>\n<div class=\"filters\" hidden>\n\
         <input type=\"search\" id=\"filter\" placeholder=\"Filter by name, id or place\" \
         aria-label=\"Filter\">\n<select id=\"severity\" aria-label=\"Severity\">\
         <option value=\"\">all severities</option>"
    )?;
    for severity in Severity::ALL.into_iter().rev() {
        if findings.iter().any(|finding| finding.severity == severity) {
            writeln!(out, "<option>{}</option>", severity.label())?;
        }
    }
    writeln!(
        out,
        "</select>\n<select id=\"kind\" aria-label=\"Kind\"><option value=\"\">all kinds</option>"
    )?;
    for kind in FindingKind::ALL {
        if findings.iter().any(|finding| finding.kind == kind) {
            writeln!(out, "<option>{}</option>", kind.label())?;
        }
    }
    writeln!(
        out,
        "</select>\n<output id=\"shown\"></output>\n</div>\n<table id=\"findings\">\n<thead><tr>\
         <th data-sort=\"number\">Risk</th><th data-sort=\"rank\">Severity</th>\
         <th data-sort=\"text\">Finding</th><th data-sort=\"text\">In</th>\
         <th data-sort=\"text\">Fix</th></tr></thead>"
    )?;
    for finding in findings {
        row(finding, out)?;
    }
    writeln!(out, "</table>\n</section>")
}

fn row(finding: &ExplainableFinding, out: &mut dyn Write) -> io::Result<()> {
    let severity = finding.severity.label();
    let flag = match (finding.kind, &finding.exploited) {
        (FindingKind::Malicious, _) => " <b class=\"alarm\">malicious</b>",
        (_, Some(_)) => " <b class=\"alarm\">exploited</b>",
        _ => "",
    };
    let fix = match &finding.remedy {
        Some(Remedy::Upgrade { version }) => escape(version),
        Some(Remedy::Remove) => "remove it".to_owned(),
        None => String::new(),
    };
    writeln!(
        out,
        "<tbody data-severity=\"{severity}\" data-kind=\"{}\"><tr class=\"finding\">\
         <td data-value=\"{}\">{}</td>\
         <td data-value=\"{}\"><span class=\"badge {severity}\">{severity}</span>{flag}</td>\
         <td><details><summary>{}<span class=\"what\">{}</span></summary>",
        finding.kind.label(),
        finding.score.0,
        finding.score.0,
        finding.severity as u8,
        escape(&finding.id),
        escape(&sentence(&finding.summary)),
    )?;
    why(finding, out)?;
    writeln!(
        out,
        "</details></td><td>{}</td><td>{fix}</td></tr></tbody>",
        escape(&subject(finding))
    )
}

fn why(finding: &ExplainableFinding, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<div class=\"why\">")?;
    if !finding.aliases.is_empty() {
        writeln!(
            out,
            "<p>Also known as {}.</p>",
            escape(&finding.aliases.join(", "))
        )?;
    }
    route(finding, out)?;
    for reason in &finding.because {
        if let Reason::Rule(rule) = reason {
            writeln!(out, "<pre class=\"excerpt\">")?;
            for line in &rule.excerpt {
                writeln!(out, "{:>5}  {}", line.line, escape(&line.text))?;
            }
            writeln!(
                out,
                "</pre>\n<p>{}</p>\n<h3>What to write instead</h3>\n<pre>",
                escape(&sentence(&rule.why))
            )?;
            for line in rule.fix.lines() {
                writeln!(out, "{}", escape(line))?;
            }
            writeln!(out, "</pre>")?;
            if let Some(repair) = &rule.repair {
                writeln!(
                    out,
                    "<h3>What <code>linchpin fix</code> changes</h3>\n<pre>"
                )?;
                for line in crate::repair::lines(repair) {
                    writeln!(out, "{}", escape(&line))?;
                }
                writeln!(out, "</pre>")?;
            }
            for reference in &rule.references {
                writeln!(out, "<p>{}</p>", link(reference))?;
            }
        }
    }
    if !finding.locations.is_empty() {
        writeln!(out, "<h3>Where</h3>\n<ul>")?;
        for location in finding.locations.iter().take(20) {
            let layer = location.layer.map(|layer| format!(" (layer {layer})"));
            let line = location.line.map(|line| format!(":{line}"));
            writeln!(
                out,
                "<li>{}{}{}</li>",
                escape(&location.path),
                line.unwrap_or_default(),
                layer.unwrap_or_default()
            )?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</div>")
}

/// The way from the project to the package, as a picture.
fn route(finding: &ExplainableFinding, out: &mut dyn Write) -> io::Result<()> {
    if finding.route.len() < 2 {
        return Ok(());
    }
    let name = |purl: &String| {
        let after_type = purl.split_once('/').map_or(purl.as_str(), |(_, name)| name);
        let plain = after_type.split(['?', '#']).next().unwrap_or_default();
        let text = plain.replace("%40", "@");
        let short: String = text.chars().take(34).collect();
        if short.len() < text.len() {
            format!("{short}…")
        } else {
            short
        }
    };
    let mut names: Vec<String> = finding.route.iter().map(name).collect();
    if names.len() > MOST_STEPS {
        let hidden = names.len() - MOST_STEPS + 1;
        names.splice(
            MOST_STEPS / 2..MOST_STEPS / 2 + hidden,
            [format!("… {hidden} more …")],
        );
    }
    let height = names.len() * 38;
    writeln!(
        out,
        "<svg class=\"route\" viewBox=\"0 0 300 {height}\" role=\"img\" aria-label=\"The way from the project to the package\">"
    )?;
    let last = names.len() - 1;
    for (place, name) in names.iter().enumerate() {
        let top = place * 38;
        let class = if place == last { "end" } else { "step" };
        writeln!(
            out,
            "<rect x=\"1\" y=\"{}\" width=\"298\" height=\"24\" rx=\"5\" class=\"{class}\"/>\
             <text x=\"150\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            top + 1,
            top + 18,
            escape(name)
        )?;
        if place < last {
            writeln!(
                out,
                "<path d=\"M150 {} v9 m-4 -4 l4 4 l4 -4\" class=\"arrow\"/>",
                top + 26
            )?;
        }
    }
    writeln!(out, "</svg>")
}
