//! Commits as git stores them, and the changes that a branch is made of.
//!
//! A commit is read from its object: <https://git-scm.com/docs/git-commit#_discussion> and
//! <https://git-scm.com/docs/signature-format>. Whether a signature is right is not looked at: which
//! keys may sign stands in no checkout. Asking git to verify would run whatever program the settings of
//! the repository name.

use std::collections::HashMap;

/// How many commits or changes the checks look at: as many as Scorecard.
pub const RECENT: usize = 30;

/// Longest message that is kept, in bytes.
const LONGEST_MESSAGE: usize = 16 << 10;

/// Longest name or address that is kept, in bytes.
const LONGEST_NAME: usize = 256;

/// Most parents of a commit.
const MOST_PARENTS: usize = 64;

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// The commits before it, that of the branch itself first.
    pub parents: Vec<String>,
    /// Who wrote it.
    pub author: Person,
    /// Who put it into the repository.
    pub committer: Person,
    /// When that was, in seconds since 1970.
    pub committed: i64,
    /// What it says.
    pub message: String,
    /// How it is signed.
    pub signature: Option<Signature>,
}

/// Somebody who wrote or committed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// How a commit is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// By a key of OpenPGP.
    Pgp,
    /// By a key of SSH.
    Ssh,
    /// By a certificate.
    X509,
    /// In a form that is not known here.
    Other,
}

impl Commit {
    /// Reads what `git rev-list --header` writes: the id on a line of its own, the object's headers, an
    /// empty line, and the message, each of whose lines is indented.
    pub fn read(record: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(record);
        let (id, rest) = text.trim_start_matches('\n').split_once('\n')?;
        if !matches!(id.len(), 40 | 64) || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let (headers, message) = rest.split_once("\n\n").unwrap_or((rest, ""));
        let mut commit = Self {
            id: id.to_owned(),
            message: unindented(message),
            ..Self::default()
        };
        let mut has_committer = false;
        for line in headers.lines() {
            // What begins with a space goes on with the header before it.
            let Some((key, value)) = line.split_once(' ') else {
                continue;
            };
            match key {
                "parent" if commit.parents.len() < MOST_PARENTS => {
                    commit.parents.push(value.to_owned());
                }
                "author" => (commit.author, _) = person(value),
                "committer" => {
                    (commit.committer, commit.committed) = person(value);
                    has_committer = true;
                }
                "gpgsig" | "gpgsig-sha256" => commit.signature = Some(signature(value)),
                _ => {}
            }
        }
        has_committer.then_some(commit)
    }

    /// The first line of the message.
    pub fn subject(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }

    /// The values of a trailer such as `Reviewed-by`, anywhere in the message.
    pub(super) fn trailers<'c>(&'c self, key: &'c str) -> impl Iterator<Item = &'c str> {
        self.message.lines().filter_map(move |line| {
            let (found, value) = line.split_once(':')?;
            found.trim().eq_ignore_ascii_case(key).then(|| value.trim())
        })
    }

    /// The first digits of its id.
    pub(super) fn short(&self) -> &str {
        self.id.get(..12).unwrap_or(&self.id)
    }
}

/// `Name <address> 1700000000 +0100`: who, and when.
fn person(text: &str) -> (Person, i64) {
    let (name, rest) = text.split_once('<').unwrap_or((text, ""));
    let (email, rest) = rest.rsplit_once('>').unwrap_or((rest, ""));
    let seconds = rest.split_whitespace().next();
    let kept = |text: &str| {
        let text = text.trim();
        beginning(text, LONGEST_NAME).to_owned()
    };
    let person = Person {
        name: kept(name),
        email: kept(email),
    };
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    (person, seconds.unwrap_or_default())
}

fn signature(first_line: &str) -> Signature {
    match first_line.trim() {
        "-----BEGIN PGP SIGNATURE-----" | "-----BEGIN PGP MESSAGE-----" => Signature::Pgp,
        "-----BEGIN SSH SIGNATURE-----" => Signature::Ssh,
        "-----BEGIN SIGNED MESSAGE-----" => Signature::X509,
        _ => Signature::Other,
    }
}

/// The beginning of a text, with no more bytes than that.
fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn unindented(message: &str) -> String {
    let lines = beginning(message, LONGEST_MESSAGE).lines();
    let lines: Vec<&str> = lines
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    lines.join("\n").trim_end().to_owned()
}

/// The commits of a repository, the latest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Those that were read.
    pub commits: Vec<Commit>,
    /// Whether the repository holds no more than the latest ones.
    pub is_shallow: bool,
    /// What is known of its beginning.
    pub beginning: Beginning,
    /// Whether each of the recent changes was made while there was something that tests proposed
    /// changes, by the id of the commit. Nothing if that can not be told.
    pub tested: Option<HashMap<String, bool>>,
}

/// When a history begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Beginning {
    /// Nobody knows.
    #[default]
    Unknown,
    /// At least as long ago as checks ask.
    LongAgo,
    /// Later than that.
    Recent,
}

/// A change of a branch: what one commit of the branch itself brought.
#[derive(Debug, Clone, Copy)]
pub struct Change<'h> {
    /// The commit of the branch.
    pub commit: &'h Commit,
    /// The last commit of the branch that was merged, if it is a merge and that commit is known.
    pub merged: Option<&'h Commit>,
}

impl History {
    /// The latest commits of the branch itself, [`RECENT`] or as many as are known: from the first one
    /// to its first parent, and so on.
    pub fn branch(&self) -> Vec<&Commit> {
        let by_id = self.by_id();
        let mut branch = Vec::new();
        let mut next = self.commits.first();
        while let Some(commit) = next
            && branch.len() < RECENT
        {
            branch.push(commit);
            let parent = commit.parents.first();
            next = parent.and_then(|id| by_id.get(id.as_str()).copied());
        }
        branch
    }

    /// The latest changes of the branch.
    ///
    /// # Errors
    /// If the repository holds fewer than there are: what it holds would be no fair sample.
    pub(super) fn recent_changes(&self) -> Result<Vec<Change<'_>>, String> {
        let by_id = self.by_id();
        let changes = self.branch().into_iter().map(|commit| {
            let other = commit.parents.get(1);
            Change {
                commit,
                merged: other.and_then(|id| by_id.get(id.as_str()).copied()),
            }
        });
        let changes: Vec<Change<'_>> = changes.collect();
        self.enough(changes.len(), "changes")?;
        Ok(changes)
    }

    fn by_id(&self) -> HashMap<&str, &Commit> {
        let commits = self.commits.iter();
        commits.map(|commit| (commit.id.as_str(), commit)).collect()
    }

    /// The numbers of the proposals among the latest changes.
    pub fn proposals(&self) -> Vec<u64> {
        let changes = self.recent_changes().unwrap_or_default();
        let numbers = changes
            .iter()
            .filter_map(|change| change.proposal()?.number);
        numbers.collect()
    }

    /// The latest commits, wherever they were made.
    ///
    /// # Errors
    /// If the repository holds fewer than there are.
    pub(super) fn recent_commits(&self) -> Result<&[Commit], String> {
        let recent = self.commits.get(..RECENT).unwrap_or(&self.commits);
        self.enough(recent.len(), "commits")?;
        Ok(recent)
    }

    fn enough(&self, count: usize, what: &str) -> Result<(), String> {
        if count == 0 {
            return Err("there are no commits".to_owned());
        }
        if self.is_shallow && count < RECENT {
            return Err(format!(
                "the clone is shallow and holds {count} of the latest {RECENT} {what}; \
                 `git fetch --unshallow` gets the rest"
            ));
        }
        Ok(())
    }
}

impl Change<'_> {
    /// Who wrote it.
    pub(super) fn author(&self) -> &Person {
        &self.merged.unwrap_or(self.commit).author
    }

    /// As which proposal it came, such as a pull request. Nothing if it did not.
    pub(super) fn proposal(&self) -> Option<Proposal> {
        let subject = self.commit.subject();
        // How GitHub, Gitea and Bitbucket merge.
        for beginning in ["Merge pull request ", "Merged in "] {
            if let Some(rest) = subject.strip_prefix(beginning) {
                let number = rest.split_once('#').map_or("", |(_, number)| number);
                return Some(Proposal::numbered(number));
            }
        }
        // How they squash: `Title (#123)`.
        if let Some((_, rest)) = subject.rsplit_once("(#")
            && let Some(digits) = rest.strip_suffix(')')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Some(Proposal::numbered(digits));
        }
        // GitLab: `See merge request group/project!12`. Gerrit: `Reviewed-on: address`.
        let merged = (self.commit.message.lines())
            .find_map(|line| line.strip_prefix("See merge request ")?.rsplit_once('!'));
        if let Some((_, digits)) = merged {
            return Some(Proposal::numbered(digits));
        }
        let reviewed_on = self.commit.trailers("Reviewed-on").next();
        reviewed_on.map(|_| Proposal { number: None })
    }
}

/// A change that was proposed on a forge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Proposal {
    /// Its number there, where the history tells it.
    pub(super) number: Option<u64>,
}

impl Proposal {
    /// With the number that a text begins with, if any.
    fn numbered(text: &str) -> Self {
        let end = text.find(|character: char| !character.is_ascii_digit());
        let digits = text.get(..end.unwrap_or(text.len()));
        Self {
            number: digits.and_then(|digits| digits.parse().ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "89abcdef0123456789abcdef0123456789abcdef";

    fn record(headers: &str, message: &str) -> Commit {
        let text = format!(
            "{ID}\ntree {ID}\n{headers}author A B <a@one.example> 1700000000 +0100\n\
             committer C <c@two.example> 1700000100 -0500\n\n    {message}"
        );
        Commit::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn commits_are_read_with_people_times_and_messages() {
        let commit = record(&format!("parent {ID}\nparent {ID}\n"), "One\n    \n    Two");
        assert_eq!(commit.parents, [ID, ID]);
        assert_eq!(commit.author.email, "a@one.example");
        assert_eq!(commit.committer.name, "C");
        assert_eq!(commit.committed, 1_700_000_100);
        assert_eq!(commit.message, "One\n\nTwo");
        assert_eq!(commit.signature, None);
    }

    #[test]
    fn signatures_are_told_by_their_first_line() {
        for (line, expected) in [
            ("-----BEGIN PGP SIGNATURE-----", Signature::Pgp),
            ("-----BEGIN SSH SIGNATURE-----", Signature::Ssh),
            ("-----BEGIN SIGNED MESSAGE-----", Signature::X509),
            ("something", Signature::Other),
        ] {
            let text = format!(
                "{ID}\ntree {ID}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\ngpgsig {line}\n abc\n -----END\n\n    x\n"
            );
            let commit = Commit::read(text.as_bytes()).unwrap();
            assert_eq!(commit.signature, Some(expected), "{line}");
        }
        // A message can not sign.
        let commit = record("", "gpgsig -----BEGIN SSH SIGNATURE-----");
        assert_eq!(commit.signature, None);
    }

    #[test]
    fn what_is_no_commit_is_none() {
        for text in ["", "\n", "x\n\n", ID, &format!("{ID}\n\nx"), "\u{0}\n"] {
            assert_eq!(Commit::read(text.as_bytes()), None, "{text:?}");
        }
        let (nobody, when) = person("no brackets and no time");
        assert_eq!((nobody.email.as_str(), when), ("", 0));
        assert_eq!(person("A <b> 99999999999999999999 +0").1, 0);
    }

    #[test]
    fn proposals_are_known_by_how_forges_merge_them() {
        for (message, expected) in [
            ("Merge pull request #12 from someone/branch", Some(Some(12))),
            ("Merged in branch (pull request #7)", Some(Some(7))),
            ("Mend it (#345)", Some(Some(345))),
            (
                "Merge branch 'x'\n    \n    See merge request a/b!9",
                Some(Some(9)),
            ),
            (
                "Mend it\n    \n    Reviewed-on: https://review.example/1",
                Some(None),
            ),
            ("Mend it (#345) again", None),
            ("Merge branch 'x'", None),
            ("Mend (#x)", None),
            ("Mend (#99999999999999999999999)", Some(None)),
        ] {
            let commit = record("", message);
            let change = Change {
                commit: &commit,
                merged: None,
            };
            let found = change.proposal().map(|proposal| proposal.number);
            assert_eq!(found, expected, "{message}");
        }
    }
}
