//! What readers want to see, compiled into one table, so that a file is looked up once however
//! many readers there are.

use std::collections::HashMap;
use std::fs::File;
use std::io;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::{Mode, program_sections};

/// A declaration of wanted files. Paths are relative to the root of the target, without a
/// leading slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// The file at exactly this path: `var/lib/dpkg/status`.
    Path(&'static str),
    /// Files with this name in any folder: `package-lock.json`.
    Name(&'static str),
    /// Files whose path ends so: `.dist-info/METADATA`. The text must hold the file's whole name,
    /// or the end of it.
    Suffix(&'static str),
    /// Files that a glob matches; `*` stays within a folder, `**` does not:
    /// `var/lib/dpkg/info/*.list`.
    Glob(&'static str),
    /// Programs and libraries: executable files, or files named like a shared library, whose
    /// first bytes say ELF, Mach-O or PE.
    Executable,
    /// The same, but an ELF file whose section table names none of these sections may be left out:
    /// `.go.buildinfo`. Other files are handed out still.
    ExecutableWith(&'static [&'static str]),
}

/// A reader's place in the list that the table was compiled from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderIndex(pub u16);

/// All declarations of all readers, compiled.
#[derive(Debug, Default)]
pub struct Wants {
    paths: HashMap<&'static str, Vec<ReaderIndex>>,
    names: HashMap<&'static str, Vec<ReaderIndex>>,
    suffixes: Vec<(&'static str, ReaderIndex)>,
    globs: GlobSet,
    glob_readers: Vec<ReaderIndex>,
    executables: Vec<ReaderIndex>,
    /// The sections that make a program worth reading; every program is where a reader names none.
    sections: Vec<&'static str>,
    every_executable: bool,
}

impl Wants {
    /// Compiles the declarations of the readers, each a list of patterns.
    ///
    /// # Errors
    /// If a glob can not be parsed: a mistake in a reader's declaration.
    pub fn compile<'a>(
        readers: impl IntoIterator<Item = &'a [Pattern]>,
    ) -> Result<Self, globset::Error> {
        let mut wants = Self::default();
        let mut globs = GlobSetBuilder::new();
        for (index, patterns) in readers.into_iter().enumerate() {
            let reader = ReaderIndex(index as u16);
            for pattern in patterns {
                match *pattern {
                    Pattern::Path(path) => wants.paths.entry(path).or_default().push(reader),
                    Pattern::Name(name) => wants.names.entry(name).or_default().push(reader),
                    Pattern::Suffix(suffix) => wants.suffixes.push((suffix, reader)),
                    Pattern::Executable => {
                        wants.executables.push(reader);
                        wants.every_executable = true;
                    }
                    Pattern::ExecutableWith(sections) => {
                        wants.executables.push(reader);
                        wants.sections.extend(sections);
                    }
                    Pattern::Glob(glob) => {
                        globs.add(GlobBuilder::new(glob).literal_separator(true).build()?);
                        wants.glob_readers.push(reader);
                    }
                }
            }
        }
        wants.globs = globs.build()?;
        Ok(wants)
    }

    /// The readers that want a file by its path, without doubles. Executables are asked for apart.
    pub fn by_path(&self, path: &str) -> Vec<ReaderIndex> {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        let mut readers = Vec::new();
        readers.extend(self.paths.get(path).into_iter().flatten());
        readers.extend(self.names.get(name).into_iter().flatten());
        readers.extend(
            self.suffixes
                .iter()
                .filter(|(suffix, _)| path.ends_with(suffix))
                .map(|(_, reader)| *reader),
        );
        if !self.glob_readers.is_empty() {
            readers.extend(
                self.globs
                    .matches(path)
                    .into_iter()
                    .map(|index| self.glob_readers[index]),
            );
        }
        readers.sort_unstable();
        readers.dedup();
        readers
    }

    /// The readers that want programs, if this file may be one. Whoever opens the file must still
    /// look at its first bytes: [`is_executable`].
    pub fn by_mode(&self, path: &str, mode: Mode) -> &[ReaderIndex] {
        if !self.executables.is_empty() && (mode.is_executable() || is_library_name(path)) {
            &self.executables
        } else {
            &[]
        }
    }

    /// Whether a program on disk is worth reading whole, as far as its section table can tell.
    pub(crate) fn is_worth_reading(&self, program: &mut File) -> io::Result<bool> {
        if self.every_executable {
            return Ok(true);
        }
        Ok(program_sections::has_one_of(program, &self.sections)? != Some(false))
    }

    /// Whether a file's name alone rules out that it is a program, so that its mode need not be
    /// asked for.
    pub fn may_be_executable(&self, path: &str) -> bool {
        !self.executables.is_empty() && may_name_a_program(path)
    }
}

/// Whether these are the first bytes of an ELF, Mach-O or PE file.
pub(crate) fn is_executable(start: &[u8]) -> bool {
    matches!(
        start,
        [0x7f, b'E', b'L', b'F', ..]
            | [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..]
            | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..]
            | [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0..=20, ..]
            | [b'M', b'Z', ..]
    )
}

fn is_library_name(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let ending = |wanted: &str| {
        name.rsplit_once('.')
            .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case(wanted))
    };
    name.contains(".so.")
        || ["so", "dll", "dylib", "node", "exe"]
            .into_iter()
            .any(ending)
}

/// Endings of files that are never programs, whatever their mode says. Installed projects are
/// made of tens of thousands of these.
fn may_name_a_program(path: &str) -> bool {
    const NEVER: &[&str] = &[
        "c", "cc", "cjs", "conf", "cpp", "css", "csv", "cts", "d", "flow", "gif", "gz", "h", "hpp",
        "htm", "html", "ico", "jpg", "js", "json", "json5", "jsx", "less", "lock", "map",
        "markdown", "md", "mjs", "mo", "mts", "pem", "pl", "pm", "png", "po", "ps1", "py", "pyc",
        "pyi", "pyx", "rb", "rs", "rst", "scss", "sh", "snap", "svg", "toml", "ts", "tsx", "ttf",
        "txt", "typed", "vue", "wasm", "woff", "woff2", "xml", "yaml", "yml", "zip",
    ];
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    match name.rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 8 => {
            let lower = ending.to_ascii_lowercase();
            NEVER.binary_search(&lower.as_str()).is_err()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_pattern_is_found() {
        let wants = Wants::compile([
            &[Pattern::Path("a/b"), Pattern::Name("x.json")][..],
            &[Pattern::Suffix(".dist-info/METADATA"), Pattern::Executable][..],
            &[Pattern::Glob("var/*/info/*.list")][..],
        ])
        .unwrap();
        assert_eq!(wants.by_path("a/b"), [ReaderIndex(0)]);
        assert_eq!(wants.by_path("deep/in/x.json"), [ReaderIndex(0)]);
        assert_eq!(
            wants.by_path("lib/site/a.dist-info/METADATA"),
            [ReaderIndex(1)]
        );
        assert_eq!(wants.by_path("var/lib/info/x.list"), [ReaderIndex(2)]);
        assert!(wants.by_path("var/lib/info/deep/x.list").is_empty());
        assert_eq!(wants.by_mode("bin/tool", Mode(0o755)), [ReaderIndex(1)]);
        assert_eq!(
            wants.by_mode("lib/libx.so.1", Mode(0o644)),
            [ReaderIndex(1)]
        );
        assert!(wants.by_mode("README", Mode(0o644)).is_empty());
        assert!(!wants.may_be_executable("a/index.js"));
        assert!(wants.may_be_executable("usr/bin/python3.11"));
    }

    #[test]
    fn the_list_of_endings_is_sorted() {
        assert!(
            !may_name_a_program("x.c")
                && !may_name_a_program("x.zip")
                && !may_name_a_program("x.mts")
        );
    }
}
