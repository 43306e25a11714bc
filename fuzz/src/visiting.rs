//! Opening a file as a target and reading all of it, with limits so small that the fuzzer comes
//! to them.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use linchpin_source::{
    Archives, Entry, Limits, Pattern, Platform, ReaderIndex, Source, SourceOptions, Visitor, Wants,
    open,
};

/// A temporary file of this ending with this content.
pub fn file_ending(ending: &str, content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new()
        .suffix(ending)
        .tempfile()
        .expect("a temporary file can be made");
    file.write_all(content)
        .expect("a temporary file can be written");
    file
}

/// A temporary file with this content.
pub fn file_with(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(content)
        .expect("a temporary file can be written");
    file
}

/// Opens a target and reads every file in it, within the limits.
pub fn open_and_visit(target: &str) {
    if let Ok(source) = open(target, options()) {
        visit(source.as_ref());
    }
}

/// Small limits, and a platform that does not depend on the machine.
pub fn options() -> SourceOptions {
    let limits = Limits {
        file_bytes: 1 << 16,
        executable_bytes: 1 << 16,
        entries: 1000,
        unpacked_bytes: 1 << 22,
        ratio: 100,
        ratio_starts_at: 1 << 20,
        path_bytes: 512,
        depth: 20,
        layers: 5,
        document_bytes: 1 << 16,
        archive_depth: 3,
        archive_bytes: 1 << 20,
        archive_ratio: 50,
        spooled_bytes: 1 << 20,
        notes: 5,
    };
    SourceOptions {
        limits,
        archives: Archives::All,
        platform: Some(Platform {
            os: "linux".to_owned(),
            architecture: "amd64".to_owned(),
            variant: None,
        }),
        ..SourceOptions::default()
    }
}

/// Reads every file of a target that was opened with those options.
pub fn visit(source: &dyn Source) {
    let limits = options().limits;
    let wants =
        Wants::compile([&[Pattern::Glob("**"), Pattern::Executable][..]]).expect("the glob is one");
    let counting = Counting::default();
    if let Ok(visited) = source.visit(&wants, &counting) {
        assert!(visited.entries <= limits.entries + 1);
        for (path, _) in visited.superseded {
            let _ = visited.tree.resolve(&path);
        }
        let paths = counting
            .paths
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for path in paths {
            let _ = visited.tree.exists(&path);
            if let Some(resolved) = visited.tree.resolve(&path) {
                assert!(visited.tree.exists(&resolved), "{path} leads to {resolved}");
            }
        }
    }
    assert!(counting.largest.into_inner() <= 1 << 16);
}

/// Reads a folder that holds one program, as a reader does that wants programs with a certain
/// section. What is handed out must be all of it.
pub fn visit_program(program: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("program.so"), program)
        .expect("a temporary file can be written");
    let target = folder.path().display().to_string();
    let source = open(&target, SourceOptions::default()).expect("a folder can be opened");
    let patterns = [Pattern::ExecutableWith(&[".dep-v0", ".go.buildinfo"])];
    let wants = Wants::compile([&patterns[..]]).expect("there is no glob");
    let counting = Counting::default();
    source
        .visit(&wants, &counting)
        .expect("a folder can be read");
    let largest = counting.largest.into_inner();
    assert!(largest == 0 || largest == program.len());
}

/// Takes all files and looks at their sizes alone.
#[derive(Default)]
struct Counting {
    largest: AtomicUsize,
    paths: std::sync::Mutex<Vec<linchpin_model::TargetPath>>,
}

impl Visitor for Counting {
    fn visit(&self, entry: &Entry<'_>, _: &[ReaderIndex]) {
        self.largest
            .fetch_max(entry.content.len(), Ordering::Relaxed);
        self.paths
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(entry.path.clone());
    }
}
