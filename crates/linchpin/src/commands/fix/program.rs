//! Runs an ecosystem's client: no shell, no input, a time limit, a cap on what it says, and install
//! scripts turned off.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the only place of the command that runs programs"
)]

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Most bytes of an answer that are kept, and of complaints.
const MOST_OUTPUT: u64 = 64 << 20;
const MOST_COMPLAINTS: u64 = 64 << 10;

/// How often it is looked whether a program has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// How long pipes are listened to after the program itself has ended.
const GRACE: Duration = Duration::from_secs(5);

/// Settings that hold for every client: no scripts of packages, no questions, no reports home, no
/// toolchains fetched.
const SETTINGS: &[(&str, &str)] = &[
    ("CI", "1"),
    ("NO_COLOR", "1"),
    ("LC_ALL", "C.UTF-8"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("npm_config_ignore_scripts", "true"),
    ("npm_config_audit", "false"),
    ("npm_config_fund", "false"),
    ("npm_config_update_notifier", "false"),
    ("npm_config_progress", "false"),
    ("npm_config_loglevel", "error"),
    ("PIP_NO_INPUT", "1"),
    ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
    ("UV_NO_PROGRESS", "1"),
    ("UV_PYTHON_DOWNLOADS", "never"),
    ("CARGO_TERM_COLOR", "never"),
    ("GOTOOLCHAIN", "local"),
    ("BUNDLE_SILENCE_ROOT_WARNING", "1"),
];

/// One run of a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CommandLine {
    pub(super) program: &'static str,
    pub(super) arguments: Vec<String>,
}

impl CommandLine {
    pub(super) fn new<const COUNT: usize>(program: &'static str, arguments: [&str; COUNT]) -> Self {
        Self {
            program,
            arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    pub(super) fn and(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }
}

/// As a person would type it.
impl std::fmt::Display for CommandLine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.program)?;
        for argument in &self.arguments {
            let is_plain = argument
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"@/._+:~=-,^".contains(&byte));
            if is_plain && !argument.is_empty() {
                write!(formatter, " {argument}")?;
            } else {
                write!(formatter, " '{}'", argument.replace('\'', r"'\''"))?;
            }
        }
        Ok(())
    }
}

/// Why a program gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProgramError {
    #[error("`{0}` is not installed")]
    NotThere(&'static str),
    #[error("`{program}` can not be run")]
    CanNotRun {
        program: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("`{program}` took more than {} seconds", limit.as_secs())]
    TooLong {
        program: &'static str,
        limit: Duration,
    },
    #[error("`{program}` says: {complaint}")]
    Failed {
        program: &'static str,
        complaint: String,
    },
}

impl ProgramError {
    /// Whether the program ran and said no.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }
}

/// Runs a program in a folder and gives what it wrote.
pub(super) fn run(
    line: &CommandLine,
    folder: &Path,
    limit: Duration,
) -> Result<Vec<u8>, ProgramError> {
    let program = line.program;
    let mut child = Command::new(program)
        .args(&line.arguments)
        .current_dir(folder)
        .envs(SETTINGS.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => ProgramError::NotThere(program),
            _ => ProgramError::CanNotRun { program, source },
        })?;
    let output = listen(child.stdout.take(), MOST_OUTPUT);
    let complaints = listen(child.stderr.take(), MOST_COMPLAINTS);
    let succeeded = wait(&mut child, limit)
        .map_err(|source| ProgramError::CanNotRun { program, source })?
        .ok_or(ProgramError::TooLong { program, limit })?;
    let heard = |listening: mpsc::Receiver<Vec<u8>>| {
        let heard = listening.recv_timeout(GRACE);
        heard.map_err(|_| ProgramError::TooLong { program, limit })
    };
    let output = heard(output)?;
    if succeeded {
        return Ok(output);
    }
    let mut text = String::from_utf8_lossy(&heard(complaints)?).into_owned();
    if text.trim().is_empty() {
        text = String::from_utf8_lossy(&output).into_owned();
    }
    Err(ProgramError::Failed {
        program,
        complaint: complaint(&text),
    })
}

/// Waits for the end, and whether it was a good one; nothing if it had to be ended.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<bool>> {
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Reads a pipe in a thread of its own, so that the program never waits for a reader.
fn listen(pipe: Option<impl Read + Send + 'static>, most: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut content = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = (&mut pipe).take(most).read_to_end(&mut content);
            let _ = io::copy(&mut pipe, &mut io::sink());
        }
        let _ = sender.send(content);
    });
    receiver
}

/// How many characters of a complaint are told.
const LONGEST_COMPLAINT: usize = 300;

/// What a client complained of, on one line: without its marks, warnings and places of logs.
fn complaint(text: &str) -> String {
    let mut told = String::new();
    for line in text.lines() {
        let line = line.trim();
        let line = [
            "npm error",
            "npm ERR!",
            "error:",
            "ERROR:",
            "Caused by:",
            "×",
            "╰─▶",
            "│",
            "go:",
        ]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .unwrap_or(line)
        .trim();
        let is_noise = line.is_empty()
            || line.starts_with("warning")
            || line.starts_with("Updating ")
            || line.starts_with("A complete log")
            || line.starts_with("code E");
        if is_noise {
            continue;
        }
        if !told.is_empty() {
            told.push_str("; ");
        }
        told.extend(line.chars().filter(|character| !character.is_control()));
        if told.chars().count() > LONGEST_COMPLAINT {
            told = told.chars().take(LONGEST_COMPLAINT).collect();
            told.push('…');
            break;
        }
    }
    if told.is_empty() {
        told.push_str("nothing");
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(text: &str) -> CommandLine {
        CommandLine::new("sh", ["-c", text])
    }

    fn try_run(line: &CommandLine, limit: Duration) -> Result<Vec<u8>, ProgramError> {
        run(line, &std::env::temp_dir(), limit)
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let limit = Duration::from_millis(100);
        let error = try_run(&CommandLine::new("sleep", ["600"]), limit).unwrap_err();
        assert!(matches!(error, ProgramError::TooLong { .. }));
    }

    #[test]
    fn much_output_does_not_block() {
        let line = shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2");
        let output = try_run(&line, Duration::from_secs(60)).unwrap();
        assert_eq!(output.len(), 1_000_000);
    }

    #[test]
    fn what_it_complains_of_is_told_without_marks() {
        let line = shell("printf 'npm error code ERESOLVE\\nnpm error no way\\n' >&2; exit 1");
        let error = try_run(&line, Duration::from_secs(60)).unwrap_err();
        assert_eq!(error.to_string(), "`sh` says: no way");
        let line = CommandLine::new("linchpin-has-no-such-program", []);
        let error = try_run(&line, Duration::from_secs(1)).unwrap_err();
        assert!(matches!(error, ProgramError::NotThere(_)));
    }

    #[test]
    fn a_line_is_shown_as_it_would_be_typed() {
        let line = CommandLine::new("uv", ["lock", "--upgrade-package", "a==1"]).and("b>=2 'x'");
        let expected = r"uv lock --upgrade-package a==1 'b>=2 '\''x'\'''";
        assert_eq!(line.to_string(), expected);
    }
}
