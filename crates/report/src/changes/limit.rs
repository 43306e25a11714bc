//! What limits a comparison. Sentences of our own, without a word from a target, so that every
//! format may show them as they are.

use crate::text::counted;

/// Something that a comparison does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// One side states no licence at all.
    LicensesUnstated,
    /// A report of an older program does not list the packages.
    PackagesUnlisted,
    /// Of a side something could not be read or compared with advisories: so many notes say what.
    Notes(Which, usize),
    /// An earlier scan left so many findings out of its report: those that only development
    /// needs, and those without a fix.
    LeftOutOfReport {
        /// Of which side the report is.
        which: Which,
        /// In packages that only development needs.
        development: usize,
        /// Without a fix.
        unfixed: usize,
    },
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// As it was.
    Before,
    /// As it is.
    After,
}

impl Which {
    fn label(self) -> &'static str {
        match self {
            Self::Before => "old",
            Self::After => "new",
        }
    }
}

impl Limit {
    /// What to tell a person.
    pub fn sentence(self) -> String {
        match self {
            Self::LicensesUnstated => "Licences are not compared: one side states none.".to_owned(),
            Self::PackagesUnlisted => {
                "Packages are not compared: a report of an older program does not list them."
                    .to_owned()
            }
            Self::Notes(which, count) => format!(
                "What could not be read or compared on the {} side: {}, which linchpin scan shows.",
                which.label(),
                counted(count, "note")
            ),
            Self::LeftOutOfReport {
                which,
                development,
                unfixed,
            } => {
                let parts: Vec<String> = [
                    (development, "in development dependencies"),
                    (unfixed, "without a fix"),
                ]
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, words)| format!("{} {words}", counted(count, "finding")))
                .collect();
                format!(
                    "The report of the {} side leaves out {}: they may look introduced or fixed.",
                    which.label(),
                    parts.join(" and ")
                )
            }
        }
    }
}
