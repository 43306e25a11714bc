//! Making one change in a folder: a client is run, or a line of a file that no client writes is changed.

use std::fs;
use std::path::Path;

use linchpin_model::TargetPath;

use super::clients::{Action, CHANGE};
use super::program::{ProgramError, run};

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub(super) enum ChangeError {
    #[error(transparent)]
    Program(#[from] ProgramError),
    #[error("`{file}` can not be changed")]
    File {
        file: String,
        #[source]
        source: std::io::Error,
    },
    #[error("`{file}` has no line `{line}` that could be changed alone")]
    NoLine { file: String, line: String },
}

/// Makes a change below a folder; clients are run where the lockfile is.
pub(super) fn change(
    action: &Action,
    root: &Path,
    lockfile: &TargetPath,
) -> Result<(), ChangeError> {
    match action {
        Action::Run(line) => {
            run(line, &root.join(lockfile.parent_str()), CHANGE)?;
            Ok(())
        }
        Action::Edit {
            file,
            name,
            from,
            to,
        } => {
            let path = root.join(file.as_str());
            let failed = |source| ChangeError::File {
                file: file.to_string(),
                source,
            };
            let text = fs::read_to_string(&path).map_err(failed)?;
            let changed = edited(&text, name, from, to).ok_or_else(|| ChangeError::NoLine {
                file: file.to_string(),
                line: format!("{name}{from}"),
            })?;
            fs::write(&path, changed).map_err(failed)
        }
    }
}

/// The text with another version on the one line that has this one. Nothing if there is none, or if
/// digests follow, which are those of the old version.
fn edited(text: &str, name: &str, from: &str, to: &str) -> Option<String> {
    let mut changed = String::with_capacity(text.len() + to.len());
    let mut count = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or_default();
        let is_it = code.split_once(from).is_some_and(|(before, after)| {
            let bare = before.split('[').next().unwrap_or_default().trim();
            normal(bare) == normal(name)
                && !after.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '.')
        });
        if is_it && !code.contains("--hash") && !code.trim_end().ends_with('\\') {
            changed.push_str(&line.replacen(from, to, 1));
            count += 1;
        } else {
            changed.push_str(line);
        }
    }
    (count == 1).then_some(changed)
}

/// A Python name as it is compared.
fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_gets_another_version() {
        let text = "Django==3.2 # why\nflask[async]==1.0 ; python_version > '3'\nother==3.2.1\n";
        let changed = edited(text, "django", "==3.2", "==3.2.25").unwrap();
        assert!(changed.starts_with("Django==3.2.25 # why\n"));
        assert!(changed.ends_with("other==3.2.1\n"));
        let changed = edited(text, "flask", "==1.0", "==1.1").unwrap();
        assert!(changed.contains("flask[async]==1.1 ; python"));
        assert_eq!(edited(text, "other", "==3.2", "==4"), None);
        assert_eq!(
            edited("a==1 \\\n  --hash=sha256:0\n", "a", "==1", "==2"),
            None
        );
        assert_eq!(edited("a==1\na==1\n", "a", "==1", "==2"), None);
    }
}
