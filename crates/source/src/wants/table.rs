//! The patterns that name files by their path, indexed so that one file is looked up by its name
//! and by its ending, however many patterns there are.
//!
//! Nearly every pattern says how the name ends: a path, a name or a suffix says it outright, and
//! so do most globs in their last part. Only those that do not are tried one after another.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use globset::{GlobBuilder, GlobMatcher};

use super::{LeftOut, Pattern, ReaderIndex, Wanted};

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
    IsNot(NotLeftOut),
}

/// Names that leave a file out, each found at once.
#[derive(Debug)]
struct NotLeftOut {
    folders: Names,
    endings: Names,
    names: Names,
    root_folders: &'static [&'static str],
}

type Names = HashSet<&'static str, BuildHasherDefault<QuickHash>>;

impl NotLeftOut {
    fn new(left_out: &'static LeftOut) -> Self {
        let names = |names: &'static [&'static str]| names.iter().copied().collect();
        Self {
            folders: names(left_out.folders),
            endings: names(left_out.endings),
            names: names(left_out.names),
            root_folders: left_out.root_folders,
        }
    }

    /// Whether a file stays. What lies in an archive was made by others, or by a build.
    fn keeps(&self, path: &str) -> bool {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let at_root = |folder: &&str| {
            path.strip_prefix(*folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        !ending.is_some_and(|ending| {
            self.endings.contains(ending)
                || ending.bytes().any(|byte| byte.is_ascii_uppercase())
                    && self.endings.contains(ending.to_ascii_lowercase().as_str())
        }) && !self.names.contains(name)
            && !folders.split('/').any(|part| self.folders.contains(part))
            && !self.root_folders.iter().any(at_root)
            && !path.contains("!/")
    }
}

/// A glob without choices in braces.
#[derive(Debug)]
struct FileGlob {
    /// What every match begins with, compared first because that is cheap.
    start: Box<str>,
    /// What the name of every match begins with, compared for the same reason.
    name_start: Box<str>,
    /// The longest text that every match has in it, looked for for the same reason.
    part: Box<str>,
    matcher: GlobMatcher,
}

impl FileGlob {
    fn new(glob: &str) -> Result<Self, globset::Error> {
        let literals = || glob.split(is_special);
        let last = glob.rsplit_once('/').map_or(glob, |(_, last)| last);
        // What stands in brackets is a choice of characters, and in no match as it is written.
        let has_classes = glob.contains('[');
        let part = literals()
            .filter(|_| !has_classes)
            // What follows `**` may be at the beginning, where no slash is before it.
            .map(|text| text.trim_start_matches('/'))
            .max_by_key(|text| text.len());
        Ok(Self {
            start: literals().next().unwrap_or_default().into(),
            name_start: last.split(is_special).next().unwrap_or_default().into(),
            part: part.unwrap_or_default().into(),
            matcher: GlobBuilder::new(glob)
                .literal_separator(true)
                .build()?
                .compile_matcher(),
        })
    }

    fn matches(&self, path: &str) -> bool {
        path.starts_with(&*self.start)
            && name_of(path).starts_with(&*self.name_start)
            && path.contains(&*self.part)
            && self.matcher.is_match(path)
    }
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

type Index = HashMap<Box<str>, Vec<Rule>, BuildHasherDefault<QuickHash>>;

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
        match *pattern {
            Pattern::Path(path) => self.insert(path, true, Check::IsPath(path), reader, share),
            Pattern::Name(name) => self.insert(name, true, Check::Nothing, reader, share),
            Pattern::Suffix(suffix) => {
                let has_whole_name = suffix.contains('/');
                let check = Check::EndsWith(suffix);
                self.insert(suffix, has_whole_name, check, reader, share);
            }
            Pattern::Glob(glob) => {
                for glob in without_choices(glob) {
                    let check = Check::Glob(Box::new(FileGlob::new(&glob)?));
                    let end = literal_end(&glob);
                    let has_whole_name = end.contains('/') || end == glob;
                    self.insert(end, has_whole_name, check, reader, share);
                }
            }
            Pattern::TextsBut(left_out) => self.others.push(Rule {
                check: Check::IsNot(NotLeftOut::new(left_out)),
                reader,
                share: Share::Head(left_out.most),
            }),
            Pattern::Executable
            | Pattern::ExecutableWith(_)
            | Pattern::ExecutableContaining(_)
            | Pattern::ExecutableContainingInPieces(_)
            | Pattern::ExecutableNamed(_)
            | Pattern::ExecutableHead(_)
            | Pattern::Head(..)
            | Pattern::Archive(_) => {}
        }
        Ok(())
    }

    /// Files a rule under what is known of how the paths end that it is about.
    fn insert(
        &mut self,
        end: &str,
        has_whole_name: bool,
        check: Check,
        reader: ReaderIndex,
        share: Share,
    ) {
        let rule = Rule {
            check,
            reader,
            share,
        };
        let name = name_of(end);
        if has_whole_name && !name.is_empty() {
            self.by_name.entry(name.into()).or_default().push(rule);
        } else if let Some((_, ending)) = name.rsplit_once('.') {
            self.by_ending.entry(ending.into()).or_default().push(rule);
        } else {
            self.others.push(rule);
        }
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
            Check::Glob(glob) => glob.matches(path),
            Check::IsNot(left_out) => left_out.keeps(path),
        };
        if holds {
            wanted.add(rule.reader, rule.share);
        }
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Most globs that one with choices becomes.
const MOST_CHOICES: usize = 64;

/// The globs that one with choices in braces stands for: `*.{yml,yaml}` is `*.yml` and `*.yaml`.
/// One with choices in choices, or with very many, stays as it is.
fn without_choices(glob: &str) -> Vec<String> {
    let mut globs = vec![glob.to_owned()];
    while let Some((_, rest)) = globs.first().and_then(|first| first.split_once('{')) {
        let Some((choices, _)) = rest.split_once('}') else {
            return vec![glob.to_owned()];
        };
        let count = choices.split(',').count();
        if choices.contains('{') || globs.len() * count > MOST_CHOICES {
            return vec![glob.to_owned()];
        }
        // All have the same choices at this place: they differ only before it.
        globs = globs
            .iter()
            .filter_map(|glob| {
                let (before, rest) = glob.split_once('{')?;
                let (choices, after) = rest.split_once('}')?;
                Some((before, choices, after))
            })
            .flat_map(|(before, choices, after)| {
                choices
                    .split(',')
                    .map(move |choice| format!("{before}{choice}{after}"))
            })
            .collect();
    }
    globs
}

fn is_special(character: char) -> bool {
    matches!(
        character,
        '*' | '?' | '[' | ']' | '{' | '}' | '\\' | ',' | '!'
    )
}

/// The end of a glob in which every character stands for itself.
fn literal_end(glob: &str) -> &str {
    glob.rsplit(is_special).next().unwrap_or_default()
}
