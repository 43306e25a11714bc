//! A folder on disk.
//!
//! Links to folders are never followed, so the walk can not go in circles nor leave the target.
//! A wanted file that is a link is read through, if it leads to a file inside the target.
//! The insides of `.git` are passed over: they are history, not content. Only its index is looked at,
//! which says at which commits submodules are.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use linchpin_model::{NoteKind, Subject, SubjectKind, TargetPath};

use crate::archives::{FileBytes, Opener, archive_family, start_of};
use crate::directory_tree::DirectoryTree;
use crate::hand_out::Found;
use crate::limits::Amount;
use crate::note_book::NoteBook;
use crate::programs::judge_bytes;
use crate::walk::{self, Met, Next, Walker};
use crate::wants::{Wanted, is_executable};
use crate::{Entry, FileTree, Mode, Source, SourceError, SourceOptions, Visited, Visitor, Wants};

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
            // The folder itself.
            entries: AtomicU64::new(1),
            whole_system: self.root == Path::new("/"),
            large_file: Mutex::new(()),
            opener: Opener::new(wants, visitor, &self.options),
        };
        walk::walk(&self.root, &walk);
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

    fn read_files(&self, paths: &[TargetPath], most: u64, each: &dyn Fn(&Entry<'_>)) {
        let tree = DirectoryTree::new(self.root.clone());
        for path in paths {
            if !self.options.exclude.is_empty() && self.options.exclude.is_match(path.as_str()) {
                continue;
            }
            let Some(resolved) = tree.resolve(path) else {
                continue;
            };
            let on_disk = tree.on_disk(&resolved);
            // A pipe would wait for its writer for ever: told apart before opening.
            let is_wanted = |metadata: &fs::Metadata| metadata.is_file() && metadata.len() <= most;
            let Some(metadata) = fs::symlink_metadata(&on_disk).ok().filter(is_wanted) else {
                continue;
            };
            let mut content = Vec::new();
            let read = File::open(&on_disk).and_then(|file| {
                let limit = metadata.len().saturating_add(1);
                file.take(limit).read_to_end(&mut content)
            });
            if read.is_ok() && content.len() as u64 <= most {
                let mode = Mode(metadata.permissions().mode());
                each(&Entry::whole(path, None, mode, &content));
            }
        }
    }
}

fn is_virtual(name: &[u8]) -> bool {
    VIRTUAL_FOLDERS
        .iter()
        .any(|folder| name == folder.as_bytes())
}

/// One walk over the folder, shared by its threads.
struct Walk<'a> {
    source: &'a DirectorySource,
    wants: &'a Wants,
    visitor: &'a dyn Visitor,
    tree: DirectoryTree,
    notes: NoteBook,
    entries: AtomicU64,
    whole_system: bool,
    large_file: Mutex<()>,
    opener: Opener<'a>,
}

/// A file that is about to be read.
struct Opened {
    bytes: FileBytes,
    mode: Mode,
    is_program: bool,
}

impl Walker for Walk<'_> {
    fn meet(&self, met: Met<'_>) -> Next {
        if self.is_left_out(&met) {
            return Next::Pass;
        }
        let options = &self.source.options;
        let count = self.entries.fetch_add(1, Ordering::Relaxed);
        if count >= options.limits.entries {
            return Next::Stop;
        }
        options.progress.seen(1);
        if !met.kind.is_dir() {
            self.look_at(&met);
            return Next::Pass;
        }
        let deepest = options.limits.depth;
        if met.depth < deepest {
            return Next::Enter;
        }
        let path = TargetPath::from_bytes(met.inside);
        let text = format!("lies {deepest} folders deep and was not entered");
        self.notes.at(NoteKind::Unread, &path, None, text);
        Next::Pass
    }

    fn fail(&self, inside: &[u8], error: &io::Error) {
        self.note_unreadable(&TargetPath::from_bytes(inside), error);
    }
}

impl Walk<'_> {
    /// Whether nobody wants to know of it, nor of what is in it.
    fn is_left_out(&self, met: &Met<'_>) -> bool {
        let name = met.name();
        if self.whole_system && met.depth == 1 && is_virtual(name) {
            return true;
        }
        let in_git = met.folder_name() == b".git";
        if (in_git && name != b"index") || (name == b".git" && !met.kind.is_dir()) {
            return true;
        }
        let exclude = &self.source.options.exclude;
        !exclude.is_empty() && exclude.is_match(TargetPath::from_bytes(met.inside).as_str())
    }

    fn look_at(&self, met: &Met<'_>) {
        let Met {
            on_disk,
            inside,
            kind,
            ..
        } = *met;
        if kind.is_file() && std::str::from_utf8(inside).is_ok_and(|path| self.is_unwanted(path)) {
            return;
        }
        let path = TargetPath::from_bytes(inside);
        let mut wanted = self.wants.by_path(path.as_str());
        if kind.is_symlink() {
            self.wants.without_links(&mut wanted);
            self.look_at_link(&path, &wanted);
            return;
        }
        if !kind.is_file() {
            return;
        }
        if self.opener.opens(path.as_str())
            && let Err(error) = self.open_archive(&path, on_disk, &wanted)
        {
            self.note_unreadable(&path, &error);
        }
        let ask_mode = self.wants.may_be_executable(path.as_str());
        if wanted.is_unread() && !ask_mode {
            return;
        }
        let outcome = fs::symlink_metadata(on_disk).and_then(|metadata| {
            let mode = Mode(metadata.permissions().mode());
            let programs = if ask_mode {
                self.wants.by_mode(path.as_str(), mode)
            } else {
                &[]
            };
            if wanted.is_unread() && programs.is_empty() {
                return Ok(());
            }
            let bytes = FileBytes {
                file: File::open(on_disk)?,
                size: metadata.len(),
            };
            let is_program = !programs.is_empty() && is_executable(&start_of(&bytes, 8)?);
            if is_program {
                self.wants.add_programs(path.as_str(), &mut wanted);
                judge_bytes(self.wants, &bytes, &mut wanted)?;
            }
            if wanted.is_unread() {
                return Ok(());
            }
            let opened = Opened {
                bytes,
                mode,
                is_program,
            };
            self.read(&path, opened, &wanted)
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
            let opened = Opened {
                bytes: FileBytes {
                    file: File::open(&on_disk)?,
                    size: metadata.len(),
                },
                mode: Mode(metadata.permissions().mode()),
                is_program: false,
            };
            self.read(path, opened, wanted)
        })();
        if let Err(error) = outcome {
            let error: io::Error = error;
            self.note_unreadable(path, &error);
        }
    }

    fn read(&self, path: &TargetPath, opened: Opened, wanted: &Wanted) -> io::Result<()> {
        let Opened {
            bytes,
            mode,
            is_program,
        } = opened;
        let size = bytes.size;
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
        (&bytes.file)
            .take(length.saturating_add(1))
            .read_to_end(&mut content)?;
        if amount.in_pieces || amount.at_places {
            let found = Found {
                path,
                layer: None,
                mode,
                size,
                content: &content,
            };
            return found.hand_out_places(&bytes, wanted, self.visitor);
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
}
