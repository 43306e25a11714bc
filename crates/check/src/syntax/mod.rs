//! The syntaxes in which documents are written, each read into [`Node`]s.

pub mod bicep;
pub mod dockerfile;
pub mod hcl;
pub mod ini;
pub mod jenkinsfile;
pub mod json;
mod line_index;
pub mod lockfile;
pub(crate) mod numbers;
pub mod requirements;
pub mod settings;
pub mod toml;
pub mod yaml;

use crate::node::{Node, Position};
pub(crate) use line_index::LineIndex;

/// Deepest nesting that is read.
pub(crate) const DEEPEST: usize = 100;

/// Most values of one file, aliases unfolded.
pub(crate) const MOST_VALUES: usize = 1_000_000;

/// A syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    /// Jenkinsfiles: calls, blocks and texts of Groovy.
    Jenkinsfile,
    /// YAML or JSON, whichever it is.
    Yaml,
    /// YAML or JSON, or a template of Helm, which has no documents before it is rendered.
    Manifest,
    /// HCL or its JSON form, whichever it is.
    Hcl,
    /// Dockerfiles.
    Dockerfile,
    /// Bicep, or the JSON that it becomes.
    Bicep,
    /// YAML, or INI where the first line is a section.
    Ansible,
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// Lockfiles, whichever syntax they have.
    Lockfile,
    /// Requirements files of pip.
    Requirements,
    /// Lines of `name = value`.
    Settings,
    /// Code, which its kind reads itself.
    Code,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Documents {
    /// Its documents, in order.
    pub documents: Vec<Node>,
    /// What could not be understood.
    pub problem: Option<SyntaxProblem>,
}

/// Something that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxProblem {
    /// Where.
    pub at: Position,
    /// A sentence without a full stop that goes on from the name of the file.
    pub text: String,
}

impl Documents {
    /// What is left of a file whose reader failed.
    pub(crate) fn failed() -> Self {
        Self {
            documents: Vec::new(),
            problem: Some(SyntaxProblem {
                at: Position::START,
                text: "made the reader fail; please report it as a bug".to_owned(),
            }),
        }
    }
}

impl Syntax {
    /// Reads a text.
    pub fn read(self, text: &str) -> Documents {
        match self {
            Self::Manifest => {
                let read = Self::Yaml.read(text);
                if read.problem.is_some() && text.contains("{{") {
                    return Documents::default();
                }
                read
            }
            Self::Hcl | Self::Bicep if begins_with_brace(text) => json::read(text),
            Self::Hcl => hcl::read(text),
            Self::Dockerfile => dockerfile::read(text),
            Self::Ansible if ini::is_one(text) => ini::read(text),
            Self::Ansible => Self::Yaml.read(text),
            Self::Bicep => bicep::read(text),
            Self::Json => json::read(text),
            Self::Toml => toml::read(text),
            Self::Lockfile => lockfile::read(text),
            Self::Requirements => requirements::read(text),
            Self::Settings => settings::read(text),
            Self::Code => Documents::default(),
            Self::Jenkinsfile => jenkinsfile::read(text),
            Self::Yaml => {
                if begins_with_brace(text) {
                    let read = json::read(text);
                    // YAML, too, may begin with a brace.
                    if read.problem.is_none() {
                        return read;
                    }
                }
                yaml::read(text)
            }
        }
    }
}

/// Whether a text may be JSON.
fn begins_with_brace(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.trim_start().starts_with('{')
}
