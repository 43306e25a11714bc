//! Our reader of SQLite's files, fed with databases that SQLite itself has written, in all sizes
//! of pages and encodings of text, with values that need overflow pages, and with a log.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cases::inventory_of;
use crate::reference_tools::output_of;

/// Makes the database of FreeBSD's pkg in a folder and prints `name length-of-comment`.
const MAKE: &str = r#"
import random, sqlite3, sys
path, page_size, encoding, count, seed = sys.argv[1], *sys.argv[2:6]
random.seed(int(seed))
database = sqlite3.connect(path)
database.execute(f"pragma page_size={page_size}")
database.execute(f"pragma encoding='{encoding}'")
database.execute(f"pragma auto_vacuum={random.randrange(3)}")
database.execute("create table packages (id integer primary key, origin text, name text unique, version text, comment text, arch text, maintainer text, licenselogic integer)")
for table, column in ("licenses", "license"), ("pkg_licenses", "license_id"), ("deps", "name"), ("files", "path"):
    database.execute(f"create table {table} (package_id integer, {column})")
for number in range(int(count)):
    length = random.choice([0, 1, 50, 400, int(page_size) - 40, random.randrange(3 * int(page_size)), 70000 * (number % 50 == 0)])
    database.execute("insert into packages values (?, 'o', ?, '1', ?, 'x', 'm', 1)",
        (random.randrange(-2**40, 2**62), f"p{number}", "\u00e9" * length))
for number in range(0, int(count), 3):
    database.execute("delete from packages where name = ?", (f"p{number}",))
database.commit()
for name, length in database.execute("select name, length(comment) from packages"):
    print(name, length)
"#;

#[test]
fn what_sqlite_writes_is_read_whatever_its_pages_are() {
    for (seed, (page_size, encoding)) in [
        ("512", "UTF-8"),
        ("1024", "UTF-16le"),
        ("4096", "UTF-16be"),
        ("65536", "UTF-8"),
    ]
    .into_iter()
    .enumerate()
    {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("var/db/pkg");
        std::fs::create_dir_all(&folder).unwrap();
        let database = folder.join("local.sqlite");
        let arguments = [
            "-c",
            MAKE,
            database.to_str().unwrap(),
            page_size,
            encoding,
            "1000",
            &seed.to_string(),
        ];
        let Some(theirs) = output_of("python3", &arguments, Path::new("/")) else {
            return;
        };
        let theirs: BTreeMap<String, usize> = theirs
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, length)| (name.to_owned(), length.parse().unwrap()))
            .collect();
        let inventory = inventory_of(root.path());
        let ours: BTreeMap<String, usize> = inventory
            .packages
            .iter()
            .map(|package| {
                let comment = package.description.as_deref().unwrap_or_default();
                (package.purl.name().to_owned(), comment.chars().count())
            })
            .collect();
        assert!(theirs.len() > 600);
        assert!(inventory.notes.is_empty(), "{:?}", inventory.notes);
        assert!(ours == theirs, "{page_size} {encoding}");
    }
}
