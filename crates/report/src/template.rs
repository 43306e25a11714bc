//! Reports by a template of the user: Jinja over the data of the JSON report.
//!
//! A template reads the report and nothing else: no file, no environment, no other template. Its steps
//! and what it makes are bounded, and an error names its line. Texts of the target come without
//! control characters; in a template for HTML or XML they are escaped.

use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use crate::Report;
use crate::formats::json;
use crate::text::visible;

/// The largest template that is read, in bytes.
pub const MOST_TEMPLATE: usize = 1 << 20;

/// How many steps a template may take, and pieces of 64 bytes it may make.
const FUEL: u64 = 20_000_000;

/// How deep calls and expressions may go.
const DEPTH: usize = 100;

/// The most that is written, in bytes.
const MOST_OUTPUT: usize = 256 << 20;

/// The name of the only template of an environment.
const NAME: &str = "template";

/// A template that was understood.
pub struct ReportTemplate {
    environment: Environment<'static>,
    name: String,
}

impl std::fmt::Debug for ReportTemplate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ReportTemplate")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a template, with the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct InvalidTemplate {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// Why nothing could be written.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The template is wrong.
    #[error(transparent)]
    Invalid(#[from] InvalidTemplate),
    /// What it makes is too large.
    #[error("the template makes more than {} MiB", MOST_OUTPUT >> 20)]
    TooLarge,
    /// The report can not be given to it.
    #[error("the report can not be given to the template")]
    Report(#[from] serde_json::Error),
}

impl ReportTemplate {
    /// Understands a template. Its name says whether texts are escaped: `x.html`, `x.xml.j2`.
    pub fn new(name: &str, text: &str) -> Result<Self, InvalidTemplate> {
        let mut environment = Environment::new();
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(DEPTH);
        // A misspelt name is an error, and no gap in the report.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let is_markup = is_markup(name);
        environment.set_auto_escape_callback(move |_| {
            if is_markup {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        let invalid = |error: minijinja::Error| invalid(name, &error);
        let syntax = SyntaxConfig::builder()
            .keep_trailing_newline(true)
            .build()
            .map_err(invalid)?;
        environment.set_syntax(syntax);
        environment
            .add_template_owned(NAME, text.to_owned())
            .map_err(invalid)?;
        Ok(Self {
            environment,
            name: name.to_owned(),
        })
    }

    /// Writes a report.
    pub fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> Result<(), TemplateError> {
        let mut data = json::value(report)?;
        make_harmless(&mut data);
        let mut bounded = Bounded {
            out,
            left: MOST_OUTPUT,
            is_full: false,
        };
        let invalid = |error: minijinja::Error| invalid(&self.name, &error);
        let template = self.environment.get_template(NAME).map_err(invalid)?;
        let context = Value::from(Serde(&data));
        let rendered = template.render_captured_to(context, &mut bounded);
        let is_full = bounded.is_full;
        match rendered {
            Ok(_) => Ok(()),
            Err(_) if is_full => Err(TemplateError::TooLarge),
            Err(error) => Err(invalid(error).into()),
        }
    }
}

/// Whether a template makes HTML or XML, by its name; endings of templates do not count.
fn is_markup(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let plain = [".j2", ".jinja", ".jinja2", ".tmpl", ".tpl"]
        .iter()
        .find_map(|ending| lower.strip_suffix(ending))
        .unwrap_or(&lower);
    [".html", ".htm", ".xhtml", ".xml", ".svg"]
        .iter()
        .any(|ending| plain.ends_with(ending))
}

fn invalid(file: &str, error: &minijinja::Error) -> InvalidTemplate {
    let problem = match error.kind() {
        minijinja::ErrorKind::OutOfFuel => "it takes too many steps".to_owned(),
        kind => match error.detail() {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind.to_string(),
        },
    };
    InvalidTemplate {
        file: file.to_owned(),
        line: error.line().unwrap_or(1),
        problem,
    }
}

/// Takes control characters out of all texts: they come from the target, and can do things to a
/// terminal.
fn make_harmless(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => {
            let lines: Vec<_> = text.split('\n').map(visible).collect();
            *text = lines.join("\n");
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(make_harmless),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(make_harmless),
        _ => {}
    }
}

/// A writer that takes no more than so much.
struct Bounded<'a> {
    out: &'a mut dyn Write,
    left: usize,
    is_full: bool,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.left {
            self.is_full = true;
            return Err(io::Error::other("too large"));
        }
        self.left -= bytes.len();
        self.out.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
