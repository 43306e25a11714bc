//! Automatic fixes of many findings, one after the other, each looked at before it counts.
//!
//! Edits of one file that touch the same line are made in turn, the rules being asked in between. A
//! fix counts if fewer findings of its rule are left in the file, no other rule finds more there or
//! anywhere, and the file can still be read; otherwise the file is put back, and the fix is not
//! tried again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use linchpin_model::{About, Finding, NoteKind, Repair, TargetPath};

use crate::checks::{Checked, check_documents};
use crate::edit::apply;
use crate::kind::{DocumentFile, Kind};
use crate::rule::Rule;
use crate::rules::Rules;

/// Most times that rules are asked of one kind of document.
const MOST_ROUNDS: usize = 100;

/// The files of a target, ready to be repaired.
#[derive(Debug)]
pub struct Repairing<'r> {
    rules: &'r Rules,
    files: Vec<(&'static Kind, Vec<DocumentFile>)>,
}

/// What repairing came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repaired {
    /// The files that are otherwise afterwards, by their paths.
    pub files: Vec<RepairedFile>,
    /// Fixes that were not made because something may no longer work afterwards.
    pub left: Vec<Left>,
}

/// A file that is otherwise afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairedFile {
    /// Where it is.
    pub path: TargetPath,
    /// Its text before.
    pub before: Arc<str>,
    /// Its text afterwards.
    pub after: String,
    /// What was repaired, in the order in which it was.
    pub made: Vec<Made>,
}

/// A finding that was repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its rule.
    pub rule: String,
    /// What was wrong.
    pub summary: String,
    /// What may no longer work.
    pub may_break: Option<String>,
}

/// A fix that was not made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// The file.
    pub path: TargetPath,
    /// The line of the finding, in the file as it is afterwards.
    pub line: u32,
    /// The rule.
    pub rule: String,
    /// What may no longer work.
    pub may_break: String,
}

/// Which fixes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those after which everything works as before.
    Safe,
    /// The others as well.
    Unsafe,
}

/// A file while it is repaired.
struct Text {
    before: Arc<str>,
    now: Arc<str>,
    made: Vec<Made>,
    /// Rules whose fixes do not help here.
    blocked: BTreeSet<String>,
    /// Whether its fixes are made one by one, because several at once did not help.
    is_careful: bool,
}

/// Fixes of one file that can be made at once.
#[derive(Default)]
struct Chosen {
    repairs: Vec<(Made, Repair)>,
    lines: BTreeSet<u32>,
}

impl<'r> Repairing<'r> {
    pub(crate) fn new(rules: &'r Rules, files: Vec<(&'static Kind, Vec<DocumentFile>)>) -> Self {
        Self { rules, files }
    }

    /// Makes the fixes of the findings for which `wanted` holds.
    pub fn repair(self, reach: Reach, wanted: impl Fn(&Finding) -> bool) -> Repaired {
        let mut texts: BTreeMap<TargetPath, Text> = BTreeMap::new();
        let mut left = BTreeSet::new();
        for (kind, files) in self.files {
            if files.is_empty() {
                continue;
            }
            let rules = self.rules.of(kind.id);
            if rules.iter().all(|rule| rule.edit.is_none()) {
                continue;
            }
            let mut places: HashMap<TargetPath, Vec<usize>> = HashMap::new();
            for (place, file) in files.iter().enumerate() {
                places.entry(file.path.clone()).or_default().push(place);
            }
            let mut one = OfKind {
                kind,
                rules,
                files,
                places,
                texts: &mut texts,
            };
            let checked = one.rounds(reach, &wanted);
            if reach == Reach::Safe {
                left.extend(
                    checked
                        .findings
                        .iter()
                        .filter(|found| wanted(found))
                        .filter_map(unmade),
                );
            }
        }
        let changed = texts.into_iter().filter(|(_, text)| !text.made.is_empty());
        Repaired {
            files: changed
                .map(|(path, text)| RepairedFile {
                    path,
                    before: text.before,
                    after: text.now.as_ref().to_owned(),
                    made: text.made,
                })
                .collect(),
            left: left.into_iter().collect(),
        }
    }
}

/// A fix that is not safe, of a finding that is left.
fn unmade(finding: &Finding) -> Option<Left> {
    let repair = finding.rule_reason()?.repair.as_ref()?;
    let (path, line) = place(finding)?;
    Some(Left {
        path: path.clone(),
        line,
        rule: finding.rule.0.clone(),
        may_break: repair.may_break.clone()?,
    })
}

fn place(finding: &Finding) -> Option<(&TargetPath, u32)> {
    match &finding.about {
        About::Place(place) => Some((&place.path, place.line?)),
        About::Package(_) => None,
    }
}

/// The files of one kind while they are repaired.
struct OfKind<'a, 'r> {
    kind: &'static Kind,
    rules: Vec<&'r Rule>,
    files: Vec<DocumentFile>,
    /// Where the files are in that list, by their paths.
    places: HashMap<TargetPath, Vec<usize>>,
    texts: &'a mut BTreeMap<TargetPath, Text>,
}

impl OfKind<'_, '_> {
    /// Repairs until nothing is left that can be; gives what is found afterwards.
    fn rounds(&mut self, reach: Reach, wanted: &impl Fn(&Finding) -> bool) -> Checked {
        // Another kind of document may have changed them.
        let changed: Vec<(TargetPath, Arc<str>)> = (self.texts.iter())
            .map(|(path, text)| (path.clone(), Arc::clone(&text.now)))
            .collect();
        for (path, text) in changed {
            self.put(&path, &text);
        }
        let mut checked = self.check();
        for _ in 0..MOST_ROUNDS {
            let chosen = self.choose(&checked, reach, wanted);
            if chosen.is_empty() {
                break;
            }
            checked = self.round(chosen, checked);
        }
        checked
    }

    fn check(&self) -> Checked {
        let files = (self.kind.prepare)(self.files.clone());
        let mut checked = check_documents(self.kind, &self.rules, &files);
        checked.sort();
        checked
    }

    /// The fixes that are made next: of each file those that touch different lines.
    fn choose(
        &mut self,
        checked: &Checked,
        reach: Reach,
        wanted: &impl Fn(&Finding) -> bool,
    ) -> BTreeMap<TargetPath, Chosen> {
        let mut chosen: BTreeMap<TargetPath, Chosen> = BTreeMap::new();
        for finding in &checked.findings {
            let repair = finding.rule_reason().and_then(|rule| rule.repair.as_ref());
            let (Some(repair), Some((path, _))) = (repair, place(finding)) else {
                continue;
            };
            if !wanted(finding) || (reach == Reach::Safe && repair.may_break.is_some()) {
                continue;
            }
            let text = self.texts.get(path);
            if text.is_some_and(|text| text.blocked.contains(&finding.rule.0)) {
                continue;
            }
            let of_file = chosen.entry(path.clone()).or_default();
            if !of_file.repairs.is_empty() && text.is_some_and(|text| text.is_careful) {
                continue;
            }
            let lines = repair
                .edits
                .iter()
                .flat_map(|edit| edit.start.0..=edit.end.0);
            let lines: BTreeSet<u32> = lines.collect();
            if lines.is_disjoint(&of_file.lines) {
                of_file.lines.extend(lines);
                let made = Made {
                    rule: finding.rule.0.clone(),
                    summary: finding.summary.clone(),
                    may_break: repair.may_break.clone(),
                };
                of_file.repairs.push((made, repair.clone()));
            }
        }
        chosen
    }

    /// Makes fixes, and takes those back that do not help.
    fn round(&mut self, chosen: BTreeMap<TargetPath, Chosen>, before: Checked) -> Checked {
        let mut old: BTreeMap<TargetPath, Arc<str>> = BTreeMap::new();
        for (path, of_file) in &chosen {
            let Some(text) = self.text(path) else {
                continue;
            };
            let edits = of_file.repairs.iter().flat_map(|(_, repair)| &repair.edits);
            let edits: Vec<_> = edits.cloned().collect();
            let new = apply(&text, &edits).unwrap_or_else(|| text.as_ref().to_owned());
            self.put(path, &Arc::from(new));
            old.insert(path.clone(), text);
        }
        let after = self.check();
        let (was, is) = (counts(&before), counts(&after));
        let worse_elsewhere = is.iter().any(|((path, rule), count)| {
            !chosen.contains_key(*path) && *count > was.get(&(path, *rule)).copied().unwrap_or(0)
        });
        let mut is_reverted = false;
        for (path, of_file) in chosen {
            let Some(old) = old.remove(&path) else {
                // No file of the target holds this text: it is put together of several.
                self.block(&path, &of_file, None);
                continue;
            };
            let helps = !worse_elsewhere && helps(&path, &of_file, &was, &is);
            if helps {
                let now = self.text(&path).unwrap_or_else(|| Arc::clone(&old));
                let text = self.entry(&path, &old);
                text.now = now;
                text.made
                    .extend(of_file.repairs.into_iter().map(|(made, _)| made));
            } else {
                self.put(&path, &old);
                self.block(&path, &of_file, Some(&old));
                is_reverted = true;
            }
        }
        if is_reverted { self.check() } else { after }
    }

    fn entry(&mut self, path: &TargetPath, before: &Arc<str>) -> &mut Text {
        self.texts.entry(path.clone()).or_insert_with(|| Text {
            before: Arc::clone(before),
            now: Arc::clone(before),
            made: Vec::new(),
            blocked: BTreeSet::new(),
            is_careful: false,
        })
    }

    /// Does not try fixes again; several are tried one by one.
    fn block(&mut self, path: &TargetPath, chosen: &Chosen, before: Option<&Arc<str>>) {
        let empty = Arc::from("");
        let text = self.entry(path, before.unwrap_or(&empty));
        if chosen.repairs.len() > 1 && before.is_some() {
            text.is_careful = true;
        } else {
            let rules = chosen.repairs.iter().map(|(made, _)| made.rule.clone());
            text.blocked.extend(rules);
        }
    }

    fn text(&self, path: &TargetPath) -> Option<Arc<str>> {
        let place = *self.places.get(path)?.first()?;
        Some(Arc::clone(&self.files.get(place)?.text))
    }

    /// Gives a file another text.
    fn put(&mut self, path: &TargetPath, text: &Arc<str>) {
        for place in self.places.get(path).into_iter().flatten() {
            let Some(file) = self.files.get_mut(*place) else {
                continue;
            };
            let read = self.kind.syntax.read(text);
            file.text = Arc::clone(text);
            file.documents = read.documents;
            file.problems = read.problem.into_iter().collect();
        }
    }
}

/// How many findings each rule has in each file, and under an empty name how much could not be
/// read.
type Counts<'c> = BTreeMap<(&'c TargetPath, &'c str), usize>;

fn counts(checked: &Checked) -> Counts<'_> {
    let findings = checked.findings.iter().filter_map(|finding| {
        let (path, _) = place(finding)?;
        Some((path, finding.rule.0.as_str()))
    });
    let unread = checked.notes.iter().filter_map(|note| {
        let is_unread = note.kind == NoteKind::Unread;
        note.path
            .as_ref()
            .filter(|_| is_unread)
            .map(|path| (path, ""))
    });
    let mut counts = Counts::new();
    for key in findings.chain(unread) {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Whether fixes of a file did what they should and nothing else.
fn helps(path: &TargetPath, chosen: &Chosen, was: &Counts<'_>, is: &Counts<'_>) -> bool {
    let count = |counts: &Counts<'_>, rule: &str| counts.get(&(path, rule)).copied().unwrap_or(0);
    let fixed: BTreeSet<&str> = chosen
        .repairs
        .iter()
        .map(|(made, _)| made.rule.as_str())
        .collect();
    let all_fixed = fixed.iter().all(|rule| count(is, rule) < count(was, rule));
    let mut here = is.iter().filter(|((file, _), _)| *file == path);
    all_fixed && here.all(|((_, rule), now)| *now <= count(was, rule))
}
