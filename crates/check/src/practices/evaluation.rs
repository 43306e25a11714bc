//! A check, and what it comes to.

use std::fmt;

use linchpin_model::TargetPath;

use super::Facts;

/// The best score.
pub const MOST_SCORE: u8 = 10;

/// Most details of one check. What follows is counted.
const MOST_DETAILS: usize = 200;

/// A question to a project.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its name, that of Scorecard: `Binary-Artifacts`.
    pub name: &'static str,
    /// How much hangs on it.
    pub risk: Risk,
    /// Whether Scorecard has it.
    pub standing: Standing,
    /// What is asked, in one sentence.
    pub short: &'static str,
    /// What to do about a low score.
    pub remedy: &'static str,
    /// Answers it.
    pub evaluate: fn(&Facts<'_>) -> Evaluation,
}

/// Whether a check is one of Scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is, and counts in the score over all.
    Scorecard,
    /// It is ours, and is told but not counted, so that scores compare.
    Ours,
}

/// How much hangs on a check: Scorecard's classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// A weight of 10.
    Critical,
    /// A weight of 7.5.
    High,
    /// A weight of 5.
    Medium,
    /// A weight of 2.5.
    Low,
}

impl Risk {
    /// The word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// Its weight in the score over all, in tenths:
    /// <https://github.com/ossf/scorecard#aggregate-score>.
    pub(super) fn weight(self) -> u32 {
        match self {
            Self::Critical => 100,
            Self::High => 75,
            Self::Medium => 50,
            Self::Low => 25,
        }
    }
}

/// What a check comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// From 0 to 10; nothing if it can not be told.
    pub score: Option<u8>,
    /// Why, in one sentence without a full stop.
    pub reason: String,
    /// What it is made of.
    pub details: Vec<Detail>,
    /// How many more details there are.
    more: usize,
}

/// A thing that counts for or against a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Whether it is good or bad.
    pub level: DetailLevel,
    /// What it is.
    pub text: String,
    /// Where it is.
    pub place: Option<Place>,
}

/// Whether a detail is good or bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DetailLevel {
    /// Bad.
    Warning,
    /// Good, or neither.
    Information,
}

/// A file, and a line in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: TargetPath,
    /// The line, counted from 1.
    pub line: Option<u32>,
}

impl Place {
    /// A file as a whole.
    pub fn file(path: &TargetPath) -> Self {
        Self {
            path: path.clone(),
            line: None,
        }
    }

    /// A line of a file.
    pub fn line(path: &TargetPath, line: u32) -> Self {
        Self {
            path: path.clone(),
            line: Some(line),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.path, self.line.unwrap_or(1))
    }
}

impl fmt::Display for Detail {
    /// As Scorecard writes them: `Warn: text: path:line`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            DetailLevel::Warning => "Warn",
            DetailLevel::Information => "Info",
        };
        write!(formatter, "{level}: {}", self.text)?;
        match &self.place {
            Some(place) => write!(formatter, ": {place}"),
            None => Ok(()),
        }
    }
}

impl Evaluation {
    /// A score, of which no more than 10 counts.
    pub(super) fn new(score: u8, reason: impl Into<String>) -> Self {
        Self {
            score: Some(score.min(MOST_SCORE)),
            reason: reason.into(),
            details: Vec::new(),
            more: 0,
        }
    }

    /// The share of what was done in all that there was, rounded down, as Scorecard does.
    pub(super) fn share(done: usize, all: usize, reason: impl Into<String>) -> Self {
        let most = usize::from(MOST_SCORE);
        let score = (done.min(all) * most).checked_div(all).unwrap_or(most);
        Self::new(score.min(most) as u8, reason)
    }

    /// No score.
    pub(super) fn unknown(reason: impl Into<String>) -> Self {
        Self {
            score: None,
            reason: reason.into(),
            details: Vec::new(),
            more: 0,
        }
    }

    /// The same with something bad.
    #[must_use]
    pub(super) fn warn(self, text: impl Into<String>, place: Option<Place>) -> Self {
        self.detail(DetailLevel::Warning, text.into(), place)
    }

    /// The same with something good.
    #[must_use]
    pub(super) fn inform(self, text: impl Into<String>, place: Option<Place>) -> Self {
        self.detail(DetailLevel::Information, text.into(), place)
    }

    fn detail(mut self, level: DetailLevel, text: String, place: Option<Place>) -> Self {
        if self.details.len() < MOST_DETAILS {
            self.details.push(Detail { level, text, place });
        } else {
            self.more += 1;
        }
        self
    }

    /// How many details were left out.
    pub fn left_out(&self) -> usize {
        self.more
    }
}
