//! Bulletins: a distribution's announcements of new packages, which differ in three ways from what
//! the schema wants.
//!
//! Before the schema had `upstream`, and at AlmaLinux still today, they list the flaws that they
//! repair as `related`. Some announce new features or repairs of bugs and speak of no flaw at all.
//! And how bad it is stands in the title, "Important: less security update".

use linchpin_model::Ecosystem;

use super::rating::word;
use crate::database::Word;
use crate::record::Record;

/// What a bulletin says beside the fields that all records have.
#[derive(Debug, Default)]
pub(super) struct Bulletin {
    /// The flaws that it repairs, where it does not say so in `upstream`.
    pub(super) repairs: Vec<String>,
    /// How bad they are, by the title.
    pub(super) word: Option<Word>,
    /// Whether it is about anything but flaws.
    pub(super) is_harmless: bool,
}

impl Bulletin {
    /// Looks at a record; of one that is no bulletin there is nothing to say.
    pub(super) fn of(record: &Record) -> Self {
        if !is_of_a_distribution(record) {
            return Self::default();
        }
        let is_cve = |name: &&String| name.starts_with("CVE-");
        let named = || record.aliases.iter().chain(&record.upstream);
        let repairs: Vec<String> = if record.id.starts_with("CVE-") || named().any(|n| is_cve(&n)) {
            Vec::new()
        } else {
            record.related.iter().filter(is_cve).cloned().collect()
        };
        // Bug fixes, enhancements; recommended, feature and optional updates.
        let is_for_flaws = ![
            "ALBA-", "ALEA-", "RHBA-", "RHEA-", "RLBA-", "RLEA-", "SUSE-RU-", "SUSE-FU-",
            "SUSE-OU-",
        ]
        .iter()
        .any(|prefix| record.id.starts_with(prefix));
        Self {
            word: record
                .summary
                .as_deref()
                .and_then(|title| word(title.split_once(": ")?.0)),
            is_harmless: !is_for_flaws && repairs.is_empty() && !named().any(|n| is_cve(&n)),
            repairs,
        }
    }
}

fn is_of_a_distribution(record: &Record) -> bool {
    let mut packages = record
        .affected
        .iter()
        .filter_map(|affected| affected.package.as_ref())
        .peekable();
    packages.peek().is_some()
        && packages.all(|package| {
            Ecosystem::from_osv(package.ecosystem.trim())
                .is_some_and(|(ecosystem, _)| ecosystem.facts().is_distribution())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulletin(id: &str, ecosystem: &str, more: &str) -> Bulletin {
        let json = format!(
            r#"{{"id":"{id}",{more},"affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"a"}}}}]}}"#
        );
        Bulletin::of(&Record::parse(json.as_bytes()).unwrap())
    }

    #[test]
    fn what_a_distribution_calls_related_is_what_it_repairs() {
        let related = r#""related":["CVE-2024-1","GHSA-1"],"summary":"Important: less update""#;
        let found = bulletin("ALSA-2024:1", "AlmaLinux:9", related);
        assert_eq!(found.repairs, ["CVE-2024-1"]);
        assert_eq!(found.word, Some(Word::High));
        assert!(!found.is_harmless);
        // Elsewhere, what is related is another flaw.
        assert!(bulletin("GHSA-2", "npm", related).repairs.is_empty());
        assert_eq!(bulletin("GHSA-2", "npm", related).word, None);
        let upstream = r#""upstream":["CVE-2024-2"],"related":["CVE-2024-1"]"#;
        assert!(
            bulletin("RLSA-2024:1", "Rocky Linux:9", upstream)
                .repairs
                .is_empty()
        );
    }

    #[test]
    fn what_repairs_no_flaw_is_told_apart() {
        let none = r#""summary":"container-tools bug fix update""#;
        assert!(bulletin("ALBA-2024:1", "AlmaLinux:8", none).is_harmless);
        let some = r#""related":["CVE-2024-1"]"#;
        assert!(!bulletin("ALBA-2024:1", "AlmaLinux:8", some).is_harmless);
        assert!(!bulletin("ALSA-2024:1", "AlmaLinux:8", none).is_harmless);
    }
}
