//! Everything that a repository has ever held: the files of all commits, and what no branch names any
//! more but the repository still keeps.
//!
//! One run of `git` names the files, another writes all of them, each once however many commits have
//! it. What is taken back in a later commit is still there.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use super::GitError;
use super::client::{Allowed, Git};

/// Most files whose names are kept.
const MOST_NAMES: usize = 5_000_000;

/// Longest line that git writes before a file.
const LONGEST_LINE: u64 = 64 << 10;

/// The name of what no commit names.
const UNREACHABLE: &str = "(in no commit)";

/// A file of the history.
#[derive(Debug, Clone, Copy)]
pub struct HistoryFile<'a> {
    /// A path at which a commit has it.
    pub path: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Its beginning.
    pub content: &'a [u8],
}

/// Reads the first `most` bytes of every file in the history of a repository whose path is wanted,
/// in no order that means anything. Gives how many were read.
///
/// # Errors
/// If `git` is not there or fails.
pub fn read_history(
    repository: &Path,
    most: usize,
    is_wanted: &dyn Fn(&str) -> bool,
    visit: &mut dyn FnMut(HistoryFile<'_>),
) -> Result<u64, GitError> {
    let git = Git::at(repository, Allowed::Nothing);
    let paths = paths(&git).map_err(GitError::Temporary)?;
    let stream = git
        .stream(&["cat-file", "--batch", "--batch-all-objects", "--unordered"])
        .map_err(GitError::NoGit)?;
    let mut stream = BufReader::with_capacity(256 << 10, stream);
    let mut content = Vec::new();
    let mut count = 0;
    while let Some(header) = line(&mut stream).map_err(GitError::Temporary)? {
        let mut parts = header.split(' ');
        let (Some(id), Some(kind), Some(size)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let Ok(size) = size.parse::<u64>() else {
            continue;
        };
        let path = paths.get(id).map_or(UNREACHABLE, String::as_str);
        content.clear();
        let mut object = (&mut stream).take(size);
        if kind == "blob" && is_wanted(path) {
            (&mut object)
                .take(most as u64)
                .read_to_end(&mut content)
                .map_err(GitError::Temporary)?;
            count += 1;
            visit(HistoryFile {
                path,
                id,
                content: &content,
            });
        }
        // The rest of it, and the line's end that follows.
        io::copy(&mut object, &mut io::sink()).map_err(GitError::Temporary)?;
        io::copy(&mut (&mut stream).take(1), &mut io::sink()).map_err(GitError::Temporary)?;
    }
    Ok(count)
}

/// The first commit that has a file with this id, and of those that came before none.
///
/// # Errors
/// If `git` is not there or fails.
pub fn commit_of(repository: &Path, id: &str) -> Result<Option<String>, GitError> {
    let git = Git::at(repository, Allowed::Nothing);
    let find = format!("--find-object={id}");
    let listed = git.output(&["log", "--all", "--format=%H", "--no-textconv", &find])?;
    Ok(listed.lines().last().map(str::to_owned))
}

/// A path for each file of all commits, by its id.
fn paths(git: &Git<'_>) -> io::Result<HashMap<String, String>> {
    let stream = git.stream(&["rev-list", "--objects", "--all"])?;
    let mut stream = BufReader::new(stream);
    let mut paths = HashMap::new();
    while let Some(line) = line(&mut stream)? {
        if let Some((id, path)) = line.split_once(' ')
            && !path.is_empty()
            && paths.len() < MOST_NAMES
        {
            paths.insert(id.to_owned(), path.to_owned());
        }
    }
    Ok(paths)
}

/// The next line without its end; nothing at the end of the stream.
fn line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let count = stream.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok((count > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}
