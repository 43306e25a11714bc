//! The languages in which packages run something.

use linchpin_model::TargetPath;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Language {
    JavaScript,
    Python,
    Ruby,
    Rust,
    /// Shells of Unix and of Windows, and what is put together for them: `configure`, macros of M4.
    Shell,
}

impl Language {
    pub(crate) const ALL: [Self; 5] = [
        Self::JavaScript,
        Self::Python,
        Self::Ruby,
        Self::Rust,
        Self::Shell,
    ];

    /// The word in signs and rules.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::JavaScript => "javascript",
            Self::Python => "python",
            Self::Ruby => "ruby",
            Self::Rust => "rust",
            Self::Shell => "shell",
        }
    }

    /// The language of a file, by its name.
    pub(crate) fn of(path: &TargetPath) -> Option<Self> {
        Some(match path.ending() {
            Some("js" | "cjs" | "mjs" | "ts" | "cts" | "mts") => Self::JavaScript,
            Some("py" | "pth") => Self::Python,
            Some("rb" | "gemspec") => Self::Ruby,
            Some("rs") => Self::Rust,
            Some("sh" | "bash" | "m4" | "ps1" | "bat" | "cmd" | "gyp") => Self::Shell,
            _ => match path.name() {
                "configure" | "autogen.sh" => Self::Shell,
                "Rakefile" => Self::Ruby,
                _ => return None,
            },
        })
    }

    /// Whether a line, without the blanks before it, is a comment.
    pub(crate) fn is_comment(self, line: &str) -> bool {
        match self {
            Self::JavaScript | Self::Rust => line.starts_with("//"),
            Self::Python | Self::Ruby => line.starts_with('#'),
            Self::Shell => {
                let starts = ["dnl ", "REM ", "rem ", "::"];
                line.starts_with('#') || starts.iter().any(|start| line.starts_with(start))
            }
        }
    }
}
