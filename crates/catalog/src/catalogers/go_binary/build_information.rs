//! The build information that the Go linker embeds, as `go version -m` prints it:
//! <https://pkg.go.dev/debug/buildinfo>, <https://pkg.go.dev/runtime/debug#BuildInfo>.
//!
//! It lies in a section of its own, or at the start of the program's data. Since Go 1.18 the
//! texts follow the header; before, the header held addresses of Go strings.

use crate::executable_files::Executable;

/// How the header begins.
const MAGIC: &[u8] = b"\xff Go buildinf:";
/// The header's length, and what its place is a multiple of.
const HEADER: usize = 32;
const ALIGNMENT: usize = 16;

/// How far the data of a program without the section are searched.
const SEARCHED: usize = 1 << 20;
/// Longest text that is taken; real ones have some tens of thousands of bytes.
const MOST_BYTES: u64 = 8 << 20;
/// Both texts with their lengths.
const BOTH_TEXTS: u64 = 2 * (MOST_BYTES + 10);

/// What a Go program says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::catalogers) struct BuildInformation {
    /// The version of Go: `go1.21.3`.
    pub(super) go_version: String,
    /// The import path of the main package.
    pub(super) path: Option<String>,
    pub(super) main: Option<Module>,
    pub(super) dependencies: Vec<Module>,
}

/// A module. A replacement stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) path: String,
    /// Nothing for `(devel)`: it was built in its working folder.
    pub(super) version: Option<String>,
}

/// Why a program that has build information does not give it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum Unreadable {
    #[error("its Go build information is cut off or damaged")]
    Damaged,
}

/// Reads the build information of a program; nothing if it was not made by Go.
pub(super) fn of(executable: &Executable<'_>) -> Result<Option<BuildInformation>, Unreadable> {
    let Some(header) = find_header(executable) else {
        return Ok(None);
    };
    let (version, modules) = texts(executable, header).ok_or(Unreadable::Damaged)?;
    if version.is_empty() {
        return Ok(None);
    }
    let mut information = parse_modules(&String::from_utf8_lossy(without_sentinels(modules)));
    information.go_version = String::from_utf8_lossy(version).into_owned();
    Ok(Some(information))
}

fn find_header<'a>(executable: &Executable<'a>) -> Option<&'a [u8]> {
    let section = [".go.buildinfo", "__go_buildinfo"]
        .into_iter()
        .find_map(|name| executable.section(name));
    match section {
        Some(section) => find_magic(section),
        None => executable.data_segments().find_map(|segment| {
            let searched = segment.up_to(0, (SEARCHED + HEADER) as u64)?;
            let at = searched.len() - find_magic(searched)?.len();
            segment.up_to(at as u64, HEADER as u64 + BOTH_TEXTS)
        }),
    }
}

/// The bytes from the header on.
fn find_magic(data: &[u8]) -> Option<&[u8]> {
    let at = data
        .chunks(ALIGNMENT)
        .take(SEARCHED / ALIGNMENT)
        .position(|chunk| chunk.starts_with(MAGIC))?;
    data.get(at * ALIGNMENT..)
        .filter(|rest| rest.len() >= HEADER)
}

/// The version of Go and the text of the modules.
fn texts<'a>(executable: &Executable<'a>, header: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (pointer_size, flags) = (*header.get(14)?, *header.get(15)?);
    if flags & 2 != 0 {
        let (version, rest) = counted_text(header.get(HEADER..)?)?;
        let (modules, _) = counted_text(rest)?;
        return Some((version, modules));
    }
    let pointers = Pointers {
        size: match pointer_size {
            4 => 4,
            8 => 8,
            _ => return None,
        },
        is_big_endian: flags & 1 != 0,
    };
    let version = pointers.read(header.get(16..)?)?;
    let modules = pointers.read(header.get(16 + pointers.size..)?)?;
    Some((
        pointers.go_string(executable, version)?,
        // Programs that were built without modules have no such text.
        pointers.go_string(executable, modules).unwrap_or_default(),
    ))
}

/// A text behind its length, and what follows it.
fn counted_text(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, data) = unsigned_varint(data)?;
    if length > MOST_BYTES {
        return None;
    }
    data.split_at_checked(usize::try_from(length).ok()?)
}

/// As in `encoding/binary`: seven bits a byte, lowest first.
fn unsigned_varint(data: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (index, byte) in data.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, data.get(index + 1..)?));
        }
    }
    None
}

/// How the older form writes addresses.
struct Pointers {
    size: usize,
    is_big_endian: bool,
}

impl Pointers {
    fn read(&self, data: &[u8]) -> Option<u64> {
        let bytes = data.get(..self.size)?;
        let add = |value: u64, byte: &u8| (value << 8) | u64::from(*byte);
        Some(if self.is_big_endian {
            bytes.iter().fold(0, add)
        } else {
            bytes.iter().rev().fold(0, add)
        })
    }

    /// The text of a Go string: an address and a length.
    fn go_string<'a>(&self, executable: &Executable<'a>, address: u64) -> Option<&'a [u8]> {
        let header = executable.at_address(address, 2 * self.size as u64)?;
        let start = self.read(header)?;
        let length = self.read(header.get(self.size..)?)?;
        if length > MOST_BYTES {
            return None;
        }
        executable.at_address(start, length)
    }
}

/// The text of the modules lies between two markers of 16 bytes.
fn without_sentinels(text: &[u8]) -> &[u8] {
    match text.len().checked_sub(17).and_then(|at| text.get(at)) {
        Some(b'\n') if text.len() >= 33 => text.get(16..text.len() - 16).unwrap_or_default(),
        _ => &[],
    }
}

/// Lines of `path`, `mod`, `dep` and `=>`, their parts set apart by tabs.
fn parse_modules(text: &str) -> BuildInformation {
    /// What a line `=>` replaces.
    enum Last {
        Nothing,
        Main,
        Dependency,
    }
    let mut information = BuildInformation::default();
    let mut last = Last::Nothing;
    for line in text.lines() {
        let mut parts = line.split('\t');
        let (word, path, version) = (parts.next(), parts.next(), parts.next());
        let (Some(word), Some(path)) = (word, path.filter(|path| !path.is_empty())) else {
            continue;
        };
        let module = || Module {
            path: path.to_owned(),
            version: version
                .filter(|version| !matches!(*version, "" | "(devel)"))
                .map(str::to_owned),
        };
        match word {
            "path" => information.path = Some(path.to_owned()),
            "mod" => {
                information.main = Some(module());
                last = Last::Main;
            }
            "dep" => {
                information.dependencies.push(module());
                last = Last::Dependency;
            }
            "=>" => match last {
                Last::Main => information.main = Some(replaced(information.main, module())),
                Last::Dependency => {
                    if let Some(dependency) = information.dependencies.pop() {
                        let replacement = replaced(Some(dependency), module());
                        information.dependencies.push(replacement);
                    }
                }
                Last::Nothing => {}
            },
            // Settings of the build.
            _ => {}
        }
    }
    information
}

/// The module that was really used. A folder in its place has no name that others know it by, so
/// that the module keeps its own, and the version says nothing any more.
fn replaced(original: Option<Module>, replacement: Module) -> Module {
    match original {
        Some(original)
            if replacement.path.starts_with(['.', '/']) || replacement.version.is_none() =>
        {
            Module {
                path: original.path,
                version: None,
            }
        }
        _ => replacement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_replacements_are_read() {
        let text = "path\tmodules.example/app/cmd\nmod\tmodules.example/app\t(devel)\t\n\
            dep\tmodules.example/a\tv1.0.0\th1:x=\n\
            dep\tmodules.example/b\tv1.0.0\n=>\tmodules.example/fork\tv1.1.0\th1:y=\n\
            dep\tmodules.example/c\tv1.0.0\n=>\t./c\t(devel)\t\n\
            build\t-compiler=gc\nnonsense\n\t\n";
        let information = parse_modules(text);
        let module = |path: &str, version: Option<&str>| Module {
            path: path.to_owned(),
            version: version.map(str::to_owned),
        };
        assert_eq!(information.main, Some(module("modules.example/app", None)));
        assert_eq!(
            information.dependencies,
            [
                module("modules.example/a", Some("v1.0.0")),
                module("modules.example/fork", Some("v1.1.0")),
                module("modules.example/c", None),
            ]
        );
    }

    #[test]
    fn lengths_are_read_with_care() {
        assert_eq!(unsigned_varint(&[0xac, 0x02, 9]), Some((300, &[9][..])));
        assert_eq!(unsigned_varint(&[0xff; 20]), None);
        assert_eq!(unsigned_varint(&[]), None);
        assert_eq!(counted_text(&[5, 1]), None);
        assert_eq!(without_sentinels(b"short\n"), b"");
    }
}
