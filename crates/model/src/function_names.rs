//! The names of all functions in a program, small enough to keep for each.
//!
//! A program may have hundreds of thousands of functions, with names of a hundred bytes. What has
//! to be known later is only whether certain ones are among them, so each name is kept as a number
//! of 64 bits, in order. Two names may have the same number: then one that is not there seems to be
//! there. The reverse can not happen: what seems absent is absent.

use std::hash::Hasher;

use crate::{Digest, LayerIndex, TargetPath};

/// The functions of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramFunctions {
    /// The file.
    pub path: TargetPath,
    /// Its layer.
    pub layer: Option<LayerIndex>,
    /// The digest of its bytes.
    pub digest: Option<Digest>,
    /// The names of its functions, those that were inlined included.
    pub names: FunctionNames,
}

/// A set of names of functions by package.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct FunctionNames {
    /// Sorted, without doubles.
    numbers: Box<[u64]>,
    count: u64,
}

impl std::fmt::Debug for FunctionNames {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} names", self.count)
    }
}

impl FunctionNames {
    /// All names of several programs; nothing if there is none, or if those of any are not known.
    pub fn united(all: Vec<Option<Self>>) -> Option<Self> {
        let mut all = all.into_iter();
        let first = all.next()??;
        all.try_fold(first, |sum, names| {
            let names = names?;
            let mut numbers = [sum.numbers, names.numbers].concat();
            numbers.sort_unstable();
            numbers.dedup();
            Some(Self {
                numbers: numbers.into_boxed_slice(),
                count: sum.count + names.count,
            })
        })
    }

    /// How many names there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether there is any function of this package, or of one below it: with `a.example/x` those
    /// of `a.example/x/y` are found.
    pub fn has_package_below(&self, path: &str) -> bool {
        self.has(number(path, &[], Kind::Below))
    }

    /// Whether there is any function of this very package.
    pub fn has_package(&self, path: &str) -> bool {
        self.has(number(path, &[], Kind::Package))
    }

    /// Whether there is a function whose name begins with these parts: `[Decoder, Decode]` stands
    /// for the method and for all functions within it.
    pub fn has_function(&self, package: &str, parts: &[&str]) -> bool {
        self.has(number(package, parts, Kind::Function))
    }

    fn has(&self, number: u64) -> bool {
        self.numbers.binary_search(&number).is_ok()
    }
}

/// Collects names.
#[derive(Debug, Default)]
pub struct FunctionNamesBuilder {
    numbers: Vec<u64>,
    count: u64,
    /// The package of the last name: tables list those of a package together.
    last: String,
}

/// When doubles are removed while names come in.
const CROWDED: usize = 1 << 20;

impl FunctionNamesBuilder {
    /// Adds a function: its package, and its name in parts, a type before its method. Only the
    /// first two parts are kept: what comes after them lies within.
    pub fn add(&mut self, package: &str, parts: &[&str]) {
        self.count += 1;
        if self.last != package {
            package.clone_into(&mut self.last);
            for (end, _) in package.match_indices('/') {
                if let Some(above) = package.get(..end) {
                    self.numbers.push(number(above, &[], Kind::Below));
                }
            }
            self.numbers.push(number(package, &[], Kind::Below));
            self.numbers.push(number(package, &[], Kind::Package));
        }
        for length in 1..=parts.len().min(2) {
            if let Some(parts) = parts.get(..length) {
                self.numbers.push(number(package, parts, Kind::Function));
            }
        }
        if self.numbers.len() > CROWDED && self.numbers.len() >= self.numbers.capacity() - 16 {
            self.numbers.sort_unstable();
            self.numbers.dedup();
        }
    }

    /// All that came in.
    pub fn finish(mut self) -> FunctionNames {
        self.numbers.sort_unstable();
        self.numbers.dedup();
        FunctionNames {
            numbers: self.numbers.into_boxed_slice(),
            count: self.count,
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Package,
    Below,
    Function,
}

/// The number of a name. Only used within one run, so that it may change with the compiler.
fn number(package: &str, parts: &[&str], kind: Kind) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write_u8(kind as u8);
    for part in std::iter::once(&package).chain(parts) {
        hasher.write(part.as_bytes());
        // No name holds this byte, so that parts can not run into each other.
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_there_and_what_was_not_is_not() {
        let mut builder = FunctionNamesBuilder::default();
        builder.add("a.example/x/y", &["Decoder", "Decode", "func1"]);
        builder.add("a.example/x/y", &["Parse"]);
        let names = builder.finish();
        assert_eq!(names.count(), 2);
        assert!(names.has_package("a.example/x/y"));
        assert!(!names.has_package("a.example/x"));
        assert!(names.has_package_below("a.example/x"));
        assert!(names.has_package_below("a.example/x/y"));
        assert!(!names.has_package_below("a.example/z"));
        assert!(names.has_function("a.example/x/y", &["Decoder"]));
        assert!(names.has_function("a.example/x/y", &["Decoder", "Decode"]));
        assert!(!names.has_function("a.example/x/y", &["Decoder", "Other"]));
        assert!(names.has_function("a.example/x/y", &["Parse"]));
        assert!(!names.has_function("a.example/x", &["Parse"]));
    }

    #[test]
    fn many_names_take_eight_bytes_each() {
        let mut builder = FunctionNamesBuilder::default();
        for index in 0..300_000 {
            builder.add("p.example/x", &["T", &format!("Method{index}")]);
        }
        let names = builder.finish();
        assert_eq!(names.count(), 300_000);
        assert!(names.numbers.len() < 300_010);
        assert!(names.has_function("p.example/x", &["T", "Method299999"]));
    }
}
