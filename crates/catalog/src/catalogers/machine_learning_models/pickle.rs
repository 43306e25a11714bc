//! Pickles: programs of a small machine that build objects of Python when they are loaded:
//! <https://github.com/python/cpython/blob/main/Lib/pickletools.py>. Nothing is run here; the
//! instructions are walked through for the names that they import. PyTorch puts a pickle, stored as
//! it is, at the beginning of a zip archive.

use std::collections::BTreeSet;

use super::Model;

/// Most names that are kept.
const MOST_IMPORTS: usize = 1000;

/// Modules that no model needs: they start programs, open connections, load code.
const SUSPICIOUS_MODULES: &[&str] = &[
    "_posixsubprocess",
    "asyncio",
    "bdb",
    "code",
    "codeop",
    "commands",
    "ctypes",
    "http",
    "httplib",
    "importlib",
    "nt",
    "os",
    "pdb",
    "pip",
    "posix",
    "pty",
    "requests",
    "runpy",
    "shutil",
    "socket",
    "subprocess",
    "sys",
    "timeit",
    "urllib",
    "urllib2",
    "webbrowser",
];

/// Functions of the language itself that no model needs.
const SUSPICIOUS_FUNCTIONS: &[&str] = &[
    "__import__",
    "apply",
    "breakpoint",
    "compile",
    "eval",
    "exec",
    "execfile",
    "getattr",
    "input",
    "open",
    "setattr",
];

pub(super) fn read(head: &[u8]) -> Option<Model> {
    let imports = imports(pickle_in(head)?)?;
    let suspicious = imports
        .iter()
        .filter(|(module, name)| is_suspicious(module, name))
        .map(|(module, name)| format!("`{module}.{name}`"))
        .take(10);
    let modules: BTreeSet<&str> = imports
        .iter()
        .filter_map(|(module, _)| module.split('.').next())
        .collect();
    let modules: Vec<&str> = modules.into_iter().take(10).collect();
    Some(Model {
        description: Some(match modules.as_slice() {
            [] => "pickle that imports nothing".to_owned(),
            modules => format!("pickle that imports from {}", modules.join(", ")),
        }),
        suspicious: suspicious.collect(),
        ..Model::default()
    })
}

fn is_suspicious(module: &str, name: &str) -> bool {
    let first = module.split('.').next().unwrap_or_default();
    match module {
        "builtins" | "__builtin__" => {
            let name = name.split('.').next().unwrap_or_default();
            SUSPICIOUS_FUNCTIONS.contains(&name)
        }
        "operator" | "_operator" => matches!(name, "attrgetter" | "methodcaller"),
        _ => SUSPICIOUS_MODULES.contains(&first),
    }
}

/// The pickle in a file: all of it, or the first member of a zip archive.
fn pickle_in(head: &[u8]) -> Option<&[u8]> {
    if !head.starts_with(b"PK\x03\x04") {
        // Those of the second protocol and later begin with its number; older ones are hardly told
        // from other files and begin with one of a few instructions.
        return matches!(head, [0x80, 2..=5, ..] | [b'(' | b'c' | b'}' | b']', ..]).then_some(head);
    }
    let number = |at: usize| Some(u16::from_le_bytes(*head.get(at..)?.first_chunk()?));
    let is_stored = number(8)? == 0;
    let name_length = usize::from(number(26)?);
    let extra_length = usize::from(number(28)?);
    let name = head.get(30..30 + name_length)?;
    (is_stored && name.ends_with(b".pkl")).then(|| head.get(30 + name_length + extra_length..))?
}

/// The names that a pickle imports, as far as it goes. Nothing if its first instructions are none.
fn imports(pickle: &[u8]) -> Option<BTreeSet<(String, String)>> {
    let mut machine = Machine {
        rest: pickle,
        ..Machine::default()
    };
    let mut steps = 0_usize;
    while machine.step().is_some() {
        steps += 1;
    }
    // A file that only begins like a pickle does not go on like one.
    (machine.has_ended || steps > 64 || !machine.imports.is_empty()).then_some(machine.imports)
}

/// As much of the machine as names need: the last texts, and the texts that it remembers.
#[derive(Default)]
struct Machine<'a> {
    rest: &'a [u8],
    /// The last two texts that were put on the stack.
    texts: [&'a [u8]; 2],
    /// What is on top of the stack, if it is a text.
    top: Option<&'a [u8]>,
    memory: Vec<Option<&'a [u8]>>,
    imports: BTreeSet<(String, String)>,
    has_ended: bool,
}

impl<'a> Machine<'a> {
    /// One instruction; nothing at the end, or at what is none.
    fn step(&mut self) -> Option<()> {
        let instruction = *self.take(1)?.first()?;
        match instruction {
            b'.' => {
                self.has_ended = true;
                return None;
            }
            // Names in lines of their own.
            b'c' | b'i' => {
                let (module, name) = (self.line()?, self.line()?);
                self.import(module, name);
                self.top = None;
            }
            0x93 => {
                let [module, name] = self.texts;
                self.import(module, name);
                self.top = None;
            }
            // Texts.
            b'S' | b'V' => {
                let line = self.line()?;
                let line = line.trim_ascii();
                let quoted = line
                    .strip_prefix(b"'")
                    .and_then(|line| line.strip_suffix(b"'"));
                self.push_text(quoted.unwrap_or(line));
            }
            b'U' | 0x8c => self.sized_text(1)?,
            b'T' | b'X' => self.sized_text(4)?,
            0x8d => self.sized_text(8)?,
            // Remembering, and remembered things.
            0x94 => self.remember(self.memory.len()),
            b'q' => {
                let place = self.number(1)?;
                self.remember(place);
            }
            b'r' => {
                let place = self.number(4)?;
                self.remember(place);
            }
            b'p' => {
                let place = self.decimal()?;
                self.remember(place);
            }
            b'h' => {
                let place = self.number(1)?;
                self.recall(place);
            }
            b'j' => {
                let place = self.number(4)?;
                self.recall(place);
            }
            b'g' => {
                let place = self.decimal()?;
                self.recall(place);
            }
            // Frames and protocols hold nothing.
            0x80 => self.pass(1)?,
            0x95 => self.pass(8)?,
            _ => {
                self.top = None;
                self.pass_other(instruction)?;
            }
        }
        Some(())
    }

    fn pass_other(&mut self, instruction: u8) -> Option<()> {
        match instruction {
            b'F' | b'I' | b'L' | b'P' => self.line().map(drop),
            b'K' | 0x82 => self.pass(1),
            b'M' | 0x83 => self.pass(2),
            b'J' | 0x84 => self.pass(4),
            b'G' => self.pass(8),
            b'C' | 0x8a => self.sized(1).map(drop),
            b'B' | 0x8b => self.sized(4).map(drop),
            0x8e | 0x96 => self.sized(8).map(drop),
            b'('
            | b'0'
            | b'1'
            | b'2'
            | b'N'
            | b'Q'
            | b'R'
            | b'a'
            | b'b'
            | b'd'
            | b'e'
            | b'l'
            | b'o'
            | b's'
            | b't'
            | b'u'
            | b')'
            | b']'
            | b'}'
            | 0x81
            | 0x85..=0x89
            | 0x8f..=0x92
            | 0x97
            | 0x98 => Some(()),
            _ => None,
        }
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn pass(&mut self, count: usize) -> Option<()> {
        self.take(count).map(drop)
    }

    fn line(&mut self) -> Option<&'a [u8]> {
        // Names and numbers are short; a longer line is none of them.
        let limit = self.rest.len().min(4096);
        let end = self
            .rest
            .get(..limit)?
            .iter()
            .position(|byte| *byte == b'\n')?;
        let line = self.take(end)?;
        self.pass(1)?;
        Some(line)
    }

    fn number(&mut self, width: usize) -> Option<usize> {
        let bytes = self.take(width)?;
        let number = bytes
            .iter()
            .rev()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        usize::try_from(number).ok()
    }

    fn decimal(&mut self) -> Option<usize> {
        std::str::from_utf8(self.line()?).ok()?.trim().parse().ok()
    }

    fn sized(&mut self, width: usize) -> Option<&'a [u8]> {
        let length = self.number(width)?;
        self.take(length)
    }

    fn sized_text(&mut self, width: usize) -> Option<()> {
        let text = self.sized(width)?;
        self.push_text(text);
        Some(())
    }

    fn push_text(&mut self, text: &'a [u8]) {
        self.texts = [self.texts[1], text];
        self.top = Some(text);
    }

    fn remember(&mut self, place: usize) {
        // Places are given out one after another; one far beyond is not remembered.
        if place == self.memory.len() && place < 1 << 20 {
            self.memory.push(self.top);
        } else if let Some(remembered) = self.memory.get_mut(place) {
            *remembered = self.top;
        }
    }

    fn recall(&mut self, place: usize) {
        match self.memory.get(place).copied().flatten() {
            Some(text) => self.push_text(text),
            None => self.top = None,
        }
    }

    fn import(&mut self, module: &[u8], name: &[u8]) {
        if self.imports.len() < MOST_IMPORTS {
            let text = |bytes: &[u8]| -> String {
                String::from_utf8_lossy(bytes).chars().take(200).collect()
            };
            self.imports.insert((text(module), text(name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_in_all_protocols() {
        let found = |bytes: &[u8]| {
            let imports = imports(pickle_in(bytes)?)?;
            let names = imports
                .iter()
                .map(|(module, name)| format!("{module}.{name}"));
            Some(names.collect::<Vec<_>>().join(" "))
        };
        assert_eq!(
            found(b"cos\nsystem\n(S'echo'\ntR.").as_deref(),
            Some("os.system")
        );
        let fourth = b"\x80\x04\x95\x1a\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x01x\x94\x85\x94R\x94.";
        assert_eq!(found(fourth).as_deref(), Some("posix.system"));
        let remembered = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x940h\0h\x01\x93.";
        assert_eq!(found(remembered).as_deref(), Some("os.system"));
        assert_eq!(found(b"\x80\x02}q\0.").as_deref(), Some(""));
        assert_eq!(found(b"(this is some text"), None);
        assert_eq!(found(b"PK\x03\x04"), None);
        assert!(is_suspicious("os.path", "join") && !is_suspicious("torch", "load"));
        for length in 0..fourth.len() {
            let _ = found(&fourth[..length]);
        }
    }
}
