//! The starter set: a few hundred advisories inside the program, so that a first scan on a
//! machine without network finds real flaws. They are written for this project as facts, as OSV
//! records, one on a line; see the folder `starter`.
//!
//! It is compiled into a database in memory when it is wanted, by the same code as any feed.

use std::io::Cursor;

use linchpin_model::AdvisoryOrigin;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::condense::condense;
use crate::database::{Encoded, Pool, Repeated, compile};
use crate::record::Record;
use crate::{Database, DatabaseError, ExploitedCatalogue};

macro_rules! starter_files {
    ($($name:literal),* $(,)?) => {
        /// The files of the starter set: their names, and their records, one on a line.
        pub const STARTER_FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../starter/", $name, ".jsonl")))),*
        ];
    };
}

starter_files! { "crates-io", "debian", "go", "maven", "npm", "pypi", "rubygems" }

/// Which flaws of the starter set are known to be used in attacks.
const EXPLOITED: &str = include_str!("../starter/exploited.json");

impl Database {
    /// The starter set.
    pub fn starter() -> Result<Self, DatabaseError> {
        const UNREADABLE: DatabaseError = DatabaseError::Corrupt {
            what: "the starter set inside the program can not be compiled",
        };
        let exploited = ExploitedCatalogue::read(EXPLOITED.as_bytes()).map_err(|_| UNREADABLE)?;
        let lines: Vec<&str> = STARTER_FILES
            .iter()
            .flat_map(|(_, text)| text.lines())
            .filter(|line| !line.trim().is_empty())
            .collect();
        // A flaw of a library and of the distribution that packages it are two records with one
        // id here, in two files; both count.
        let records: Vec<Encoded> = lines
            .into_par_iter()
            .filter_map(|line| Record::parse(line.as_bytes()).ok())
            .filter_map(|record| Encoded::new(&condense(record)).transpose())
            .collect::<Result<_, _>>()
            .map_err(|_| UNREADABLE)?;
        let mut pool = Pool::default();
        for record in &records {
            pool.push(record).map_err(|_| UNREADABLE)?;
        }
        let mut bytes = Cursor::new(Vec::new());
        compile(&pool, Repeated::All, &mut bytes).map_err(|_| UNREADABLE)?;
        Self::in_memory(bytes.into_inner(), exploited, AdvisoryOrigin::StarterSet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_record_that_is_understood_and_matched() {
        for (name, text) in STARTER_FILES {
            let mut ids = std::collections::BTreeSet::new();
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let record = Record::parse(line.as_bytes())
                    .unwrap_or_else(|error| panic!("{name}: {error}: {line}"));
                let packages = record.affected.len();
                let condensed = condense(record);
                let id = &condensed.advisory.id;
                assert_eq!(condensed.problems, [""; 0], "{name}: {id}");
                assert_eq!(condensed.packages.len(), packages, "{name}: {id}");
                assert!(!condensed.summary.is_empty(), "{name}: {id}");
                assert!(ids.insert(id.clone()), "{name}: {id} is there twice");
            }
        }
    }

    #[test]
    fn it_compiles_and_says_what_it_holds() {
        let database = Database::starter().unwrap();
        let facts = database.facts();
        assert_eq!(facts.origin, AdvisoryOrigin::StarterSet);
        assert!(facts.total() >= 200, "{}", facts.total());
        assert!(facts.newest.is_some());
    }

    #[test]
    fn every_exploited_flaw_is_one_of_the_set() {
        let exploited = ExploitedCatalogue::read(EXPLOITED.as_bytes()).unwrap();
        assert!(exploited.len() > 20);
        for line in EXPLOITED.lines().filter(|line| line.contains("cveID")) {
            let id = line.split('"').nth(3).unwrap();
            assert!(
                exploited
                    .get(id)
                    .is_some_and(|listed| !listed.added.is_empty()),
                "{id}"
            );
            assert!(
                STARTER_FILES.iter().any(|(_, text)| text.contains(id)),
                "{id} is not in the set"
            );
        }
    }
}
