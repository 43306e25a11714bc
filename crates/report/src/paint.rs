//! Colours: plain ANSI codes, or nothing. Whether to use them is the caller's decision.

use linchpin_model::Severity;

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// As it is.
    Plain,
    /// Headings.
    Bold,
    /// What is of less weight.
    Dim,
    /// Commands to type.
    Command,
    /// What needs attention before anything else.
    Alarm,
    /// Good news.
    Good,
    /// As bad as this.
    Severity(Severity),
}

/// Puts colours on text, or does not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    color: bool,
}

impl Paint {
    pub(crate) fn new(color: bool) -> Self {
        Self { color }
    }

    /// The text in its look. The text must be free of control characters already.
    pub(crate) fn paint(self, look: Look, text: &str) -> String {
        let code = look.code();
        if !self.color || code.is_empty() || text.is_empty() {
            return text.to_owned();
        }
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

impl Look {
    /// The parameters of "select graphic rendition", ECMA-48 section 8.3.117. Only the eight
    /// colours that every terminal lets its user choose, so that it is readable on any background.
    fn code(self) -> &'static str {
        match self {
            Self::Plain | Self::Severity(Severity::Unknown | Severity::None) => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Command => "36",
            Self::Alarm => "1;7;31",
            Self::Good => "32",
            Self::Severity(Severity::Critical) => "1;31",
            Self::Severity(Severity::High) => "31",
            Self::Severity(Severity::Medium) => "33",
            Self::Severity(Severity::Low) => "34",
        }
    }
}
