//! What a reader may say that it wants.

/// A declaration of wanted files. Paths are relative to the root of the target, without a
/// leading slash.
///
/// Files inside archives have paths such as `lib/app.war!/WEB-INF/lib/x.jar!/META-INF/MANIFEST.MF`
/// and are found by the same patterns: a name and a suffix hold inside every archive, a path and a
/// glob that begins with a folder hold from the root of the target. A file of the control archive
/// of a Debian package is at `x.deb!/DEBIAN/control`.
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
    /// Programs and libraries to look into: an ELF file whose section table names none of these
    /// sections may be left out: `.go.buildinfo`. Other files are handed out still. A large one is not
    /// kept: its reader gets [`Entry::bytes`](crate::Entry).
    ExecutableWith(&'static [&'static str]),
    /// The same, but only those that hold one of these stretches of bytes:
    /// `b"/registry/src/"`. In an ELF file with a table of sections, they are looked for in its
    /// data, not in its code.
    ExecutableContaining(&'static [&'static [u8]]),
    /// The same, in [pieces](crate::PieceReader), which need not be read twice in a layer. Of a
    /// program in a layer the first piece is the first one that holds one of the stretches.
    ExecutableContainingInPieces(&'static [&'static [u8]]),
    /// Programs and libraries of certain names, in [pieces](crate::PieceReader), so that they are
    /// never kept whole. A name that ends with `*` is the beginning of one: `libssl.so*`.
    ExecutableNamed(&'static [&'static str]),
    /// No more than the first bytes of all programs and libraries.
    ExecutableHead(u32),
    /// No more than the first bytes of the files that the inner pattern (a path, name, suffix or
    /// glob) finds, however large they are: `Head(&Pattern::Suffix(".gguf"), 1 << 20)`. What the
    /// reader gets is in [`Entry::content`](crate::Entry), the whole length in `size`.
    Head(&'static Pattern, u32),
    /// The same, but of plain files alone: a link at such a path is not followed. For what only adds
    /// to what is known otherwise and is not worth reading a layer again.
    PlainHead(&'static Pattern, u32),
    /// The archives that the inner pattern finds, once they were opened, as a whole: the reader
    /// gets no content but [`Entry::archive`](crate::Entry) with digests and the list of members.
    /// Of a file that was not opened as an archive the reader hears nothing.
    Archive(&'static Pattern),
    /// The first bytes of every text but those that are left out by name. What lies in the layers of
    /// an image is handed out whether a higher layer hides it or not, and what an image is started
    /// with as the file [`IMAGE_CONFIGURATION`](crate::IMAGE_CONFIGURATION). Other files than texts,
    /// which have a zero byte near their beginning, may be left out.
    TextsBut(&'static LeftOut),
}

/// What a reader of nearly everything leaves out, by names alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeftOut {
    /// Names of folders: whatever lies in one, however deep, is left out.
    pub folders: &'static [&'static str],
    /// Folders at the root of the target, such as `usr/share`.
    pub root_folders: &'static [&'static str],
    /// What follows the last dot of a name, in lower case.
    pub endings: &'static [&'static str],
    /// Names of files.
    pub names: &'static [&'static str],
    /// How many bytes from its beginning are read of a file.
    pub most: u32,
}
