//! `linchpin purl`: package URLs read, written and checked, one on each line.

use std::collections::BTreeMap;
use std::io;

use anyhow::{Context, Result};
use linchpin_model::{MessageSeverity, PackageUrlComponents, validate_package_url};
use serde::{Deserialize, Serialize};

use crate::arguments::PurlCommand;
use crate::exit_codes::{ExitCode, Failure};
use crate::line_service::{Line, answer_each_line};
use crate::printer::Printer;

/// What `parse` writes and `build` reads.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    qualifiers: Option<BTreeMap<String, Option<Value>>>,
    #[serde(default)]
    subpath: Option<String>,
}

/// The value of a qualifier. The specification has checksums as a list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Value {
    One(String),
    List(Vec<String>),
}

#[derive(Debug, Serialize)]
struct Refusal<'a> {
    error: &'a str,
}

#[derive(Debug, Serialize)]
struct Verdict {
    valid: bool,
    messages: Vec<Message>,
}

#[derive(Debug, Serialize)]
struct Message {
    severity: &'static str,
    message: String,
}

pub(super) fn run(command: PurlCommand) -> Result<ExitCode> {
    let answer = |line: Line<'_>| {
        let text = match line {
            Line::TooLong => Err("the line is too long".to_owned()),
            Line::Whole(line) => {
                std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())
            }
        };
        Some(match command {
            PurlCommand::Parse => text.and_then(parse).unwrap_or_else(|error| refusal(&error)),
            PurlCommand::Build => text.and_then(build).unwrap_or_else(|error| refusal(&error)),
            PurlCommand::Validate => validate(text),
        })
    };
    let answered = answer_each_line(
        &mut io::BufReader::with_capacity(1 << 16, io::stdin().lock()),
        &mut Printer::stream(),
        answer,
    );
    match answered {
        // Whoever reads the answers has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other.context(Failure::new(ExitCode::Internal, "answer line by line"))?,
    }
    Ok(ExitCode::Clean)
}

fn parse(text: &str) -> Result<String, String> {
    let components = valid(PackageUrlComponents::parse(text))?;
    let qualifiers: BTreeMap<String, Option<Value>> = components
        .qualifiers
        .into_iter()
        .map(|(key, value)| (key, Some(Value::One(value))))
        .collect();
    json(&Parts {
        kind: Some(components.kind),
        namespace: components.namespace,
        name: Some(components.name),
        version: components.version,
        qualifiers: Some(qualifiers).filter(|qualifiers| !qualifiers.is_empty()),
        subpath: components.subpath,
    })
}

fn build(text: &str) -> Result<String, String> {
    let parts: Parts = serde_json::from_str(text)
        .map_err(|error| format!("the line is no JSON object with the parts: {error}"))?;
    let qualifiers: Vec<(String, String)> = parts
        .qualifiers
        .unwrap_or_default()
        .into_iter()
        .map(|(key, value)| match value {
            None => Ok((key, String::new())),
            Some(Value::One(value)) => Ok((key, value)),
            Some(Value::List(values)) if key.eq_ignore_ascii_case("checksum") => {
                Ok((key, values.join(",")))
            }
            Some(Value::List(_)) => Err(format!("the qualifier `{key}` is a list")),
        })
        .collect::<Result<_, String>>()?;
    let components = PackageUrlComponents::build(
        parts.kind.as_deref().unwrap_or_default(),
        parts.namespace.as_deref(),
        parts.name.as_deref().unwrap_or_default(),
        parts.version.as_deref(),
        qualifiers
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str())),
        parts.subpath.as_deref(),
    );
    Ok(valid(components)?.to_string())
}

/// Components that also keep to what their type demands.
fn valid(
    components: Result<PackageUrlComponents, linchpin_model::InvalidPackageUrl>,
) -> Result<PackageUrlComponents, String> {
    let components = components.map_err(|error| error.reason)?;
    match components.broken_rule() {
        Some(broken) => Err(broken),
        None => Ok(components),
    }
}

fn validate(text: Result<&str, String>) -> String {
    let messages: Vec<Message> = match text {
        Ok(text) => validate_package_url(text)
            .into_iter()
            .map(|message| Message {
                severity: message.severity.label(),
                message: message.text,
            })
            .collect(),
        Err(error) => vec![Message {
            severity: MessageSeverity::Error.label(),
            message: error,
        }],
    };
    let error = MessageSeverity::Error.label();
    let valid = messages.iter().all(|message| message.severity != error);
    json(&Verdict { valid, messages }).unwrap_or_else(|error| refusal(&error))
}

fn refusal(error: &str) -> String {
    json(&Refusal { error }).unwrap_or_else(|_| r#"{"error":"no answer"}"#.to_owned())
}

fn json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}
