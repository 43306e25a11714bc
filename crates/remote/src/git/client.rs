//! Runs the user's `git`, so that nothing in a repository can make it run anything else.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the only place that runs git"
)]

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use super::GitError;

/// Most bytes of git's complaints that are kept.
const MOST_COMPLAINTS: u64 = 8 << 10;
/// Most bytes of an answer; all that we ask for are ids and paths.
const MOST_OUTPUT: u64 = 64 << 10;

/// Which transports git may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// None.
    Nothing,
    /// Those to other machines; plain HTTP only comes here with an address of this machine.
    Network,
}

/// Git in a folder.
#[derive(Debug)]
pub(super) struct Git<'a> {
    folder: &'a Path,
    allowed: Allowed,
}

/// What would lead git away from the folder that it is to work in.
const MISLEADING: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_ATTR_SOURCE",
    "GIT_TRACE",
    "GIT_TRACE_CURL",
];

impl<'a> Git<'a> {
    pub(super) fn at(folder: &'a Path, allowed: Allowed) -> Self {
        Self { folder, allowed }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for variable in MISLEADING {
            command.env_remove(variable);
        }
        let allowed = match self.allowed {
            Allowed::Nothing => "none",
            Allowed::Network => "https:http:ssh",
        };
        command
            .env("GIT_ALLOW_PROTOCOL", allowed)
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .arg("-C")
            .arg(self.folder)
            .args(["-c", "core.hooksPath=/dev/null"])
            .args(["-c", "core.fsmonitor=false"])
            .args(["-c", "core.attributesFile=/dev/null"])
            .args(["-c", "submodule.recurse=false"])
            .args(["-c", "fetch.recurseSubmodules=false"])
            .args(["-c", "gc.auto=0"])
            .args(["-c", "maintenance.auto=false"])
            .args(["-c", "tar.umask=0022"])
            .args(["-c", "advice.detachedHead=false"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs git to its end and gives its answer without the line's end.
    pub(super) fn output(&self, arguments: &[&str]) -> Result<String, GitError> {
        let mut child = self.command(arguments).spawn().map_err(GitError::NoGit)?;
        let complaints = child.stderr.take().map(listen);
        let mut answer = Vec::new();
        if let Some(output) = child.stdout.take() {
            let _ = output.take(MOST_OUTPUT).read_to_end(&mut answer);
        }
        let status = child.wait().map_err(GitError::NoGit)?;
        if status.success() {
            let answer = String::from_utf8_lossy(&answer);
            return Ok(answer.trim_end_matches('\n').to_owned());
        }
        Err(GitError::Failed {
            command: arguments.first().copied().unwrap_or_default().to_owned(),
            reason: complaint(complaints),
        })
    }

    /// Runs git and gives its output while it comes.
    pub(super) fn stream(&self, arguments: &[&str]) -> io::Result<GitStream> {
        let mut child = self.command(arguments).spawn()?;
        let complaints = child.stderr.take().map(listen);
        Ok(GitStream {
            output: child.stdout.take(),
            complaints,
            child,
        })
    }
}

type Listening = std::thread::JoinHandle<String>;

/// Keeps what git complains of, so that it never waits for a reader.
fn listen(complaints: ChildStderr) -> Listening {
    std::thread::spawn(move || {
        let mut complaints = complaints;
        let mut text = Vec::new();
        let _ = (&mut complaints)
            .take(MOST_COMPLAINTS)
            .read_to_end(&mut text);
        let _ = io::copy(&mut complaints, &mut io::sink());
        String::from_utf8_lossy(&text).into_owned()
    })
}

/// What git complained of, on one line.
fn complaint(complaints: Option<Listening>) -> String {
    let text = complaints
        .and_then(|listening| listening.join().ok())
        .unwrap_or_default();
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            ["fatal: ", "error: "]
                .iter()
                .find_map(|prefix| line.strip_prefix(prefix))
                .unwrap_or(line)
        })
        .collect();
    lines.join("; ")
}

/// Git's output while it comes. A failure of git is one of the stream.
#[derive(Debug)]
pub(super) struct GitStream {
    output: Option<ChildStdout>,
    complaints: Option<Listening>,
    child: Child,
}

impl Read for GitStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(output) = &mut self.output else {
            return Ok(0);
        };
        let count = output.read(buffer)?;
        if count > 0 || buffer.is_empty() {
            return Ok(count);
        }
        self.output = None;
        if self.child.wait()?.success() {
            return Ok(0);
        }
        Err(io::Error::other(format!(
            "`git` fails: {}",
            complaint(self.complaints.take())
        )))
    }
}

impl Drop for GitStream {
    fn drop(&mut self) {
        self.output = None;
        // It ends by itself when nobody reads any more; nobody waits for it in vain.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
