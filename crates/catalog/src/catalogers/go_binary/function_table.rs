//! The table of functions in a Go program (`pclntab`), as far as names are concerned:
//! <https://go.dev/src/runtime/symtab.go>, <https://go.dev/src/cmd/link/internal/ld/pcln.go>.
//!
//! The runtime needs it for stack traces, so it is there in stripped programs too. Since Go 1.16 the
//! names stand together, ended by zero bytes; among them are those of functions that were inlined
//! everywhere, because traces show these as well. Programs of older versions are not read: the
//! names of inlined functions lie elsewhere in them.
//!
//! What is not understood is no table, and then nothing is ever said to be absent.

use std::io::{self, BufRead, Read};

use linchpin_model::{FunctionNames, FunctionNamesBuilder};
use memchr::memmem;

use crate::executable_files::Executable;
use crate::program_bytes::ProgramData;

/// The sections that hold it: ELF, ELF of position-independent programs, Mach-O.
const SECTIONS: [&str; 3] = [".gopclntab", ".data.rel.ro.gopclntab", "__gopclntab"];

/// The most names that are taken; the largest known programs have under a million.
const MOST_NAMES: usize = 4_000_000;
/// The longest name that is taken.
const LONGEST: usize = 64 << 10;
/// What is searched at a time.
const PORTION: u64 = 1 << 20;
/// The fixed head of a table and the words behind it.
const LONGEST_HEAD: u64 = 8 + 8 * 8;
/// How many places that look like its beginning are tried where no section has its name.
const MOST_TRIES: usize = 64;

/// The first four bytes as a number, and the number of words between the fixed head and the offset
/// of the names: functions, files and, since 1.18, the address of the code.
const VERSIONS: [(u32, usize); 3] = [
    // Go 1.16 and 1.17.
    (0xffff_fffa, 2),
    // Go 1.18 and 1.19.
    (0xffff_fff0, 3),
    // Since Go 1.20.
    (0xffff_fff1, 3),
];

/// Functions that every Go program has. Where they are missing, names were changed, or the runtime
/// lies in another file.
const ALWAYS: [&str; 2] = ["main", "goexit"];

/// The names of the functions of a program. `main_package` is the import path of its main package,
/// which the table calls `main`.
pub(super) fn of(executable: &Executable<'_>, main_package: Option<&str>) -> Option<FunctionNames> {
    let named = SECTIONS
        .into_iter()
        .find_map(|name| executable.stretch_of_section(name));
    let names = match named {
        Some(table) => names_of(table),
        // PE has no section for it.
        None => executable
            .sections()
            .flat_map(|data| {
                let places = beginnings(data.stream(0)).unwrap_or_default();
                let from = move |at| data.stretch(at, data.size().checked_sub(at)?);
                places.into_iter().filter_map(from)
            })
            .take(MOST_TRIES)
            .find_map(names_of),
    }?;
    collect(names.stream(0), main_package)
}

/// The places at which a table may begin, as many as are tried.
fn beginnings(mut data: Box<dyn BufRead + '_>) -> io::Result<Vec<u64>> {
    const HEAD: usize = 6;
    let heads: Vec<[u8; HEAD]> = VERSIONS
        .iter()
        .flat_map(|(magic, _)| [magic.to_le_bytes(), magic.to_be_bytes()])
        .map(|[a, b, c, d]| [a, b, c, d, 0, 0])
        .collect();
    let mut places = Vec::new();
    // Where the portion at hand begins; its first bytes are the last of the one before.
    let mut start = 0_u64;
    let mut portion = Vec::new();
    loop {
        let count = data.by_ref().take(PORTION).read_to_end(&mut portion)?;
        for head in &heads {
            let found = memmem::find_iter(&portion, head);
            places.extend(found.map(|at| start + at as u64).take(MOST_TRIES));
        }
        if count == 0 || places.len() >= MOST_TRIES {
            places.sort_unstable();
            places.truncate(MOST_TRIES);
            return Ok(places);
        }
        let passed = portion.len().saturating_sub(HEAD - 1);
        portion.drain(..passed);
        start += passed as u64;
    }
}

/// The part of a table with the names.
fn names_of(table: ProgramData<'_>) -> Option<ProgramData<'_>> {
    let head = table.up_to(0, LONGEST_HEAD)?;
    let [a, b, c, d, 0, 0, quantum, pointer_size] = *head.first_chunk::<8>()? else {
        return None;
    };
    if !matches!(quantum, 1 | 2 | 4) || !matches!(pointer_size, 4 | 8) {
        return None;
    }
    let little = u32::from_le_bytes([a, b, c, d]);
    let big = u32::from_be_bytes([a, b, c, d]);
    let (is_big_endian, before) = VERSIONS.into_iter().find_map(|(magic, before)| {
        let found = magic == little || magic == big;
        found.then_some((magic == big, before))
    })?;
    let size = usize::from(pointer_size);
    let word = |index: usize| {
        let start = 8 + index * size;
        let bytes = head.get(start..start + size)?;
        let add = |value: u64, byte: &u8| (value << 8) | u64::from(*byte);
        Some(if is_big_endian {
            bytes.iter().fold(0, add)
        } else {
            bytes.iter().rev().fold(0, add)
        })
    };
    let functions = word(0)?;
    let (start, end) = (word(before)?, word(before + 1)?);
    let names = table.stretch(start, end.checked_sub(start)?)?;
    let last = names.bytes_at(names.size().checked_sub(1)?, 1);
    // Each function has an entry in the table, which ends up behind the names.
    let plausible = functions > 0 && functions < table.size() && last == Some(&[0]);
    plausible.then_some(names)
}

fn collect(mut names: Box<dyn BufRead + '_>, main_package: Option<&str>) -> Option<FunctionNames> {
    let mut builder = FunctionNamesBuilder::default();
    let mut always = [false; ALWAYS.len()];
    let mut name = Vec::new();
    for count in 0.. {
        name.clear();
        // One byte more than is taken: the zero at its end.
        let mut next = names.by_ref().take(LONGEST as u64 + 1);
        if next.read_until(0, &mut name).ok()? == 0 {
            break;
        }
        if count > MOST_NAMES || name.pop() != Some(0) {
            return None;
        }
        if name.is_empty() {
            continue;
        }
        let name = std::str::from_utf8(&name).ok()?;
        let Some((package, parts)) = split(name) else {
            continue;
        };
        let parts: Vec<&str> = parts.iter().map(|part| &**part).collect();
        if package == "runtime" {
            for (seen, wanted) in always.iter_mut().zip(ALWAYS) {
                *seen |= parts == [wanted];
            }
        }
        match main_package {
            Some(path) if package == "main" => builder.add(path, &parts),
            _ => builder.add(&package, &parts),
        }
    }
    always.iter().all(|seen| *seen).then(|| builder.finish())
}

/// A name as package and parts: `example.com/a%2eb.(*T[...]).M.func1` becomes `example.com/a.b`
/// and `T`, `M`, `func1`. Names without a package (of assembly, of types) are none.
fn split(name: &str) -> Option<(String, Vec<String>)> {
    let plain = without_brackets(name);
    let start = plain.rfind('/').map_or(0, |slash| slash + 1);
    let dot = start + plain.get(start..)?.find('.')?;
    let package = unescape(plain.get(..dot)?);
    if package.is_empty() || package.contains(':') {
        // `type:.eq.…`, `go:…`.
        return None;
    }
    let parts = plain
        .get(dot + 1..)?
        .split('.')
        .map(|part| {
            let part = part.trim_start_matches("(*").trim_start_matches('(');
            let part = part.trim_end_matches(')');
            part.strip_suffix("-fm").unwrap_or(part).to_owned()
        })
        .filter(|part| !part.is_empty())
        .collect();
    Some((package, parts))
}

/// Without type arguments, in which slashes and dots may stand.
fn without_brackets(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0_usize;
    for character in name.chars() {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => plain.push(other),
            _ => {}
        }
    }
    plain
}

/// The linker escapes dots after the last slash of an import path, and what is no plain character:
/// <https://go.dev/src/cmd/internal/objabi/path.go>.
fn unescape(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let digits = after.get(..2);
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, package: &str, parts: &[&str]) {
        let (found, found_parts) = split(name).unwrap();
        assert_eq!(found, package, "{name}");
        assert_eq!(found_parts, parts, "{name}");
    }

    #[test]
    fn names_fall_into_package_and_parts() {
        check("main.main", "main", &["main"]);
        check("net/http.(*Server).Serve", "net/http", &["Server", "Serve"]);
        check(
            "net/http.HandlerFunc.ServeHTTP",
            "net/http",
            &["HandlerFunc", "ServeHTTP"],
        );
        check(
            "gopkg.example/yaml%2ev2.Unmarshal",
            "gopkg.example/yaml.v2",
            &["Unmarshal"],
        );
        check("a.example/x.F.func1.2", "a.example/x", &["F", "func1", "2"]);
        check("a.example/x.(*T).M-fm", "a.example/x", &["T", "M"]);
        check("a.example/x.F[...]", "a.example/x", &["F"]);
        check(
            "a.example/x.(*T[go.shape.int_0,b.example/y.Z]).M",
            "a.example/x",
            &["T", "M"],
        );
        check(
            "vendor/golang.example/x/net.F",
            "vendor/golang.example/x/net",
            &["F"],
        );
        check("a.example/x.glob..func1", "a.example/x", &["glob", "func1"]);
        assert_eq!(split("_cgo_topofstack"), None);
        assert_eq!(split("type:.eq.a.example/x.T"), None);
    }

    fn table(magic: u32, words: &[u64], names: &[u8]) -> Vec<u8> {
        let mut table = magic.to_le_bytes().to_vec();
        table.extend([0, 0, 1, 8]);
        let start = 8 + 8 * (words.len() as u64 + 2);
        let end = start + names.len() as u64;
        for word in words.iter().chain(&[start, end]) {
            table.extend(word.to_le_bytes());
        }
        table.extend(names);
        table
    }

    #[test]
    fn tables_of_each_version_are_read_and_others_are_not() {
        let names = b"\0runtime.main\0runtime.goexit\0a.example/x.F\0";
        for (magic, before) in VERSIONS {
            let words: Vec<u64> = (0..before as u64).map(|word| word + 3).collect();
            let whole = table(magic, &words, names);
            let found = names_of(whole[..].into())
                .and_then(|names| collect(names.stream(0), None))
                .unwrap();
            assert!(found.has_function("a.example/x", &["F"]));
            assert_eq!(found.count(), 3);
            for length in 0..whole.len() {
                assert!(
                    names_of(whole[..length].into()).is_none(),
                    "cut off at {length}"
                );
            }
        }
        // The table of Go 1.2 to 1.15.
        assert!(names_of(table(0xffff_fffb, &[3, 4], names)[..].into()).is_none());
        // Names that someone changed.
        let changed = table(0xffff_fff1, &[3, 4, 5], b"\0a.b\0c.d\0");
        assert!(
            names_of(changed[..].into())
                .and_then(|names| collect(names.stream(0), None))
                .is_none()
        );
    }
}
