//! The one place that writes to the terminal: results to the standard output, talk to the standard
//! error.

use std::io::{self, Write};

use linchpin_model::Note;
use linchpin_report::{WriteOptions, printable};

use crate::arguments::{ColorChoice, General};
use crate::settings::Environment;

/// Writes results and messages.
#[derive(Debug)]
pub(crate) struct Printer {
    quiet: bool,
    verbose: bool,
    color: bool,
    color_messages: bool,
    width: usize,
    terminal: bool,
    progress: bool,
}

/// The number of findings that a terminal shows unless all are asked for.
const FINDINGS_ON_A_TERMINAL: usize = 40;

/// The number of notes beside an inventory unless all are asked for.
const NOTES: usize = 10;

impl Printer {
    pub(crate) fn new(general: &General, environment: &Environment) -> Self {
        let wanted = |terminal: bool| match general.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => environment.force_color || (terminal && !environment.no_color),
        };
        Self {
            quiet: general.quiet,
            verbose: general.verbose,
            color: wanted(environment.stdout_is_terminal),
            color_messages: wanted(environment.stderr_is_terminal),
            width: environment.width,
            terminal: environment.stdout_is_terminal,
            progress: environment.stderr_is_terminal && !general.quiet,
        }
    }

    /// How to write for a person on the standard output, or into a file.
    pub(crate) fn write_options(&self, to_file: bool) -> WriteOptions {
        WriteOptions {
            width: self.width,
            color: self.color && !to_file,
            verbose: self.verbose,
            max_findings: (self.terminal && !to_file && !self.verbose)
                .then_some(FINDINGS_ON_A_TERMINAL),
        }
    }

    /// Whether results go to a terminal.
    pub(crate) fn to_terminal(&self) -> bool {
        self.terminal
    }

    /// The number of columns that results are fitted to.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Whether everything is to be shown.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether to show that work is going on.
    pub(crate) fn shows_progress(&self) -> bool {
        self.progress
    }

    /// Writes a result to the standard output. That the reader went away is no error: whoever
    /// pipes into `head` has seen enough.
    pub(crate) fn result(content: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(content).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// The standard output, for results that are written piece by piece.
    pub(crate) fn stream() -> impl Write {
        io::BufWriter::new(io::stdout().lock())
    }

    /// Says something that is not the result.
    pub(crate) fn message(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{}", printable(text));
        }
    }

    /// Says what a result does not tell, the first few unless all are asked for.
    pub(crate) fn notes(&self, notes: &[Note]) {
        let most = if self.verbose { notes.len() } else { NOTES };
        for note in notes.iter().take(most) {
            let path = note
                .path
                .as_ref()
                .map(|path| format!("{path}: "))
                .unwrap_or_default();
            self.message(&format!("note: {path}{}", note.text));
        }
        if notes.len() > most {
            self.message(&format!(
                "note: and {} more (-v shows all)",
                notes.len() - most
            ));
        }
    }

    /// Says what went wrong, cause by cause. Text from the target is made harmless for the terminal.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        let mut text = String::new();
        let mut hints = Vec::new();
        for (place, cause) in error.chain().enumerate() {
            let cause = cause.to_string();
            let mut lines = cause.lines();
            let first = lines.next().unwrap_or_default();
            if place > 0 {
                text.push_str("\n  because ");
            }
            text.push_str(&printable(first));
            hints.extend(lines.map(|line| printable(line).into_owned()));
        }
        let (red, cyan, reset) = if self.color_messages {
            ("\u{1b}[1;31m", "\u{1b}[36m", "\u{1b}[0m")
        } else {
            ("", "", "")
        };
        let mut stderr = io::stderr().lock();
        let _ = writeln!(stderr, "{red}error:{reset} {text}");
        for hint in hints {
            let hint = hint.strip_prefix("hint: ").unwrap_or(&hint);
            let _ = writeln!(stderr, "{cyan}hint:{reset} {hint}");
        }
    }
}
