//! How the program can end: the one place where exit codes are listed. The manual is made from
//! this list.

use std::fmt::{self, Write as _};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitCode {
    /// Nothing was found, or everything found is below the bar.
    Clean,
    /// Something was found at or above the bar of `--fail-on`.
    Findings,
    /// Wrong arguments.
    WrongUse,
    /// The target can not be read, or what is attached to it; or nothing can be attached.
    Target,
    /// The advisory database can not be used.
    Database,
    /// The result can not be written, or something went wrong that never should.
    Internal,
    /// A plan was applied, and not all came as it promised.
    NotAsPromised,
    /// A key, a passphrase, a token, a service that signing needs, or a trusted root can not be used.
    Trust,
    /// A gate can not tell whether something may go on.
    Undecided,
    /// The command of a build failed.
    Build,
}

impl ExitCode {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 10] = [
        Self::Clean,
        Self::Findings,
        Self::WrongUse,
        Self::Target,
        Self::Database,
        Self::Internal,
        Self::NotAsPromised,
        Self::Trust,
        Self::Undecided,
        Self::Build,
    ];

    /// The number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::WrongUse => 2,
            Self::Target => 3,
            Self::Database => 4,
            Self::Internal => 5,
            Self::NotAsPromised => 6,
            Self::Trust => 7,
            Self::Undecided => 8,
            Self::Build => 9,
        }
    }

    /// What it means.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Clean => "nothing was found, or only what is below the bar of --fail-on",
            Self::Findings => {
                "something was found at or above the bar of --fail-on (for `diff`: introduced); `sbom diff` or `db diff` found a difference; `score` came to less than --fail-under; `verify` refused; `gate` denied; a case of `policy test` came out otherwise"
            }
            Self::WrongUse => "wrong use: unknown options, or options that contradict each other",
            Self::Target => {
                "the target, or what is attached to it, can not be read; or nothing can be attached to it"
            }
            Self::Database => "the advisory database can not be used",
            Self::Internal => "the result can not be written, or an error of the program itself",
            Self::NotAsPromised => {
                "`fix --apply` could not do what it had planned, or it came otherwise than promised"
            }
            Self::Trust => {
                "a key, a passphrase, a token of identity, a service that signing needs, or a trusted root can not be used"
            }
            Self::Undecided => "`gate` can not tell, which is no yes",
            Self::Build => "the command that `build` runs failed, or can not be run",
        }
    }
}

/// The list for the end of the help text.
pub(crate) fn listed() -> String {
    let mut text = String::from("Exit codes:\n");
    for code in ExitCode::ALL {
        let _ = writeln!(text, "  {}  {}", code.number(), code.meaning());
    }
    text
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        code.number().into()
    }
}

/// A failure that decides how the program ends. It is put on an error as its outermost context.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: ExitCode,
    pub(crate) doing: String,
}

impl Failure {
    /// A failure of this sort while `doing` something: a fragment that fits after "failed to".
    pub(crate) fn new(code: ExitCode, doing: impl Into<String>) -> Self {
        Self {
            code,
            doing: doing.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "failed to {}", self.doing)
    }
}
