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
}

impl Following {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("ecosystems.txt"), "PyPI\nnpm\n").unwrap();
        Self {
            folder,
            day: 0,
            changes: Vec::new(),
        }
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
            compiled: Some("2026-12-01T00:00:00Z".parse().unwrap()),
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
