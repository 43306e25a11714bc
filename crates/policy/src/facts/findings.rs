//! `findings` and `scan`: known flaws, of the newest scan of each scanner, without those that an
//! exception or a statement about exploitability takes away.

use linchpin_expression::Value;
use linchpin_model::{Timestamp, VexDocument, VexIdentifier, VexProduct, VexStatement, VexStatus};

use super::values::{list, record, text, texts};
use super::{Lack, Materials, Raw, whose};
use crate::decision::Context;
use crate::evidence::Testimony;
use crate::predicates::exception::{Exception, Exceptions, same_package};
use crate::predicates::vulnerabilities::{Flaw, Scan};
use crate::predicates::{AGELESS, EXCEPTION, days};

const MISSING: Lack = Lack {
    what: "nobody whom the policy believes has signed a scan of it",
    fix: "scan it and sign the result: linchpin scan ARTIFACT --attest --key KEY",
};

/// Exceptions that count now.
#[derive(Debug, Default)]
pub(crate) struct GrantedExceptions {
    /// With who signed each.
    granted: Vec<(String, Exception)>,
}

impl GrantedExceptions {
    pub(super) fn gather(materials: &mut Materials<'_>) -> Self {
        let mut granted = Vec::new();
        let all = materials.evidence.all().iter();
        for testimony in all.filter(|testimony| testimony.predicate_type.uri() == EXCEPTION) {
            let exceptions = match Exceptions::read(testimony) {
                Ok(read) => read.exceptions,
                Err(why) => {
                    let note = format!("{} does not count: {why}", whose(testimony));
                    materials.notes.push(note);
                    continue;
                }
            };
            for exception in exceptions {
                if exception.until > materials.context.now {
                    granted.push((testimony.signer.0.clone(), exception));
                } else {
                    let subject = exception.finding.as_ref().or(exception.rule.as_ref());
                    materials.notes.push(format!(
                        "the exception for `{}` of {} ended on {}",
                        subject.map_or("", String::as_str),
                        testimony.signer.0,
                        day(exception.until)
                    ));
                }
            }
        }
        Self { granted }
    }

    /// What excepts a rule, in words.
    pub(crate) fn for_rule(&self, id: &str) -> Option<String> {
        let mut granted = self.granted.iter();
        let (signer, exception) =
            granted.find(|(_, exception)| exception.rule.as_deref() == Some(id))?;
        Some(describe(signer, exception))
    }

    fn for_flaw(&self, flaw: &Flaw) -> Option<String> {
        let mut granted = self.granted.iter();
        let (signer, exception) =
            granted.find(|(_, exception)| exception.is_about(flaw.ids(), flaw.package.as_ref()))?;
        Some(describe(signer, exception))
    }
}

fn describe(signer: &str, exception: &Exception) -> String {
    let approved = exception
        .approved_by
        .as_ref()
        .map_or_else(String::new, |by| format!(", allowed by {by}"));
    format!(
        "{} (an exception of {signer}{approved}, until {})",
        exception.reason,
        day(exception.until)
    )
}

/// The day of a moment.
fn day(moment: Timestamp) -> String {
    moment.to_string().chars().take(10).collect()
}

impl Flaw {
    fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    fn value(&self) -> Value {
        let package = self.package.as_ref();
        let owned = |of: fn(&linchpin_model::PackageUrl) -> String| {
            text(&package.map(of).unwrap_or_default())
        };
        record([
            ("id", text(&self.id)),
            ("aliases", texts(&self.aliases)),
            ("severity", text(self.severity)),
            ("score", Value::Float(self.score)),
            ("exploited", Value::Bool(self.exploited)),
            ("malicious", Value::Bool(self.malicious)),
            ("package", owned(ToString::to_string)),
            ("name", owned(linchpin_model::PackageUrl::full_name)),
            (
                "version",
                owned(|package| package.version().unwrap_or_default().to_owned()),
            ),
            ("fixed", Value::Bool(self.fixed_in.is_some())),
            (
                "fixed_in",
                text(self.fixed_in.as_deref().unwrap_or_default()),
            ),
        ])
    }
}

/// The facts of the newest scans.
pub(super) fn facts(
    materials: &mut Materials<'_>,
    exceptions: &GrantedExceptions,
) -> [(&'static str, Raw); 2] {
    let mut scans: Vec<(&Testimony, Scan)> = Vec::new();
    for testimony in materials.evidence.of_types(&["vulns"]) {
        let scan = match Scan::read(testimony) {
            Ok(scan) => scan,
            Err(why) => {
                let why = format!("{} can not be read: {why}", whose(testimony));
                return [
                    ("findings", Raw::Unreadable(why.clone())),
                    ("scan", Raw::Unreadable(why)),
                ];
            }
        };
        let same =
            |(_, known): &&mut (&Testimony, Scan)| name(&known.scanner) == name(&scan.scanner);
        match scans.iter_mut().find(same) {
            Some(known) if known.1.finished <= scan.finished => *known = (testimony, scan),
            Some(_) => {}
            None => scans.push((testimony, scan)),
        }
    }
    let vex = statements_about_exploitability(materials);
    let mut values = Vec::new();
    for (_, scan) in &scans {
        for flaw in &scan.flaws {
            if let Some(why) = exceptions
                .for_flaw(flaw)
                .or_else(|| taken_away(flaw, &vex, materials.context))
            {
                materials
                    .notes
                    .push(format!("{} does not count: {why}", flaw.id));
            } else {
                values.push(flaw.value());
            }
        }
    }
    let Some((testimony, newest)) = scans.iter().max_by_key(|(_, scan)| scan.finished) else {
        return [
            ("findings", Raw::Missing(MISSING)),
            ("scan", Raw::Null(MISSING)),
        ];
    };
    let now = materials.context.now;
    let database = newest
        .database
        .map_or(AGELESS, |current| days(current, now));
    let scan = record([
        ("scanner", text(&newest.scanner)),
        ("version", text(&newest.version)),
        ("signer", text(&testimony.signer.0)),
        ("age", Value::Float(days(newest.finished, now))),
        ("database_age", Value::Float(database)),
    ]);
    [
        ("findings", Raw::Value(list(values))),
        ("scan", Raw::Value(scan)),
    ]
}

/// The URI of a scanner without its version.
fn name(scanner: &str) -> &str {
    scanner.split('@').next().unwrap_or(scanner)
}

/// The documents about exploitability. One that can not be read takes nothing away.
fn statements_about_exploitability(materials: &mut Materials<'_>) -> Vec<(String, VexDocument)> {
    let mut documents = Vec::new();
    for testimony in materials.evidence.of_types(&["openvex"]) {
        let bytes = testimony.predicate.as_deref().unwrap_or_default();
        match (materials.readers.vex)(bytes.as_bytes()) {
            Ok(document) => documents.push((testimony.signer.0.clone(), document)),
            Err(why) => {
                let note = format!("{} does not count: {why}", whose(testimony));
                materials.notes.push(note);
            }
        }
    }
    documents
}

/// Why a flaw does not count, if the latest statement about it says so.
fn taken_away(flaw: &Flaw, vex: &[(String, VexDocument)], context: &Context) -> Option<String> {
    let all = vex.iter().flat_map(|(signer, document)| {
        let statements = document.statements.iter();
        statements.map(move |statement| (signer, statement))
    });
    let about = all.filter(|(_, statement)| is_about(statement, flaw, context));
    let (signer, statement) = about.max_by_key(|(_, statement)| statement.timestamp)?;
    match statement.status {
        VexStatus::NotAffected | VexStatus::Fixed => {
            let reason = statement.justification.map_or_else(
                || statement.status.words(),
                linchpin_model::VexJustification::words,
            );
            Some(format!("{reason} (a VEX statement of {signer})"))
        }
        VexStatus::Affected | VexStatus::UnderInvestigation => None,
    }
}

fn is_about(statement: &VexStatement, flaw: &Flaw, context: &Context) -> bool {
    let names = &statement.vulnerability;
    flaw.ids()
        .any(|id| names.iter().any(|name| name.eq_ignore_ascii_case(id)))
        && statement
            .products
            .iter()
            .any(|product| is_product(product, flaw, context))
}

/// Whether a product is the artifact, with the package among its parts if it names some, or the
/// package itself. Ranges of versions are not compared here, and take nothing away.
fn is_product(product: &VexProduct, flaw: &Flaw, context: &Context) -> bool {
    let is_package = |identifier: &VexIdentifier| match (identifier, &flaw.package) {
        (VexIdentifier::Purl(known), Some(package)) => same_package(known, package),
        _ => false,
    };
    let digest = context.digest.as_ref();
    let is_artifact = |identifier: &VexIdentifier| match identifier {
        VexIdentifier::Target => true,
        VexIdentifier::Digest(known) => Some(known) == digest,
        VexIdentifier::Purl(purl) => {
            purl.kind() == "oci" && purl.version() == digest.map(ToString::to_string).as_deref()
        }
        VexIdentifier::Name(name) => Some(name) == context.name.as_ref(),
        VexIdentifier::Versions { .. } | VexIdentifier::Distribution { .. } => false,
    };
    if product.identifiers.iter().any(is_artifact) {
        return product.parts.is_empty()
            || product.parts.iter().any(|part| part.iter().any(is_package));
    }
    product.parts.is_empty() && product.identifiers.iter().any(is_package)
}
