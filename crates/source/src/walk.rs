//! Walks a folder and all folders in it, on all cores.
//!
//! Whichever thread is free takes the next folder and looks at all that lies in it. Whatever lies in a
//! folder is named in one buffer, so that a file that nobody wants costs little more than the system
//! takes to tell of it. Links are never followed. What is wanted is not decided here.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Something that lies in the folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met<'a> {
    /// Where it is on the disk.
    pub(crate) on_disk: &'a Path,
    /// Its path from the folder on.
    pub(crate) inside: &'a [u8],
    /// A file, a folder, a link, or none of these.
    pub(crate) kind: FileType,
    /// How many folders deep it lies; what is right in the folder is at 1.
    pub(crate) depth: usize,
}

impl<'a> Met<'a> {
    /// Its name.
    pub(crate) fn name(&self) -> &'a [u8] {
        let (_, name) = split(self.inside);
        name
    }

    /// The name of the folder that it lies in; nothing for what is right in the folder.
    pub(crate) fn folder_name(&self) -> &'a [u8] {
        let (folder, _) = split(self.inside);
        let (_, name) = split(folder);
        name
    }
}

fn split(path: &[u8]) -> (&[u8], &[u8]) {
    memchr::memrchr(b'/', path).map_or((&[][..], path), |slash| {
        (
            path.get(..slash).unwrap_or_default(),
            path.get(slash + 1..).unwrap_or_default(),
        )
    })
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Go on. A folder is not entered.
    Pass,
    /// Look at what lies in this folder as well.
    Enter,
    /// Look at nothing more.
    Stop,
}

/// Whoever looks at what a walk comes to, from several threads and in any order.
pub(crate) trait Walker: Sync {
    /// Looks at something.
    fn meet(&self, met: Met<'_>) -> Next;

    /// A folder, or the rest of it, can not be read.
    fn fail(&self, inside: &[u8], error: &io::Error);
}

/// Walks the folder `root`, which itself is not looked at.
pub(crate) fn walk(root: &Path, walker: &dyn Walker) {
    let mut path = root.as_os_str().as_bytes().to_vec();
    if path.last() != Some(&b'/') {
        path.push(b'/');
    }
    let queue = Queue {
        state: Mutex::new(State {
            waiting: vec![Folder { path, depth: 0 }],
            ..State::default()
        }),
        changed: Condvar::new(),
    };
    let mut start = root.as_os_str().len();
    if !root.as_os_str().as_bytes().ends_with(b"/") {
        start += 1;
    }
    let work = || {
        while let Some((folder, turn)) = queue.take() {
            turn.end(look_into(folder, start, walker));
        }
    };
    let threads = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
}

/// A folder to be looked into. Its path ends with a slash.
#[derive(Debug)]
struct Folder {
    path: Vec<u8>,
    depth: usize,
}

/// The folders that wait.
#[derive(Debug)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The last is taken first, so that no more wait than there are in the folders on one way.
    waiting: Vec<Folder>,
    /// How many threads look into a folder, and may find more.
    busy: usize,
    /// How many wait for one.
    idle: usize,
    is_stopped: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next folder; nothing once there will be none.
    fn take(&self) -> Option<(Folder, Turn<'_>)> {
        let mut state = self.lock();
        loop {
            if state.is_stopped {
                return None;
            }
            if let Some(folder) = state.waiting.pop() {
                state.busy += 1;
                return Some((folder, Turn(self)));
            }
            if state.busy == 0 {
                return None;
            }
            state.idle += 1;
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}

/// A thread looks into a folder. However that ends, the others do not wait for it.
struct Turn<'q>(&'q Queue);

impl Turn<'_> {
    fn end(self, found: Option<Vec<Folder>>) {
        let mut state = self.0.lock();
        match found {
            Some(mut found) => state.waiting.append(&mut found),
            None => state.is_stopped = true,
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.busy -= 1;
        if state.idle > 0 {
            self.0.changed.notify_all();
        }
    }
}

/// Looks at all that lies in a folder, and gives the folders in it that are to be entered. Nothing if
/// the walk has ended.
fn look_into(folder: Folder, start: usize, walker: &dyn Walker) -> Option<Vec<Folder>> {
    let Folder { mut path, depth } = folder;
    let length = path.len();
    let mut found = Vec::new();
    let fail = |path: &[u8], error: &io::Error| {
        let inside = path.get(start..).unwrap_or_default();
        walker.fail(inside.strip_suffix(b"/").unwrap_or(inside), error);
    };
    let entries = match fs::read_dir(OsStr::from_bytes(&path)) {
        Ok(entries) => entries,
        Err(error) => {
            fail(&path, &error);
            return Some(found);
        }
    };
    for entry in entries {
        path.truncate(length);
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                fail(&path, &error);
                continue;
            }
        };
        path.append(&mut entry.file_name().into_vec());
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                fail(&path, &error);
                continue;
            }
        };
        let met = Met {
            on_disk: Path::new(OsStr::from_bytes(&path)),
            inside: path.get(start..).unwrap_or_default(),
            kind,
            depth: depth + 1,
        };
        match walker.meet(met) {
            Next::Pass => {}
            Next::Enter => {
                let mut path = path.clone();
                path.push(b'/');
                found.push(Folder {
                    path,
                    depth: depth + 1,
                });
            }
            Next::Stop => return None,
        }
    }
    Some(found)
}
