//! The verdict and what led to it.

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Everyone has done their work.
    Passed,
    /// Somebody has not.
    Denied,
    /// It can not be told, which is no yes.
    Undecided,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Passed, Self::Denied, Self::Undecided];

    /// The word in our formats and in cases.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Denied => "denied",
            Self::Undecided => "undecided",
        }
    }
}

/// What one rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleVerdict {
    /// The id of the rule.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// Whether it counts at the level of the policy.
    pub counts: bool,
    /// The level from which it does.
    pub level: Option<String>,
    /// What it says.
    pub decision: Decision,
    /// Why it need not hold all the same.
    pub excepted: Option<String>,
    /// Why it does not hold.
    pub reason: Option<String>,
    /// What is wrong, one by one.
    pub offences: Vec<String>,
    /// What to do.
    pub fix: String,
}

impl RuleVerdict {
    /// Whether it stands in the way.
    pub fn blocks(&self) -> bool {
        self.counts && self.excepted.is_none() && self.decision != Decision::Passed
    }
}

/// What a policy says of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What comes out.
    pub decision: Decision,
    /// The rules that are about the artifact.
    pub rules: Vec<RuleVerdict>,
    /// How many rules are about other artifacts.
    pub left_out: usize,
    /// How many verified statements there were.
    pub statements: usize,
    /// The highest level of SLSA that the policy believes of how the artifact was built.
    pub build_level: Option<u8>,
    /// What a person should know: what does not count, and why.
    pub notes: Vec<String>,
}

impl Verdict {
    /// What comes out of rules: a no if one says no, a yes if all say yes, and none if there is no
    /// rule.
    pub(super) fn of(rules: &[RuleVerdict]) -> Decision {
        let blocking = rules.iter().filter(|rule| rule.blocks());
        let mut undecided = rules.is_empty();
        for rule in blocking {
            match rule.decision {
                Decision::Denied => return Decision::Denied,
                Decision::Undecided => undecided = true,
                Decision::Passed => {}
            }
        }
        if undecided {
            Decision::Undecided
        } else {
            Decision::Passed
        }
    }
}
