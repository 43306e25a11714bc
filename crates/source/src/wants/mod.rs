//! What readers want to see, compiled into one table, so that a file is looked up once however
//! many readers there are.

mod pattern;
mod program_names;
mod table;

pub use pattern::{LeftOut, Pattern};
pub(crate) use program_names::is_executable;

use program_names::{is_library_name, may_name_a_program};
use table::{Share, Table};

use crate::Mode;

/// A reader's place in the list that the table was compiled from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderIndex(pub u16);

/// All declarations of all readers, compiled.
#[derive(Debug, Default)]
pub struct Wants {
    files: Table,
    /// All readers that want programs of some kind.
    executables: Vec<ReaderIndex>,
    /// Those that want every program.
    every_executable: Vec<ReaderIndex>,
    /// Those that want programs with certain sections, and all of these sections.
    with_sections: Vec<ReaderIndex>,
    sections: Vec<&'static str>,
    /// Those that want programs with certain bytes in them.
    with_contents: Vec<(ReaderIndex, &'static [u8])>,
    /// The same for those that want them in pieces.
    with_contents_in_pieces: Vec<(ReaderIndex, &'static [u8])>,
    /// Those that want texts, also where they are hidden.
    of_texts: Vec<ReaderIndex>,
    named_executables: Vec<(ReaderIndex, &'static [&'static str])>,
    executable_heads: Vec<(ReaderIndex, u32)>,
}

/// Who wants what of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Readers of all its bytes.
    pub whole: Vec<ReaderIndex>,
    /// Readers of all its bytes, in pieces.
    pub pieces: Vec<ReaderIndex>,
    /// Readers that look into a program at places of their own.
    pub seeking: Vec<ReaderIndex>,
    /// Readers of its first bytes, and how many.
    pub heads: Vec<(ReaderIndex, u32)>,
    /// Readers of what it is as an archive.
    pub archive: Vec<ReaderIndex>,
}

impl Wanted {
    /// Whether nobody wants its bytes.
    pub fn is_unread(&self) -> bool {
        self.whole.is_empty()
            && self.pieces.is_empty()
            && self.seeking.is_empty()
            && self.heads.is_empty()
    }

    /// How many bytes from its start are wanted by those who do not want all.
    pub fn longest_head(&self) -> u32 {
        self.heads
            .iter()
            .map(|(_, length)| *length)
            .max()
            .unwrap_or(0)
    }

    /// Adds readers that look into it, and such that want it in pieces.
    pub(crate) fn add_readers(&mut self, seeking: &[ReaderIndex], pieces: &[ReaderIndex]) {
        self.seeking.extend(seeking);
        self.pieces.extend(pieces);
        self.settle();
    }

    fn add(&mut self, reader: ReaderIndex, share: Share) {
        match share {
            Share::Whole => self.whole.push(reader),
            Share::Head(length) => self.heads.push((reader, length)),
            Share::Archive => self.archive.push(reader),
        }
    }

    /// Each reader once: whoever wants all of it does not want its head as well.
    fn settle(&mut self) {
        self.whole.sort_unstable();
        self.whole.dedup();
        self.pieces.sort_unstable();
        self.pieces.dedup();
        self.archive.sort_unstable();
        self.archive.dedup();
        self.seeking.sort_unstable();
        self.seeking.dedup();
        self.seeking
            .retain(|reader| self.whole.binary_search(reader).is_err());
        if !self.heads.is_empty() {
            self.heads
                .sort_unstable_by_key(|&(reader, length)| (reader, std::cmp::Reverse(length)));
            self.heads.dedup_by_key(|(reader, _)| *reader);
            self.heads
                .retain(|(reader, _)| self.whole.binary_search(reader).is_err());
        }
    }
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
        for (index, patterns) in readers.into_iter().enumerate() {
            let reader = ReaderIndex(index as u16);
            for pattern in patterns {
                match pattern {
                    Pattern::Executable => {
                        wants.executables.push(reader);
                        wants.every_executable.push(reader);
                    }
                    Pattern::ExecutableWith(sections) => {
                        wants.executables.push(reader);
                        wants.with_sections.push(reader);
                        wants.sections.extend(*sections);
                    }
                    Pattern::ExecutableContaining(contents) => {
                        wants.executables.push(reader);
                        let contents = contents.iter().map(|bytes| (reader, *bytes));
                        wants.with_contents.extend(contents);
                    }
                    Pattern::ExecutableContainingInPieces(contents) => {
                        wants.executables.push(reader);
                        let contents = contents.iter().map(|bytes| (reader, *bytes));
                        wants.with_contents_in_pieces.extend(contents);
                    }
                    Pattern::ExecutableNamed(names) => {
                        wants.executables.push(reader);
                        wants.named_executables.push((reader, names));
                    }
                    Pattern::ExecutableHead(length) => {
                        wants.executables.push(reader);
                        wants.executable_heads.push((reader, *length));
                    }
                    Pattern::Head(inner, length) => {
                        wants.files.add(inner, reader, Share::Head(*length))?;
                    }
                    Pattern::TextsBut(_) => {
                        wants.of_texts.push(reader);
                        wants.files.add(pattern, reader, Share::Whole)?;
                    }
                    Pattern::Archive(inner) => wants.files.add(inner, reader, Share::Archive)?,
                    _ => wants.files.add(pattern, reader, Share::Whole)?,
                }
            }
        }
        wants.executables.dedup();
        Ok(wants)
    }

    /// Who wants a file by its path. Executables are asked for apart.
    pub fn by_path(&self, path: &str) -> Wanted {
        let mut wanted = Wanted::default();
        self.files.find(path, &mut wanted);
        wanted.settle();
        wanted
    }

    /// Takes those out who want a text whether it is hidden or not, and how many bytes of it.
    pub(crate) fn take_readers_of_texts(&self, wanted: &mut Wanted) -> (Vec<ReaderIndex>, u32) {
        if self.of_texts.is_empty() || wanted.heads.is_empty() {
            return (Vec::new(), 0);
        }
        let (texts, others): (Vec<_>, Vec<_>) = std::mem::take(&mut wanted.heads)
            .into_iter()
            .partition(|(reader, _)| self.of_texts.contains(reader));
        wanted.heads = others;
        let longest = texts.iter().map(|(_, length)| *length).max();
        let readers = texts.into_iter().map(|(reader, _)| reader).collect();
        (readers, longest.unwrap_or(0))
    }

    /// All who want texts.
    pub(crate) fn readers_of_texts(&self) -> &[ReaderIndex] {
        &self.of_texts
    }

    /// The readers that want programs, if this file may be one. Whoever opens the file must still
    /// look at its first bytes.
    pub fn by_mode(&self, path: &str, mode: Mode) -> &[ReaderIndex] {
        if !self.executables.is_empty() && (mode.is_executable() || is_library_name(path)) {
            &self.executables
        } else {
            &[]
        }
    }

    /// Adds the readers that want a program at this path, whatever is in it.
    pub fn add_programs(&self, path: &str, wanted: &mut Wanted) {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        wanted.whole.extend(&self.every_executable);
        let named = self.named_executables.iter();
        let named = named.filter(|(_, names)| names.iter().any(|wanted| is_named(name, wanted)));
        wanted.pieces.extend(named.map(|(reader, _)| *reader));
        wanted.heads.extend(&self.executable_heads);
        wanted.settle();
    }

    /// Adds the readers that want a program because of what is in it, where nobody looked: they
    /// see for themselves.
    pub(crate) fn add_undecided_programs(&self, wanted: &mut Wanted) {
        let with_contents = self.with_contents.iter().map(|(reader, _)| *reader);
        wanted.seeking.extend(with_contents);
        wanted.seeking.extend(&self.with_sections);
        let in_pieces = self.with_contents_in_pieces.iter();
        wanted.pieces.extend(in_pieces.map(|(reader, _)| *reader));
        wanted.settle();
    }

    /// Whether there are readers that want a program because of what is in it.
    pub(crate) fn asks_for_contents(&self) -> bool {
        !self.sections.is_empty()
            || !self.with_contents.is_empty()
            || !self.with_contents_in_pieces.is_empty()
    }

    /// Sections that make a program wanted.
    pub(crate) fn program_sections(&self) -> &[&'static str] {
        &self.sections
    }

    /// The readers of programs that have one of these sections.
    pub(crate) fn readers_of_sections(&self) -> &[ReaderIndex] {
        &self.with_sections
    }

    /// Bytes that make a program wanted, and by whom.
    pub(crate) fn program_contents(&self) -> &[(ReaderIndex, &'static [u8])] {
        &self.with_contents
    }

    /// The same for those that want it in pieces.
    pub(crate) fn program_contents_in_pieces(&self) -> &[(ReaderIndex, &'static [u8])] {
        &self.with_contents_in_pieces
    }

    /// Whether a file's name alone rules out that it is a program, so that its mode need not be
    /// asked for.
    pub fn may_be_executable(&self, path: &str) -> bool {
        !self.executables.is_empty() && may_name_a_program(path)
    }
}

/// Whether a file is called so; what ends with `*` is the beginning of a name.
fn is_named(name: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_of_characters_are_found_in_any_case() {
        const NAMES: &[Pattern] = &[
            Pattern::Glob("docs/[sS][eE][cC]*"),
            Pattern::Glob("*[lL][iI][cC][eE][nN]*"),
        ];
        let wants = Wants::compile([NAMES]).unwrap();
        for path in [
            "docs/Security.md",
            "docs/SECURITY",
            "LICENSE",
            "MIT-licence",
        ] {
            assert_eq!(wants.by_path(path).whole, [ReaderIndex(0)], "{path}");
        }
        for path in ["Security.md", "docs/index.md", "src/LICENSE"] {
            assert!(wants.by_path(path).whole.is_empty(), "{path}");
        }
    }

    #[test]
    fn all_but_what_is_left_out_is_found() {
        const LEFT_OUT: LeftOut = LeftOut {
            folders: &["node_modules"],
            root_folders: &["usr/share"],
            endings: &["png"],
            names: &["yarn.lock"],
            most: 100,
        };
        let wants = Wants::compile([&[Pattern::TextsBut(&LEFT_OUT)][..]]).unwrap();
        let is_wanted = |path: &str| !wants.by_path(path).heads.is_empty();
        for path in [
            "a",
            ".env",
            "src/x.PNG.txt",
            "app/usr/share/x",
            "usr/shared/x",
        ] {
            assert!(is_wanted(path), "{path}");
        }
        for path in [
            "x.PNG",
            "a/node_modules/b/c",
            "usr/share/x",
            "a/yarn.lock",
            "x.zip!/a",
        ] {
            assert!(!is_wanted(path), "{path}");
        }
    }

    #[test]
    fn every_kind_of_pattern_is_found() {
        let wants = Wants::compile([
            &[Pattern::Path("a/b"), Pattern::Name("x.json")][..],
            &[Pattern::Suffix(".dist-info/METADATA"), Pattern::Executable][..],
            &[Pattern::Glob("var/*/info/*.list")][..],
        ])
        .unwrap();
        let whole = |path: &str| wants.by_path(path).whole;
        assert_eq!(whole("a/b"), [ReaderIndex(0)]);
        assert_eq!(whole("deep/in/x.json"), [ReaderIndex(0)]);
        assert_eq!(whole("lib/site/a.dist-info/METADATA"), [ReaderIndex(1)]);
        assert_eq!(whole("var/lib/info/x.list"), [ReaderIndex(2)]);
        assert!(whole("var/lib/info/deep/x.list").is_empty());
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
    fn globs_and_suffixes_are_found_however_they_end() {
        let finds = |pattern: Pattern, path: &str| {
            let patterns = [pattern];
            let wants = Wants::compile([&patterns[..]]).unwrap();
            !wants.by_path(path).whole.is_empty()
        };
        for (glob, path, other) in [
            ("**/requirements*.txt", "requirements-dev.txt", "dev.txt"),
            ("**/requirements/*.txt", "a/requirements/x.txt", "a/x.txt"),
            ("info/*.{list,md5sums}", "info/x.md5sums", "info/x.md5"),
            (
                "usr/share/doc/*/copyright",
                "usr/share/doc/a/copyright",
                "a/copyright",
            ),
            ("status.d/*", "status.d/base", "status.d/a/b"),
            ("**/Makefile", "Makefile", "xMakefile"),
            ("**/Dockerfile*", "a/Dockerfile.dev", "a/dockerfile"),
            (
                "boot/vmlinuz-?.[0-9]",
                "boot/vmlinuz-6.1",
                "boot/vmlinuz-6.x",
            ),
            ("*.tar.gz", "x.tar.gz", "a/x.tar.gz"),
            ("{a,b}", "a", "c"),
        ] {
            assert!(finds(Pattern::Glob(glob), path), "{glob} {path}");
            assert!(!finds(Pattern::Glob(glob), other), "{glob} {other}");
        }
        for (suffix, path, other) in [
            (
                "requirements.txt",
                "a/dev-requirements.txt",
                "requirements.txt.old",
            ),
            ("/lib/x", "usr/lib/x", "usr/lib/xx"),
            ("lib/x", "usr/mylib/x", "usr/lib/y"),
            ("file", "a/Makefile", "a/files"),
            (".csproj", "a/App.csproj", "a/App.csproj/x"),
            (".", "a.", "a.b"),
        ] {
            assert!(finds(Pattern::Suffix(suffix), path), "{suffix} {path}");
            assert!(!finds(Pattern::Suffix(suffix), other), "{suffix} {other}");
        }
    }

    #[test]
    fn heads_and_archives_are_told_apart_from_whole_files() {
        let wants = Wants::compile([
            &[Pattern::Head(&Pattern::Suffix(".gguf"), 100)][..],
            &[
                Pattern::Head(&Pattern::Suffix(".gguf"), 200),
                Pattern::Name("tiny.gguf"),
            ][..],
            &[Pattern::Archive(&Pattern::Suffix(".jar"))][..],
        ])
        .unwrap();
        let model = wants.by_path("models/a.gguf");
        assert_eq!(model.heads, [(ReaderIndex(0), 100), (ReaderIndex(1), 200)]);
        assert_eq!((model.whole.len(), model.longest_head()), (0, 200));
        let tiny = wants.by_path("tiny.gguf");
        assert_eq!(tiny.whole, [ReaderIndex(1)]);
        assert_eq!(tiny.heads, [(ReaderIndex(0), 100)]);
        let jar = wants.by_path("lib/a.jar");
        assert_eq!(jar.archive, [ReaderIndex(2)]);
        assert!(jar.is_unread());
    }

    #[test]
    fn programs_are_handed_out_by_name_by_section_and_by_their_beginning() {
        let wants = Wants::compile([
            &[Pattern::ExecutableNamed(&["curl", "libssl.so*"])][..],
            &[Pattern::ExecutableWith(&[".x"])][..],
            &[Pattern::ExecutableHead(64)][..],
            &[Pattern::ExecutableContaining(&[b"needle"])][..],
        ])
        .unwrap();
        let wanted = |path: &str, content: &[u8]| {
            let mut wanted = Wanted::default();
            wants.add_programs(path, &mut wanted);
            crate::programs::judge_content(&wants, content, &mut wanted);
            assert_eq!(wanted.heads, [(ReaderIndex(2), 64)]);
            (wanted.pieces, wanted.seeking)
        };
        // An ELF file without a table of sections may have any.
        let unknown = b"\x7fELF";
        assert_eq!(
            wanted("bin/curl", unknown),
            (vec![ReaderIndex(0)], vec![ReaderIndex(1)])
        );
        assert_eq!(wanted("bin/curlx", unknown), (vec![], vec![ReaderIndex(1)]));
        assert_eq!(
            wanted("bin/curlx", b"\x7fELF with needle"),
            (vec![], vec![ReaderIndex(1), ReaderIndex(3)])
        );
    }
}
