//! The syntaxes in which documents are written, each read into trees with positions. YAML, in which
//! rules and policies are written too, is in the room `document`.

pub mod bicep;
pub mod dockerfile;
pub mod hcl;
pub mod ini;
pub mod jenkinsfile;
pub mod json;
mod line_index;
pub mod lockfile;
pub mod requirements;
pub mod settings;
pub mod toml;

pub(crate) use linchpin_document::{DEEPEST, MOST_VALUES};
pub use linchpin_document::{Documents, SyntaxProblem, yaml};
pub(crate) use line_index::LineIndex;

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
