//! Nix's database: which paths of the store are valid, and what they refer to.

use std::collections::HashMap;

use crate::documents::sqlite::Database;

/// What the database tells, with paths relative to the root of the target.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) paths: Vec<String>,
    pub(super) references: Vec<(String, String)>,
}

/// Reads the tables `ValidPaths` and `Refs`.
pub(super) fn read(database: &Database<'_>) -> Result<Found, String> {
    let mut found = Found::default();
    let paths = database.table("ValidPaths")?;
    let path = paths.column("path")?;
    let mut by_id: HashMap<i64, String> = HashMap::new();
    database.rows(&paths, |row| {
        if let Some(path) = row.text(path).and_then(|path| path.strip_prefix('/')) {
            found.paths.push(path.to_owned());
            by_id.insert(row.id, path.to_owned());
        }
    })?;
    let references = database.table("Refs")?;
    let (from, on) = (
        references.column("referrer")?,
        references.column("reference")?,
    );
    database.rows(&references, |row| {
        let path = |column| by_id.get(&row.integer(column)?);
        if let (Some(from), Some(on)) = (path(from), path(on)) {
            found.references.push((from.clone(), on.clone()));
        }
    })?;
    Ok(found)
}
