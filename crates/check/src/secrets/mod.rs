//! Secrets that lie open: passwords, keys and tokens in the files of a target.
//!
//! What lies in installed packages, in what package managers keep and in what the distribution
//! brings was published by others, and is left out. A finding never shows a secret: its place, its
//! kind, its first characters, and a fingerprint by which it can be allowed.

mod checksum;
mod detector;
mod gitleaks;
mod keywords;
mod kind;
mod plausible;
mod redaction;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use linchpin_model::{
    About, Excerpt, Finding, FindingKind, LayerIndex, Location, Note, NoteKind, Reason, RiskScore,
    RuleId, RuleReason, Suppressed, Suppression, TargetPath,
};
use linchpin_source::{Entry, LeftOut, Pattern, Reader, ReaderIndex, Visited, Visitor, Wants};

use crate::checks::{Checked, commented, reasonless_note};
use crate::engine::ignored;
use crate::of_others::{FOLDERS_OF_OTHERS, ROOT_FOLDERS_OF_OTHERS};
use crate::priority::risk_score;
pub use checksum::Checksum;
use detector::{Detector, Leak};
pub use gitleaks::{GitleaksSettings, InvalidGitleaks};
pub use kind::{InvalidSecretKind, SecretKind, embedded};

/// Largest part of a file that is looked at, in bytes.
const MOST_READ: u32 = 4 << 20;

/// How much of a file is looked at to tell texts from other files.
const HEAD: usize = 8 << 10;

/// Files of others, and files in which no person writes.
const LEFT_OUT: LeftOut = LeftOut {
    folders: FOLDERS_OF_OTHERS,
    root_folders: ROOT_FOLDERS_OF_OTHERS,
    endings: &[
        "7z",
        "a",
        "apk",
        "avif",
        "bin",
        "bmp",
        "bz2",
        "class",
        "crate",
        "deb",
        "dll",
        "dylib",
        "ear",
        "eot",
        "exe",
        "flac",
        "gem",
        "gif",
        "gz",
        "heic",
        "ico",
        "iso",
        "jar",
        "jpeg",
        "jpg",
        "lz4",
        "mkv",
        "mo",
        "mov",
        "mp3",
        "mp4",
        "nupkg",
        "o",
        "ogg",
        "onnx",
        "otf",
        "parquet",
        "pdf",
        "png",
        "pyc",
        "pyo",
        "qcow2",
        "rlib",
        "rmeta",
        "rpm",
        "safetensors",
        "so",
        "svg",
        "tar",
        "tgz",
        "tif",
        "tiff",
        "ttf",
        "war",
        "wasm",
        "wav",
        "webm",
        "webp",
        "whl",
        "woff",
        "woff2",
        "xz",
        "zip",
        "zst",
    ],
    names: &[
        "Cargo.lock",
        "bun.lock",
        "composer.lock",
        "go.sum",
        "package-lock.json",
        "pnpm-lock.yaml",
        "poetry.lock",
        "uv.lock",
        "yarn.lock",
    ],
    most: MOST_READ,
};

static WANTS: &[Pattern] = &[Pattern::TextsBut(&LEFT_OUT)];

/// What is allowed to lie open.
#[derive(Debug, Default)]
pub struct AllowedSecrets {
    /// Fingerprints, as findings state them.
    pub fingerprints: BTreeSet<String>,
    /// What the project's settings of gitleaks allow, and look for.
    pub gitleaks: Option<GitleaksSettings>,
}

impl AllowedSecrets {
    /// Nothing.
    pub const fn none() -> Self {
        Self {
            fingerprints: BTreeSet::new(),
            gitleaks: None,
        }
    }
}

/// Reads the files of a target for secrets.
#[derive(Debug)]
pub struct Secrets<'k> {
    detector: Detector<'k>,
    wants: Wants,
    allowed: &'k AllowedSecrets,
    collected: Mutex<Vec<(TargetPath, Option<LayerIndex>, Checked)>>,
}

impl<'k> Secrets<'k> {
    /// Looks for secrets of these kinds.
    pub fn new(kinds: &'k [SecretKind], allowed: &'k AllowedSecrets) -> Self {
        Self {
            detector: Detector::new(
                kinds
                    .iter()
                    .chain(allowed.gitleaks.iter().flat_map(|settings| &settings.kinds))
                    .collect(),
            ),
            wants: Wants::compile([WANTS]).unwrap_or_default(),
            allowed,
            collected: Mutex::default(),
        }
    }

    /// How much of a file is looked at, in bytes.
    pub const MOST_READ: usize = MOST_READ as usize;

    /// Whether a file at this path is looked at.
    pub fn reads(&self, path: &str) -> bool {
        !self.wants.by_path(path).heads.is_empty()
    }

    /// The secrets in what was read, the most urgent first.
    pub fn finish(self, visited: &Visited) -> Checked {
        let mut collected = self
            .collected
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        collected.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
        let mut checked = Checked::default();
        for (path, layer, mut one) in collected {
            if layer.is_some() && !visited.tree.exists(&path) {
                for finding in &mut one.findings {
                    finding
                        .summary
                        .push_str(", in a layer, though deleted by a later one");
                }
            }
            checked.append(one);
        }
        if let Some(settings) = &self.allowed.gitleaks {
            let notes = settings.notes.iter();
            checked
                .notes
                .extend(notes.map(|text| Note::general(NoteKind::Unapplied, text.clone())));
        }
        checked.sort();
        checked
    }

    /// The secrets in a text that has a place.
    pub fn look(&self, path: &TargetPath, layer: Option<LayerIndex>, bytes: &[u8]) -> Checked {
        let mut checked = Checked::default();
        if memchr::memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some() {
            return checked;
        }
        let gitleaks = self.allowed.gitleaks.as_ref();
        if gitleaks.is_some_and(|settings| settings.allows_path(path.as_str())) {
            return checked;
        }
        let leaks = self.detector.find(bytes);
        if leaks.is_empty() {
            return checked;
        }
        let places: Vec<(usize, usize)> = leaks.iter().map(|leak| (leak.start, leak.end)).collect();
        let comments = std::str::from_utf8(bytes).map(ignored).unwrap_or_default();
        let mut lines = Lines::default();
        for leak in leaks {
            let secret = &bytes[leak.start..leak.end];
            let fingerprint = redaction::fingerprint(&leak.kind.id, secret);
            if self.allowed.fingerprints.contains(&fingerprint)
                || gitleaks.is_some_and(|settings| settings.allows(secret))
            {
                continue;
            }
            let (line, column) = lines.position(bytes, leak.start);
            let comment = comments
                .iter()
                .find(|comment| comment.covers(&leak.kind.id, line));
            let location = Location {
                path: path.clone(),
                layer,
                line: Some(line),
                column: Some(column),
            };
            let excerpt = redaction::excerpt(bytes, &places, leak.start, line)
                .into_iter()
                .map(|line| Excerpt {
                    line: line.number,
                    text: line.text,
                })
                .collect();
            let finding = finding(&leak, secret, fingerprint, location, excerpt);
            match comment {
                Some(comment) if !comment.reason.is_empty() => {
                    checked.suppressed.push(Suppressed {
                        finding,
                        because: vec![Suppression::Commented(commented(comment))],
                    });
                }
                Some(comment) => {
                    checked.notes.push(reasonless_note(path, layer, comment));
                    checked.findings.push(finding);
                }
                None => checked.findings.push(finding),
            }
        }
        checked
    }
}

impl Reader for Secrets<'_> {
    fn wants(&self) -> Vec<&'static [Pattern]> {
        vec![WANTS]
    }
}

impl Visitor for Secrets<'_> {
    fn visit(&self, entry: &Entry<'_>, _: &[ReaderIndex]) {
        let checked = self.look(entry.path, entry.layer, entry.content);
        if checked == Checked::default() {
            return;
        }
        let mut collected = self
            .collected
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        collected.push((entry.path.clone(), entry.layer, checked));
    }
}

/// Lines counted from place to place, so that a file is counted once.
#[derive(Default)]
struct Lines {
    upto: usize,
    breaks: u32,
}

impl Lines {
    /// The line and the column in characters of a place behind all those asked for before.
    fn position(&mut self, bytes: &[u8], place: usize) -> (u32, u32) {
        let between = bytes.get(self.upto..place).unwrap_or_default();
        let more = memchr::memchr_iter(b'\n', between).count();
        self.breaks = self
            .breaks
            .saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        self.upto = place;
        let line_start = memchr::memrchr(b'\n', &bytes[..place]).map_or(0, |found| found + 1);
        let before = String::from_utf8_lossy(&bytes[line_start..place]);
        let column = u32::try_from(before.chars().count()).unwrap_or(u32::MAX);
        (self.breaks.saturating_add(1), column.saturating_add(1))
    }
}

fn finding(
    leak: &Leak<'_>,
    secret: &[u8],
    fingerprint: String,
    location: Location,
    excerpt: Vec<Excerpt>,
) -> Finding {
    let kind = leak.kind;
    let (score, parts) = risk_score(kind.severity);
    Finding {
        rule: RuleId(kind.id.clone()),
        aliases: Vec::new(),
        kind: FindingKind::Secret,
        severity: kind.severity,
        cvss_tenths: None,
        score: RiskScore(score),
        exploited: None,
        about: About::Place(location),
        remedy: None,
        summary: format!("{}: {}", kind.title, redaction::shown(secret)),
        published: None,
        because: vec![
            Reason::Rule(RuleReason {
                repair: None,
                title: format!("{} lies open", kind.title),
                category: "secret".to_owned(),
                why: "Whoever can read this file can use it. It stays in the history of a \
                      repository and in the layers of an image when the file is changed."
                    .to_owned(),
                fix: format!(
                    "Withdraw it {}.\nThen keep the new one outside of the files: in the \
                     environment, or in a store of secrets.\n\
                     If it is none, allow its fingerprint: {fingerprint}",
                    kind.revoke
                ),
                references: kind.reference.iter().cloned().collect(),
                excerpt,
                fingerprint: Some(fingerprint),
            }),
            Reason::Weighed(parts),
        ],
    }
}
