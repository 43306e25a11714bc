//! A folder on disk, walked in parallel.
//!
//! Links to folders are never followed, so the walk can not go in circles nor leave the target.
//! A wanted file that is a link is read through, if it leads to a file inside the target.
//! The insides of `.git` are passed over: they are history, not content. Only its index is looked at,
//! which says at which commits submodules are.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ignore::{DirEntry, WalkBuilder, WalkState};
use linchpin_model::{NoteKind, Subject, SubjectKind, TargetPath};

use crate::archives::{FileBytes, Opener, archive_family};
use crate::directory_tree::DirectoryTree;
use crate::hand_out::Found;
use crate::limits::Amount;
use crate::note_book::NoteBook;
use crate::programs::judge_file;
use crate::wants::{Wanted, is_executable};
use crate::{FileTree, Mode, Source, SourceError, SourceOptions, Visited, Visitor, Wants};

/// Files over this size are read one at a time, so that several large programs are never in
/// memory together.
const LARGE: u64 = 8 << 20;

/// Folders of a running system that hold no files of it.
const VIRTUAL_FOLDERS: &[&str] = &["proc", "sys", "dev"];

/// A folder on disk.
#[derive(Debug)]
pub struct DirectorySource {
    root: PathBuf,
    subject: Subject,
    options: SourceOptions,
}

impl DirectorySource {
    /// Opens a folder; it must be readable.
    pub fn open(root: &Path, options: SourceOptions) -> Result<Self, SourceError> {
        let unreadable = |source| SourceError::Unreadable {
            path: root.display().to_string(),
            source,
        };
        fs::read_dir(root).map_err(unreadable)?;
        let subject = Subject {
            name: root.display().to_string(),
            kind: SubjectKind::Directory,
            digest: None,
            platform: None,
            layers: Vec::new(),
        };
        let root = root.canonicalize().map_err(unreadable)?;
        Ok(Self {
            root,
            subject,
            options,
        })
    }
}

impl Source for DirectorySource {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        let walk = Walk {
            source: self,
            wants,
            visitor,
            tree: DirectoryTree::new(self.root.clone()),
            notes: NoteBook::new(self.options.limits.notes),
            entries: AtomicU64::new(0),
            large_file: Mutex::new(()),
            opener: Opener::new(wants, visitor, &self.options),
        };
        let exclude = self.options.exclude.clone();
        let root = self.root.clone();
        let whole_system = self.root == Path::new("/");
        WalkBuilder::new(&self.root)
            .standard_filters(false)
            .follow_links(false)
            .max_depth(Some(self.options.limits.depth))
            .threads(std::thread::available_parallelism().map_or(2, usize::from))
            .filter_entry(move |entry| {
                if entry.depth() == 0 {
                    return true;
                }
                let name = entry.file_name();
                if whole_system && entry.depth() == 1 && is_virtual(name) {
                    return false;
                }
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                if (name == ".git" && !is_folder) || (name != "index" && is_in_git(entry.path())) {
                    return false;
                }
                exclude.is_empty() || !exclude.is_match(target_path(&root, entry.path()).as_str())
            })
            .build_parallel()
            .run(|| {
                Box::new(|entry| {
                    let count = walk.entries.fetch_add(1, Ordering::Relaxed);
                    if count >= self.options.limits.entries {
                        return WalkState::Quit;
                    }
                    self.options.progress.seen(1);
                    match entry {
                        Ok(entry) => walk.look_at(&entry),
                        Err(error) => walk.note_walk_error(&error),
                    }
                    WalkState::Continue
                })
            });
        let entries = walk.entries.into_inner();
        if entries > self.options.limits.entries {
            walk.notes.general(
                NoteKind::Unread,
                format!(
                    "the target has more than {} files; the rest was not looked at",
                    self.options.limits.entries
                ),
            );
        }
        walk.opener
            .into_notes()
            .for_each(|note| walk.notes.keep(note));
        Ok(Visited {
            tree: Box::new(walk.tree),
            superseded: Vec::new(),
            notes: walk.notes.into_notes(),
            entries,
        })
    }
}

fn is_virtual(name: &OsStr) -> bool {
    VIRTUAL_FOLDERS.iter().any(|folder| name == *folder)
}

/// Whether something lies right in the folder `.git`. There are many paths, and taking them apart
/// costs more than comparing their ends.
fn is_in_git(path: &Path) -> bool {
    let path = path.as_os_str().as_bytes();
    let parent = memchr::memrchr(b'/', path).map_or(&[][..], |end| &path[..end]);
    parent.ends_with(b"/.git")
}

/// The path of something in the folder, from it on. The walk puts the folder's own path, which has
/// no slash at its end, before each.
fn inside<'a>(root: &Path, path: &'a Path) -> &'a [u8] {
    let path = path.as_os_str().as_bytes();
    let inside = path.strip_prefix(root.as_os_str().as_bytes());
    let inside = inside.unwrap_or(path);
    inside.strip_prefix(b"/").unwrap_or(inside)
}

fn target_path(root: &Path, path: &Path) -> TargetPath {
    TargetPath::from_bytes(inside(root, path))
}

/// One walk over the folder, shared by its threads.
struct Walk<'a> {
    source: &'a DirectorySource,
    wants: &'a Wants,
    visitor: &'a dyn Visitor,
    tree: DirectoryTree,
    notes: NoteBook,
    entries: AtomicU64,
    large_file: Mutex<()>,
    opener: Opener<'a>,
}

/// A file that is about to be read.
struct Opened {
    file: File,
    size: u64,
    mode: Mode,
    is_program: bool,
}

impl Walk<'_> {
    fn look_at(&self, entry: &DirEntry) {
        if let Some(error) = entry.error() {
            self.note_walk_error(error);
        }
        let Some(kind) = entry.file_type() else {
            return;
        };
        if kind.is_dir() {
            let deepest = self.source.options.limits.depth;
            if entry.depth() >= deepest {
                let path = target_path(&self.source.root, entry.path());
                let text = format!("lies {deepest} folders deep and was not entered");
                self.notes.at(NoteKind::Unread, &path, None, text);
            }
            return;
        }
        let inside = inside(&self.source.root, entry.path());
        if kind.is_file() && std::str::from_utf8(inside).is_ok_and(|path| self.is_unwanted(path)) {
            return;
        }
        let path = TargetPath::from_bytes(inside);
        let mut wanted = self.wants.by_path(path.as_str());
        if kind.is_symlink() {
            self.look_at_link(&path, &wanted);
            return;
        }
        if !kind.is_file() {
            return;
        }
        if self.opener.opens(path.as_str())
            && let Err(error) = self.open_archive(&path, entry.path(), &wanted)
        {
            self.note_unreadable(&path, &error);
        }
        let ask_mode = self.wants.may_be_executable(path.as_str());
        if wanted.is_unread() && !ask_mode {
            return;
        }
        let outcome = entry.metadata().map_err(io_error).and_then(|metadata| {
            let mode = Mode(metadata.permissions().mode());
            let programs = if ask_mode {
                self.wants.by_mode(path.as_str(), mode)
            } else {
                &[]
            };
            if wanted.is_unread() && programs.is_empty() {
                return Ok(());
            }
            let file = File::open(entry.path())?;
            let is_program = !programs.is_empty() && starts_like_a_program(&file)?;
            if is_program {
                self.wants.add_programs(path.as_str(), &mut wanted);
                judge_file(self.wants, &file, metadata.len(), &mut wanted)?;
            }
            if wanted.is_unread() {
                return Ok(());
            }
            self.read(
                &path,
                Opened {
                    file,
                    size: metadata.len(),
                    mode,
                    is_program,
                },
                &wanted,
            )
        });
        if let Err(error) = outcome {
            self.note_unreadable(&path, &error);
        }
    }

    /// Whether a file's name tells that nobody wants it, as most names do.
    fn is_unwanted(&self, path: &str) -> bool {
        !self.wants.may_be_executable(path)
            && archive_family(path).is_none()
            && self.wants.by_path(path).is_unread()
    }

    fn open_archive(&self, path: &TargetPath, on_disk: &Path, wanted: &Wanted) -> io::Result<()> {
        let file = File::open(on_disk)?;
        let size = file.metadata()?.len();
        let bytes = FileBytes { file, size };
        self.opener.open(path, None, &bytes, &wanted.archive);
        Ok(())
    }

    fn note_unreadable(&self, path: &TargetPath, error: &io::Error) {
        let text = format!("can not be read: {error}");
        self.notes.at(NoteKind::Unread, path, None, text);
    }

    /// A link: read through if a reader wants it, and looked at for circles.
    fn look_at_link(&self, path: &TargetPath, wanted: &Wanted) {
        let Some(target) = self.tree.resolve(path) else {
            if self.tree.goes_in_circle(path) {
                self.notes.at(
                    NoteKind::Unread,
                    path,
                    None,
                    "is a symbolic link that leads in a circle",
                );
            } else if !wanted.is_unread() {
                self.notes.at(
                    NoteKind::Unread,
                    path,
                    None,
                    "is a symbolic link that leads to nothing inside the target; it was not followed",
                );
            }
            return;
        };
        if wanted.is_unread() {
            return;
        }
        let outcome = (|| {
            let on_disk = self.tree.on_disk(&target);
            // A pipe would wait for its writer for ever: told apart before opening.
            let metadata = fs::symlink_metadata(&on_disk)?;
            if !metadata.is_file() {
                return Ok(());
            }
            let file = File::open(&on_disk)?;
            let mode = Mode(metadata.permissions().mode());
            self.read(
                path,
                Opened {
                    file,
                    size: metadata.len(),
                    mode,
                    is_program: false,
                },
                wanted,
            )
        })();
        if let Err(error) = outcome {
            let error: io::Error = error;
            self.note_unreadable(path, &error);
        }
    }

    fn read(&self, path: &TargetPath, opened: Opened, wanted: &Wanted) -> io::Result<()> {
        let Opened {
            file,
            size,
            mode,
            is_program,
        } = opened;
        let limits = &self.source.options.limits;
        let amount = match limits.amount_to_read(size, is_program, wanted) {
            Ok(amount) => amount,
            Err(text) => {
                self.notes.at(NoteKind::Unread, path, None, text);
                Amount::heads_of(wanted, size)
            }
        };
        let length = amount.kept;
        let _one_at_a_time = (length > LARGE).then(|| {
            self.large_file
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
        });
        let mut content =
            Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1));
        // One byte more than there was is asked for, so that a file that grows meanwhile is seen.
        (&file)
            .take(length.saturating_add(1))
            .read_to_end(&mut content)?;
        if amount.in_pieces && length < size {
            let found = Found {
                path,
                layer: None,
                mode,
                size,
                content: &content,
            };
            let mut rest = (&file).take(size.saturating_sub(content.len() as u64));
            return found.hand_out_passing(wanted, self.visitor, &mut rest);
        }
        if length == size && content.len() as u64 > size {
            return Err(io::Error::other("it grew while it was read"));
        }
        let size = if length == size {
            // Files of the kernel state a length that they do not have.
            content.len() as u64
        } else {
            content.truncate(usize::try_from(length).unwrap_or(usize::MAX));
            size
        };
        let found = Found {
            path,
            layer: None,
            mode,
            size,
            content: &content,
        };
        found.hand_out(wanted, self.visitor);
        Ok(())
    }

    fn note_walk_error(&self, error: &ignore::Error) {
        let text = error.to_string();
        match walk_error_path(error) {
            Some(path) => {
                let reason = error.io_error().map_or(text, ToString::to_string);
                let path = target_path(&self.source.root, path);
                self.notes.at(
                    NoteKind::Unread,
                    &path,
                    None,
                    format!("can not be read: {reason}"),
                );
            }
            None => self.notes.general(NoteKind::Unread, text),
        }
    }
}

fn io_error(error: ignore::Error) -> io::Error {
    let text = error.to_string();
    error
        .into_io_error()
        .unwrap_or_else(|| io::Error::other(text))
}

fn walk_error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            walk_error_path(err)
        }
        _ => None,
    }
}

fn starts_like_a_program(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::FileExt;
    let mut start = [0; 8];
    let count = file.read_at(&mut start, 0)?;
    Ok(is_executable(&start[..count]))
}
