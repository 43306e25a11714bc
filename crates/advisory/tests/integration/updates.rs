//! Bringing a database up to date: only what has changed is read, and the result is what reading
//! everything gives.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use linchpin_advisory::{
    Bucket, Database, Depth, FeedError, FolderBucket, ImportOptions, ImportSummary, SeekableRead,
    Taken, WriteLock, update,
};
use linchpin_model::Ecosystem;
use serde_json::json;
use tempfile::TempDir;

use crate::workbench::content;

/// A bucket in a folder that writes down which files are read.
struct Watched {
    bucket: FolderBucket,
    asked: Mutex<Vec<String>>,
}

impl Bucket for Watched {
    fn label(&self) -> String {
        "the feed".to_owned()
    }

    fn ecosystems(&self) -> Result<Vec<String>, FeedError> {
        self.bucket.ecosystems()
    }

    fn open(&self, path: &str) -> Result<Box<dyn SeekableRead>, FeedError> {
        let opened = self.bucket.open(path)?;
        self.asked.lock().unwrap().push(path.to_owned());
        Ok(opened)
    }

    fn records(&self, ecosystem: &str) -> Result<Vec<String>, FeedError> {
        self.bucket.records(ecosystem)
    }
}

/// A feed that can be changed, and a database that follows it.
struct Following {
    folder: TempDir,
    day: u32,
    changes: Vec<(String, String)>,
    /// When updates are made.
    now: &'static str,
}

impl Following {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("ecosystems.txt"), "PyPI\nnpm\n").unwrap();
        Self {
            folder,
            day: 0,
            changes: Vec::new(),
            now: "2026-12-01T00:00:00Z",
        }
    }

    /// Takes a record out, as if it had never been there.
    fn lose(&mut self, place: &str) {
        fs::remove_file(self.folder.path().join(format!("{place}.json"))).unwrap();
        self.changes.retain(|(_, other)| other != place);
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(".database")
    }

    /// Writes a record, as changed a day later than all others.
    fn put(&mut self, ecosystem: &str, id: &str, fixed: &str) {
        self.day += 1;
        let moment = format!(
            "2026-{:02}-{:02}T00:00:00Z",
            1 + self.day / 28,
            1 + self.day % 28
        );
        let record = json!({
            "id": id, "modified": moment, "summary": format!("{id} breaks."),
            "affected": [{
                "package": {"ecosystem": ecosystem, "name": "box"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
            }]
        });
        self.write(ecosystem, id, &record.to_string(), &moment);
    }

    fn withdraw(&mut self, ecosystem: &str, id: &str) {
        self.day += 1;
        let moment = format!(
            "2026-{:02}-{:02}T00:00:00Z",
            1 + self.day / 28,
            1 + self.day % 28
        );
        let record = json!({"id": id, "modified": moment, "withdrawn": moment});
        self.write(ecosystem, id, &record.to_string(), &moment);
    }

    fn write(&mut self, ecosystem: &str, id: &str, record: &str, moment: &str) {
        let path = self.folder.path().join(ecosystem);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join(format!("{id}.json")), record).unwrap();
        let place = format!("{ecosystem}/{id}");
        self.changes.retain(|(_, other)| *other != place);
        self.changes.insert(0, (moment.to_owned(), place));
    }

    /// Writes the lists of changes.
    fn publish(&self, at_the_top: bool) {
        let list = |folder: Option<&str>| -> String {
            self.changes
                .iter()
                .filter_map(|(moment, place)| match folder {
                    None => Some(format!("{moment},{place}\n")),
                    Some(folder) => {
                        let id = place.strip_prefix(folder)?.strip_prefix('/')?;
                        Some(format!("{moment},{id}\n"))
                    }
                })
                .collect()
        };
        let top = self.folder.path().join("modified_id.csv");
        if at_the_top {
            fs::write(top, list(None)).unwrap();
        } else {
            let _ = fs::remove_file(top);
        }
        for folder in ["npm", "PyPI"] {
            let path = self.folder.path().join(folder);
            fs::write(path.join("modified_id.csv"), list(Some(folder))).unwrap();
        }
    }

    fn update_with(&self, depth: Depth, database: &Path) -> (ImportSummary, Vec<String>) {
        let bucket = Watched {
            bucket: FolderBucket::new(self.folder.path()).unwrap(),
            asked: Mutex::default(),
        };
        let lock = WriteLock::take(database).unwrap();
        let options = ImportOptions {
            compiled: Some(self.now.parse().unwrap()),
            ..ImportOptions::default()
        };
        let summary = update(&bucket, &lock, &options, depth).unwrap();
        let mut records = bucket.asked.into_inner().unwrap();
        records.retain(|path| path.contains(".json"));
        records.sort();
        (summary, records)
    }

    fn update(&self) -> (ImportSummary, Vec<String>) {
        self.update_with(Depth::Changes, &self.database())
    }

    /// What following the feed has made is what reading all of it makes.
    fn check(&self) {
        let fresh = self.folder.path().join(".fresh");
        let _ = fs::remove_dir_all(&fresh);
        self.update_with(Depth::Whole, &fresh);
        assert_eq!(content(&self.database()), content(&fresh));
    }
}

fn how(summary: &ImportSummary, ecosystem: Ecosystem) -> (Taken, u64) {
    let line = summary
        .ecosystems
        .iter()
        .find(|line| line.ecosystem == ecosystem)
        .unwrap();
    (line.how, line.read)
}

#[test]
fn only_what_has_changed_is_read() {
    for at_the_top in [true, false] {
        let mut feed = Following::new();
        for number in 0..30 {
            feed.put("npm", &format!("GHSA-{number}"), "2.0.0");
        }
        feed.put("PyPI", "PYSEC-1", "2.0");
        feed.publish(at_the_top);
        let (first, _) = feed.update();
        assert_eq!(how(&first, Ecosystem::Npm), (Taken::Whole, 30));
        feed.check();

        // Nothing has changed: nothing is read, and the files stay.
        let before = content(&feed.database());
        let (second, records) = feed.update();
        assert_eq!(how(&second, Ecosystem::Npm), (Taken::Unchanged, 0));
        assert_eq!(records, [""; 0]);
        assert_eq!(content(&feed.database()), before);

        // One is new, one changed, one withdrawn.
        feed.put("npm", "GHSA-new", "4.0.0");
        feed.put("npm", "GHSA-7", "3.0.0");
        feed.withdraw("npm", "GHSA-9");
        feed.publish(at_the_top);
        let (third, records) = feed.update();
        assert_eq!(how(&third, Ecosystem::Npm), (Taken::Changes, 3));
        assert_eq!(how(&third, Ecosystem::PyPi), (Taken::Unchanged, 0));
        assert_eq!(
            records,
            ["npm/GHSA-7.json", "npm/GHSA-9.json", "npm/GHSA-new.json"]
        );
        let database = Database::open(&feed.database()).unwrap();
        let found = database.lookup(Ecosystem::Npm, None, "box").unwrap();
        assert_eq!(found.len(), 30);
        feed.check();
    }
}

#[test]
fn one_more_change_at_the_same_moment_is_noticed() {
    let mut feed = Following::new();
    feed.put("npm", "GHSA-1", "2.0.0");
    feed.put("PyPI", "PYSEC-1", "2.0");
    let (moment, _) = feed.changes[0].clone();
    feed.publish(true);
    feed.update();
    let late = json!({
        "id": "PYSEC-2", "modified": moment,
        "affected": [{"package": {"ecosystem": "PyPI", "name": "box"}, "versions": ["1.0"]}]
    });
    feed.write("PyPI", "PYSEC-2", &late.to_string(), &moment);
    feed.publish(true);
    let (summary, records) = feed.update();
    assert_eq!(how(&summary, Ecosystem::PyPi), (Taken::Changes, 2));
    assert_eq!(records, ["PyPI/PYSEC-1.json", "PyPI/PYSEC-2.json"]);
    feed.check();
    assert_eq!(
        how(&feed.update().0, Ecosystem::PyPi),
        (Taken::Unchanged, 0)
    );
}

#[test]
fn many_changes_are_read_as_a_whole_and_lost_ones_too() {
    let mut feed = Following::new();
    for number in 0..130 {
        feed.put("npm", &format!("GHSA-{number}"), "2.0.0");
    }
    feed.put("PyPI", "PYSEC-1", "2.0");
    feed.publish(true);
    feed.update();
    for number in 0..101 {
        feed.put("npm", &format!("GHSA-{number}"), "3.0.0");
    }
    feed.publish(true);
    let (summary, _) = feed.update();
    assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Whole, 130));
    feed.check();

    // A record that is listed and gone is gone; a record that can not be read keeps what was known.
    feed.put("npm", "GHSA-3", "4.0.0");
    feed.put("npm", "GHSA-4", "4.0.0");
    fs::remove_file(feed.folder.path().join("npm/GHSA-3.json")).unwrap();
    fs::write(feed.folder.path().join("npm/GHSA-4.json"), "{").unwrap();
    feed.publish(true);
    let (summary, _) = feed.update();
    assert_eq!(summary.broken, 1);
    assert!(
        summary.problems[0].contains("GHSA-4"),
        "{:?}",
        summary.problems
    );
    let database = Database::open(&feed.database()).unwrap();
    let found = format!(
        "{:?}",
        database.lookup(Ecosystem::Npm, None, "box").unwrap()
    );
    assert_eq!(
        database.lookup(Ecosystem::Npm, None, "box").unwrap().len(),
        129,
        "{found}"
    );
}

#[test]
fn a_damaged_database_is_made_anew() {
    let mut feed = Following::new();
    feed.put("npm", "GHSA-1", "2.0.0");
    feed.put("PyPI", "PYSEC-1", "2.0");
    feed.publish(true);
    feed.update();
    let npm = content(&feed.database())
        .into_keys()
        .find(|name| name.starts_with("npm-"))
        .unwrap();
    let path = feed.database().join(npm);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[128..middle].fill(7);
    fs::write(&path, bytes).unwrap();
    feed.put("npm", "GHSA-2", "2.0.0");
    feed.publish(true);
    let (summary, _) = feed.update();
    assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Whole, 2));
    feed.check();
    Database::open(&feed.database()).unwrap().verify().unwrap();
}

#[test]
fn two_at_once_wait_for_each_other() {
    let mut feed = Following::new();
    for number in 0..20 {
        feed.put("npm", &format!("GHSA-{number}"), "2.0.0");
    }
    feed.put("PyPI", "PYSEC-1", "2.0");
    feed.publish(true);
    let lock = WriteLock::take(&feed.database()).unwrap();
    assert!(WriteLock::try_take(&feed.database()).unwrap().is_none());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| feed.update());
        }
        drop(lock);
    });
    feed.check();
}

fn gone(summary: &ImportSummary, ecosystem: Ecosystem) -> u64 {
    let line = summary
        .ecosystems
        .iter()
        .find(|line| line.ecosystem == ecosystem)
        .unwrap();
    line.gone
}

/// Thirty records of npm and one of PyPI, in a database since the first of December.
fn thirty() -> Following {
    thirty_since("2026-12-01T00:00:00Z")
}

fn thirty_since(now: &'static str) -> Following {
    let mut feed = Following::new();
    feed.now = now;
    for number in 0..30 {
        feed.put("npm", &format!("GHSA-{number}"), "2.0.0");
    }
    feed.put("PyPI", "PYSEC-1", "2.0");
    feed.publish(true);
    feed.update();
    feed
}

#[test]
fn what_is_not_listed_any_more_is_gone_within_a_day() {
    for at_the_top in [true, false] {
        let mut feed = thirty();
        feed.lose("npm/GHSA-3");
        feed.publish(at_the_top);
        // The same day lists are read only up to what is known.
        assert_eq!(how(&feed.update().0, Ecosystem::Npm), (Taken::Unchanged, 0));
        feed.now = "2026-12-02T00:00:00Z";
        let (summary, records) = feed.update();
        assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Changes, 0));
        assert_eq!(gone(&summary, Ecosystem::Npm), 1);
        assert_eq!(how(&summary, Ecosystem::PyPi), (Taken::Unchanged, 0));
        assert_eq!(records, [""; 0]);
        feed.check();

        // With changes beside it, too.
        feed.now = "2026-12-03T00:00:00Z";
        feed.lose("npm/GHSA-4");
        feed.put("npm", "GHSA-5", "7.0.0");
        feed.publish(at_the_top);
        let (summary, records) = feed.update();
        assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Changes, 1));
        assert_eq!(gone(&summary, Ecosystem::Npm), 1);
        assert_eq!(records, ["npm/GHSA-5.json"]);
        feed.check();
    }
}

#[test]
fn a_record_that_is_listed_late_is_not_missed() {
    let mut feed = thirty_since("2026-02-10T00:00:00Z");
    let record = |id: &str, moment: &str| {
        json!({
            "id": id, "modified": moment,
            "affected": [{
                "package": {"ecosystem": "npm", "name": "box"},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "3.0.0"}]}]
            }]
        })
        .to_string()
    };
    let newest = "2026-02-09T12:00:00Z";
    feed.write("npm", "GHSA-new", &record("GHSA-new", newest), newest);
    feed.publish(true);
    feed.now = "2026-02-10T01:00:00Z";
    assert_eq!(how(&feed.update().0, Ecosystem::Npm), (Taken::Changes, 1));
    // Both have a moment before the one that was seen: they came to the list only now.
    let moment = "2026-02-09T00:00:00Z";
    feed.write("npm", "GHSA-late", &record("GHSA-late", moment), moment);
    feed.write("npm", "GHSA-7", &record("GHSA-7", moment), moment);
    feed.changes.sort_by(|left, right| right.cmp(left));
    feed.publish(true);
    let (summary, _) = feed.update();
    assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Unchanged, 0));
    feed.now = "2026-02-11T00:00:00Z";
    let (summary, records) = feed.update();
    assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Changes, 2));
    assert_eq!(records, ["npm/GHSA-7.json", "npm/GHSA-late.json"]);
    feed.check();
    // And once is enough.
    feed.now = "2026-02-12T00:00:00Z";
    assert_eq!(how(&feed.update().0, Ecosystem::Npm), (Taken::Unchanged, 0));
}

#[test]
fn a_list_that_is_cut_off_takes_nothing_away() {
    for kept in [0, 10] {
        let mut feed = thirty();
        let list = feed.folder.path().join("npm/modified_id.csv");
        let text = fs::read_to_string(&list).unwrap();
        let cut: String = text
            .lines()
            .take(kept)
            .flat_map(|line| {
                [
                    line, "
",
                ]
            })
            .collect();
        fs::write(&list, cut).unwrap();
        feed.now = "2026-12-02T00:00:00Z";
        // All records are looked at, and they are there.
        let (summary, _) = feed.update();
        assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Whole, 30));
        feed.check();
    }
}

#[test]
fn what_a_feed_lost_altogether_is_kept_and_said() {
    let mut feed = thirty();
    feed.now = "2026-12-02T00:00:00Z";
    for (_, place) in feed.changes.clone() {
        if place.starts_with("npm/") {
            feed.lose(&place);
        }
    }
    feed.publish(true);
    let before = Database::open(&feed.database()).unwrap();
    let (summary, _) = feed.update();
    assert!(
        summary.problems[0].contains("what was known of it stays"),
        "{:?}",
        summary.problems
    );
    let after = Database::open(&feed.database()).unwrap();
    let part = |database: &Database| {
        let manifest = database.manifest().unwrap();
        manifest.ecosystem(Ecosystem::Npm).cloned()
    };
    assert_eq!(part(&before), part(&after));
}

#[test]
fn a_feed_that_nobody_keeps_up_does_not_look_fresh() {
    let feed = thirty();
    let database = Database::open(&feed.database()).unwrap();
    // The newest change that is listed, not the day of the update.
    assert_eq!(
        database.facts().current,
        Some("2026-02-04T00:00:00Z".parse().unwrap())
    );
}

#[test]
fn another_feed_is_read_as_a_whole() {
    let feed = thirty();
    let other = FolderBucket::new(feed.folder.path()).unwrap();
    let lock = WriteLock::take(&feed.database()).unwrap();
    let summary = update(&other, &lock, &ImportOptions::default(), Depth::Changes).unwrap();
    assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Whole, 30));
}

/// A bucket whose connection breaks when this is asked for.
struct Breaking<'a> {
    bucket: &'a Watched,
    at: &'a str,
}

impl Bucket for Breaking<'_> {
    fn label(&self) -> String {
        self.bucket.label()
    }

    fn ecosystems(&self) -> Result<Vec<String>, FeedError> {
        self.bucket.ecosystems()
    }

    fn open(&self, path: &str) -> Result<Box<dyn SeekableRead>, FeedError> {
        if path.starts_with(self.at) {
            return Err(FeedError::Transport {
                path: path.to_owned(),
                reason: "the connection broke".to_owned(),
            });
        }
        self.bucket.open(path)
    }

    fn records(&self, ecosystem: &str) -> Result<Vec<String>, FeedError> {
        self.bucket.records(ecosystem)
    }
}

#[test]
fn an_interrupted_first_update_goes_on_where_it_was() {
    let mut feed = Following::new();
    for number in 0..30 {
        feed.put("npm", &format!("GHSA-{number}"), "2.0.0");
    }
    feed.put("PyPI", "PYSEC-1", "2.0");
    feed.publish(true);
    let bucket = Watched {
        bucket: FolderBucket::new(feed.folder.path()).unwrap(),
        asked: Mutex::default(),
    };
    let broken = Breaking {
        bucket: &bucket,
        at: "PyPI/",
    };
    let lock = WriteLock::take(&feed.database()).unwrap();
    let options = ImportOptions {
        compiled: Some(feed.now.parse().unwrap()),
        ..ImportOptions::default()
    };
    update(&broken, &lock, &options, Depth::Changes).unwrap_err();
    drop(lock);
    // Nothing can be matched with half a database, and the message says what to do.
    let error = Database::open(&feed.database()).unwrap_err();
    assert!(error.to_string().contains("was not finished"), "{error}");
    assert!(error.hint().contains("goes on"));

    // One of those that were there is changed meanwhile.
    feed.put("npm", "GHSA-7", "9.0.0");
    feed.publish(true);
    let (summary, records) = feed.update();
    assert_eq!(how(&summary, Ecosystem::Npm), (Taken::Changes, 1));
    assert_eq!(how(&summary, Ecosystem::PyPi), (Taken::Whole, 1));
    assert_eq!(records, ["PyPI/PYSEC-1.json", "npm/GHSA-7.json"]);
    feed.check();
    assert!(!feed.database().join("unfinished.json").exists());
}
