//! A repository as a target: its files at a commit and those of its submodules, one tar after the
//! other, each as `git archive` writes it.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use linchpin_model::{Note, NoteKind, Subject, TargetPath};
use linchpin_source::{Source, SourceError, SourceOptions, TarSource, Visited, Visitor, Wants};
use tempfile::TempDir;

use super::client::{Allowed, Git};
use super::joined_tar::{END, WithoutEnd, tar_entry};
use super::submodules::{DEEPEST, MOST, Origin, Submodule, address_of, folders_of, submodules_of};
use super::{GitAddress, GitTarget, borrow_objects, checkout, fetch_revision};

/// A repository at a revision, with its submodules.
#[derive(Debug)]
pub struct RepositorySource {
    files: TarSource,
    notes: Vec<Note>,
}

/// What the tar is made of.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Commits, each with the folder that its files lie below: empty, or with a slash at its end.
    commits: Vec<(String, String)>,
    /// Entries of a tar that say what a checkout would.
    beside: Vec<u8>,
    notes: Vec<Note>,
}

impl RepositorySource {
    pub(super) fn new(
        folder: Arc<TempDir>,
        subject: Subject,
        parts: Parts,
        options: SourceOptions,
    ) -> Self {
        let Parts {
            commits,
            beside,
            notes,
        } = parts;
        let begin = move || -> io::Result<Box<dyn Read + Send>> {
            let mut joined: Box<dyn Read + Send> = Box::new(io::empty());
            for (below, commit) in &commits {
                let part = LazyArchive {
                    folder: Arc::clone(&folder),
                    below: below.clone(),
                    commit: commit.clone(),
                    tar: None,
                };
                joined = Box::new(joined.chain(part));
            }
            let beside = io::Cursor::new(beside.clone());
            Ok(Box::new(joined.chain(beside).chain(&END[..])))
        };
        Self {
            files: TarSource::new(subject, begin, options),
            notes,
        }
    }
}

impl Source for RepositorySource {
    fn subject(&self) -> &Subject {
        self.files.subject()
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        let mut visited = self.files.visit(wants, visitor)?;
        visited.notes.extend(self.notes.iter().cloned());
        Ok(visited)
    }
}

/// The files of a commit, from a git that begins when somebody reads.
struct LazyArchive {
    folder: Arc<TempDir>,
    below: String,
    commit: String,
    tar: Option<Box<dyn Read + Send>>,
}

impl Read for LazyArchive {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let tar = match &mut self.tar {
            Some(tar) => tar,
            empty => {
                let git = Git::at(self.folder.path(), Allowed::Nothing);
                let prefix = format!("--prefix={}", self.below);
                let mut arguments = vec!["archive", "--format=tar"];
                if !self.below.is_empty() {
                    arguments.push(&prefix);
                }
                arguments.push(&self.commit);
                empty.insert(Box::new(WithoutEnd::new(git.stream(&arguments)?)))
            }
        };
        tar.read(buffer)
    }
}

/// A repository whose submodules are still to be looked for.
struct Place {
    below: String,
    commit: String,
    origin: Origin,
    /// Where it was cloned from, as far as that is known and may be told.
    address: Option<String>,
    depth: usize,
}

/// The commit and those of its submodules, as far as they can be had.
pub(super) fn collect_parts(folder: &Path, commit: String, origin: Origin) -> io::Result<Parts> {
    let mut parts = Parts::default();
    let mut count = 0;
    let mut places = vec![Place {
        below: String::new(),
        commit,
        address: origin.address(),
        origin,
        depth: 0,
    }];
    while let Some(place) = places.pop() {
        let git = Git::at(folder, Allowed::Nothing);
        let submodules = submodules_of(&git, &place.commit)?;
        parts
            .commits
            .push((place.below.clone(), place.commit.clone()));
        if submodules.is_empty() {
            continue;
        }
        add_checkout(&mut parts, &place, &submodules)?;
        for submodule in submodules {
            count += 1;
            if count > MOST || place.depth >= DEEPEST {
                parts.notes.push(Note::general(
                    NoteKind::Unread,
                    format!(
                        "only {MOST} submodules, nested {DEEPEST} deep, are read; the others are not"
                    ),
                ));
                break;
            }
            match had(folder, &submodule, &place.origin) {
                Ok(origin) => places.push(Place {
                    below: format!("{}{}/", place.below, submodule.path),
                    address: origin.address().or_else(|| {
                        let parent = place.address.as_deref()?;
                        address_of(&submodule, parent)
                    }),
                    commit: submodule.commit,
                    origin,
                    depth: place.depth + 1,
                }),
                Err(reason) => {
                    let path = TargetPath::new(&format!("{}{}", place.below, submodule.path));
                    parts.notes.push(Note::at(
                        NoteKind::Unread,
                        &path,
                        None,
                        format!("is a submodule whose files are not read: {reason}"),
                    ));
                }
            }
        }
    }
    Ok(parts)
}

/// Adds what says at which commits the submodules are.
fn add_checkout(parts: &mut Parts, place: &Place, submodules: &[Submodule]) -> io::Result<()> {
    let below = &place.below;
    if let Some(index) = checkout::index(submodules) {
        parts
            .beside
            .extend(tar_entry(&format!("{below}.git/index"), &index)?);
    }
    if let Some(address) = &place.address {
        let settings = checkout::settings(address);
        parts.beside.extend(tar_entry(
            &format!("{below}.git/config"),
            settings.as_bytes(),
        )?);
    }
    Ok(())
}

impl Origin {
    /// The address from which those of submodules are reckoned.
    fn address(&self) -> Option<String> {
        match self {
            Self::Fetched(address) => Some(address.clone()),
            Self::Here { own, .. } => address_of_origin(own),
        }
    }
}

/// Where a repository on this disk was cloned from, if that may be told.
fn address_of_origin(own: &Path) -> Option<String> {
    let git = Git::at(own, Allowed::Nothing);
    let file = own.join("config");
    let address = git
        .output(&[
            "config",
            "--no-includes",
            "--file",
            file.to_str()?,
            "--get",
            "remote.origin.url",
        ])
        .ok()?;
    let target = GitTarget::new(GitAddress::Url(address), None).ok()?;
    Some(target.address().to_string())
}

/// Makes the objects of a submodule available; gives where those of its own submodules are.
fn had(folder: &Path, submodule: &Submodule, origin: &Origin) -> Result<Origin, String> {
    let git = Git::at(folder, Allowed::Nothing);
    let is_there = || {
        let commit = format!("{}^{{commit}}", submodule.commit);
        git.output(&["cat-file", "-e", &commit]).is_ok()
    };
    match origin {
        Origin::Here { own, tree } => {
            for candidate in folders_of(submodule, own, tree) {
                let borrowed = borrow_objects(folder, &candidate.join("objects"));
                if borrowed.is_ok() && is_there() {
                    return Ok(Origin::Here {
                        own: candidate,
                        tree: tree.join(&submodule.path),
                    });
                }
            }
            Err(
                "its commit is not on this disk\nhint: `git submodule update --init --recursive` \
                 fetches it"
                    .to_owned(),
            )
        }
        Origin::Fetched(parent) => {
            let Some(address) = address_of(submodule, parent) else {
                return Err(
                    "it has no address that leads where the repository came from".to_owned(),
                );
            };
            let git = Git::at(folder, Allowed::Network);
            fetch_revision(&git, &address, &submodule.commit).map_err(|error| error.to_string())?;
            if is_there() {
                Ok(Origin::Fetched(address))
            } else {
                Err("its commit is not where its address leads".to_owned())
            }
        }
    }
}
