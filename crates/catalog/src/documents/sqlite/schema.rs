//! Tables as the schema describes them: the statement that made them, and where they start.

use super::Row;

/// A table with row ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: String,
    /// The names of its columns, in order.
    columns: Vec<String>,
    pub(super) root: u32,
}

impl Table {
    /// A row of `sqlite_schema`: type, name, table, root page, statement.
    pub(super) fn from_schema_row(row: &Row<'_>) -> Option<Self> {
        if row.text(0)? != "table" {
            return None;
        }
        Some(Self {
            name: row.text(1)?.to_owned(),
            columns: columns(row.text(4)?),
            root: u32::try_from(row.integer(3)?)
                .ok()
                .filter(|&root| root > 0)?,
        })
    }

    /// The place of a column.
    pub(crate) fn column(&self, name: &str) -> Result<usize, String> {
        self.columns
            .iter()
            .position(|column| column.eq_ignore_ascii_case(name))
            .ok_or_else(|| format!("has no column `{name}` in its table `{}`", self.name))
    }
}

/// What starts a rule for the table, and no column.
const RULES: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// The names of the columns in a `CREATE TABLE` statement. Only the outermost parentheses matter,
/// and the first word after each of their commas.
fn columns(statement: &str) -> Vec<String> {
    let mut columns = Vec::new();
    let mut depth = 0_usize;
    // The first word of a definition: still to come, being read, or done.
    let mut word: Option<String> = None;
    let mut is_done = false;
    let mut quoted = false;
    let mut finish = |word: &mut Option<String>, quoted: &mut bool| {
        if let Some(name) = word.take()
            && (*quoted || !RULES.iter().any(|rule| name.eq_ignore_ascii_case(rule)))
        {
            columns.push(name);
        }
        *quoted = false;
    };
    let mut characters = statement.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' | '"' | '`' | '[' => {
                let end = if character == '[' { ']' } else { character };
                let text: String = characters
                    .by_ref()
                    .take_while(|&next| next != end)
                    .collect();
                if depth == 1 && !is_done && word.is_none() {
                    word = Some(text);
                    quoted = true;
                    is_done = true;
                }
            }
            '(' => {
                is_done |= depth == 1 && word.is_some();
                depth += 1;
            }
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            ',' if depth == 1 => {
                finish(&mut word, &mut quoted);
                is_done = false;
            }
            _ if depth == 1 && !is_done => {
                if character.is_whitespace() {
                    is_done = word.is_some();
                } else {
                    word.get_or_insert_default().push(character);
                }
            }
            _ => {}
        }
    }
    finish(&mut word, &mut quoted);
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_in_their_statement() {
        assert_eq!(
            columns(
                "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)"
            ),
            ["hnum", "blob"]
        );
        assert_eq!(
            columns(
                "CREATE TABLE \"a(b\" (\n  `x y` TEXT DEFAULT (1, 2),\n  [unique] TEXT CHECK(z in ('a,b')),\n  \
                 name, UNIQUE(name, x), FOREIGN KEY (name) REFERENCES c(d))"
            ),
            ["x y", "unique", "name"]
        );
        assert!(columns("CREATE TABLE x AS SELECT 1").is_empty());
    }
}
