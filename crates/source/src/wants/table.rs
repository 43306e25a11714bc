//! The patterns that name files by their path, indexed so that one file is looked up by its name
//! and by its ending, however many patterns there are.
//!
//! Nearly every pattern says how the name ends: a path, a name or a suffix says it outright, and
//! so do most globs in their last part. Only those that do not are tried one after another.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use globset::{GlobBuilder, GlobMatcher};

use super::{Pattern, ReaderIndex, Wanted};

/// What a reader gets of a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Share {
    Whole,
    Head(u32),
    Archive,
}

/// What is asked of a path that came up in the index.
#[derive(Debug)]
enum Check {
    Nothing,
    IsPath(&'static str),
    EndsWith(&'static str),
    Glob(Box<FileGlob>),
}

#[derive(Debug)]
struct FileGlob {
    /// What every match begins with, compared first because that is cheap.
    start: &'static str,
    /// What the name of every match begins with, compared for the same reason.
    name_start: &'static str,
    matcher: GlobMatcher,
}

#[derive(Debug)]
struct Rule {
    check: Check,
    reader: ReaderIndex,
    share: Share,
}

/// The texts in the table are our own, so nobody can prepare collisions: a quick hash will do.
#[derive(Debug, Default)]
struct QuickHash(u64);

impl Hasher for QuickHash {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
        let mut word = [0; 8];
        let rest = chunks.remainder();
        word[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(word) ^ (bytes.len() as u64) << 56);
    }

    fn write_u8(&mut self, _: u8) {
        // The byte that ends a text in the standard hash; the length is in already.
    }
}

impl QuickHash {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

type Index = HashMap<&'static str, Vec<Rule>, BuildHasherDefault<QuickHash>>;

/// All patterns of files.
#[derive(Debug, Default)]
pub(super) struct Table {
    by_name: Index,
    /// By what follows the last dot of the name.
    by_ending: Index,
    others: Vec<Rule>,
}

impl Table {
    /// Takes in a pattern that names files by their path; others are no matter of this table.
    pub(super) fn add(
        &mut self,
        pattern: &Pattern,
        reader: ReaderIndex,
        share: Share,
    ) -> Result<(), globset::Error> {
        let (text, check, is_whole_name) = match *pattern {
            Pattern::Path(path) => (path, Check::IsPath(path), true),
            Pattern::Name(name) => (name, Check::Nothing, true),
            Pattern::Suffix(suffix) => {
                let has_whole_name = suffix.contains('/');
                (suffix, Check::EndsWith(suffix), has_whole_name)
            }
            Pattern::Glob(glob) => {
                let start = glob.split(is_special).next().unwrap_or_default();
                let glob_check = Check::Glob(Box::new(FileGlob {
                    start,
                    name_start: name_start(glob),
                    matcher: GlobBuilder::new(glob)
                        .literal_separator(true)
                        .build()?
                        .compile_matcher(),
                }));
                let end = literal_end(glob);
                (end, glob_check, end.contains('/') || end == glob)
            }
            Pattern::Executable
            | Pattern::ExecutableWith(_)
            | Pattern::ExecutableContaining(_)
            | Pattern::ExecutableNamed(_)
            | Pattern::ExecutableHead(_)
            | Pattern::Head(..)
            | Pattern::Archive(_) => return Ok(()),
        };
        let rule = Rule {
            check,
            reader,
            share,
        };
        let name = text.rsplit_once('/').map_or(text, |(_, name)| name);
        if is_whole_name && !name.is_empty() {
            self.by_name.entry(name).or_default().push(rule);
        } else if let Some((_, ending)) = name.rsplit_once('.') {
            self.by_ending.entry(ending).or_default().push(rule);
        } else {
            self.others.push(rule);
        }
        Ok(())
    }

    /// Adds the readers that want the file at this path.
    pub(super) fn find(&self, path: &str, wanted: &mut Wanted) {
        let name = name_of(path);
        if let Some(rules) = self.by_name.get(name) {
            apply(rules, path, wanted);
        }
        if let Some((_, ending)) = name.rsplit_once('.')
            && let Some(rules) = self.by_ending.get(ending)
        {
            apply(rules, path, wanted);
        }
        apply(&self.others, path, wanted);
    }
}

fn apply(rules: &[Rule], path: &str, wanted: &mut Wanted) {
    for rule in rules {
        let holds = match &rule.check {
            Check::Nothing => true,
            Check::IsPath(wanted) => path == *wanted,
            Check::EndsWith(end) => path.ends_with(end),
            Check::Glob(glob) => {
                path.starts_with(glob.start)
                    && name_of(path).starts_with(glob.name_start)
                    && glob.matcher.is_match(path)
            }
        };
        if holds {
            wanted.add(rule.reader, rule.share);
        }
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The beginning of a glob's last part in which every character stands for itself. Nothing where
/// a choice in braces reaches over a slash.
fn name_start(glob: &'static str) -> &'static str {
    let last = glob.rsplit_once('/').map_or(glob, |(_, last)| last);
    let opened = last.matches('{').count();
    if opened != last.matches('}').count() {
        return "";
    }
    last.split(is_special).next().unwrap_or_default()
}

fn is_special(character: char) -> bool {
    matches!(
        character,
        '*' | '?' | '[' | ']' | '{' | '}' | '\\' | ',' | '!'
    )
}

/// The end of a glob in which every character stands for itself.
fn literal_end(glob: &'static str) -> &'static str {
    glob.rsplit(is_special).next().unwrap_or_default()
}
