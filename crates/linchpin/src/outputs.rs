//! Which formats go where: `--format FORMAT[=FILE]`, several at once, and `-o FILE`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;

/// A format and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output<F> {
    pub(crate) format: F,
    /// Nothing means the standard output.
    pub(crate) file: Option<PathBuf>,
}

/// Why formats and files do not go together.
#[derive(Debug)]
struct WrongOutputs(String);

impl std::fmt::Display for WrongOutputs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WrongOutputs {}

/// Understands what was asked for; `find` knows the formats, `known` lists their words.
pub(crate) fn outputs<F>(
    asked: &[String],
    output: Option<&Path>,
    default: &str,
    find: impl Fn(&str) -> Option<F>,
    known: &[&str],
) -> Result<Vec<Output<F>>> {
    let wrong = |text: String| {
        anyhow::Error::new(WrongOutputs(text))
            .context(Failure::new(ExitCode::WrongUse, "understand the arguments"))
    };
    let default = [default.to_owned()];
    let asked = if asked.is_empty() {
        &default[..]
    } else {
        asked
    };
    let mut outputs = Vec::new();
    for text in asked {
        let (word, file) = match text.split_once('=') {
            Some((_, "")) => return Err(wrong(format!("`{text}` names no file after the `=`"))),
            Some((word, file)) => (word, Some(PathBuf::from(file))),
            None => (text.as_str(), None),
        };
        let format = find(word).ok_or_else(|| {
            wrong(format!(
                "there is no format `{word}`\nhint: the formats are {}",
                known.join(", ")
            ))
        })?;
        outputs.push(Output { format, file });
    }
    let mut without_file = outputs.iter_mut().filter(|output| output.file.is_none());
    let first = without_file.next();
    if without_file.next().is_some() {
        return Err(wrong(
            "two formats can not both go to the same place\nhint: give all but one a file, as in `--format json=report.json`"
                .to_owned(),
        ));
    }
    match (first, output) {
        (Some(first), Some(file)) => first.file = Some(file.to_path_buf()),
        (None, Some(_)) => {
            return Err(wrong(
                "`--output` is one file too many: every format has its own".to_owned(),
            ));
        }
        _ => {}
    }
    Ok(outputs)
}

/// Refuses to write what is no text to a terminal.
pub(crate) fn refuse_on_terminal(
    format: &str,
    is_binary: bool,
    file: Option<&Path>,
    printer: &Printer,
) -> Result<()> {
    if !is_binary || file.is_some() || !printer.to_terminal() {
        return Ok(());
    }
    Err(anyhow::Error::new(WrongOutputs(format!(
        "`{format}` is no text for a terminal\nhint: give it a file, as in `--format {format}=FILE`"
    )))
    .context(Failure::new(ExitCode::WrongUse, "understand the arguments")))
}

/// Writes a result to where it goes. A file is complete or not there at all.
pub(crate) fn deliver(file: Option<&Path>, content: &[u8]) -> Result<()> {
    match file {
        None => Printer::result(content).context(Failure::new(
            ExitCode::Internal,
            "write to the standard output",
        )),
        Some(file) => {
            deliver_piecewise(Some(file), "write", |out| out.write_all(content)).map(drop)
        }
    }
}

/// Writes a large result to where it goes while it is made, so that it is never in memory whole. A
/// file is complete or not there at all. `doing` says what fails if it does. Nothing comes back
/// if the reader of the standard output went away.
pub(crate) fn deliver_piecewise<T>(
    file: Option<&Path>,
    doing: &str,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<T>,
) -> Result<Option<T>> {
    let Some(file) = file else {
        let mut stdout = Printer::stream();
        let written = write(&mut stdout).and_then(|value| stdout.flush().map(|()| value));
        return match written {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(None),
            other => other
                .map(Some)
                .context(Failure::new(ExitCode::Internal, doing)),
        };
    };
    deliver_file(file, |out| {
        write(out).with_context(|| Failure::new(ExitCode::Internal, writing(file)))
    })
    .map(Some)
}

/// Writes a result into a file, which is complete or not there at all, even if the machine stops.
pub(crate) fn deliver_file<T>(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T>,
) -> Result<T> {
    let failure = || Failure::new(ExitCode::Internal, writing(file));
    let whole = |made: File| -> Result<T> {
        let mut out = BufWriter::new(made);
        let value = write(&mut out)?;
        let made = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .with_context(failure)?;
        // A pipe has nothing to be kept.
        if made.metadata().is_ok_and(|metadata| metadata.is_file()) {
            made.sync_all().with_context(failure)?;
        }
        Ok(value)
    };
    // What is no regular file (a pipe, /dev/stdout) can only be written to.
    if file.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let made = File::options().write(true).open(file);
        return whole(made.with_context(failure)?);
    }
    let partial = partial_of(file);
    // Only a file that is made now is written to: in a folder that others may write to, the name
    // could lead anywhere.
    let made = File::options().write(true).create_new(true).open(&partial);
    let written = whole(made.with_context(failure)?).and_then(|value| {
        std::fs::rename(&partial, file).with_context(failure)?;
        Ok(value)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    written
}

fn writing(file: &Path) -> String {
    format!("write `{}`", file.display())
}

/// The name of a file that is not complete yet.
fn partial_of(file: &Path) -> PathBuf {
    let mut partial = file.as_os_str().to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    PathBuf::from(partial)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(asked: &[&str], output: Option<&str>) -> Result<Vec<Output<String>>> {
        let asked: Vec<String> = asked.iter().map(|text| (*text).to_owned()).collect();
        let find = |word: &str| ["table", "json"].contains(&word).then(|| word.to_owned());
        outputs(
            &asked,
            output.map(Path::new),
            "table",
            find,
            &["table", "json"],
        )
    }

    #[test]
    fn formats_and_files_are_told_apart() {
        let both = read(&["table", "json=x=y.json"], None).unwrap();
        assert_eq!(
            both[1],
            Output {
                format: "json".into(),
                file: Some("x=y.json".into())
            }
        );
        assert_eq!(
            read(&[], Some("f")).unwrap()[0],
            Output {
                format: "table".into(),
                file: Some("f".into())
            }
        );
    }

    #[test]
    fn contradictions_are_refused() {
        assert!(read(&["table", "json"], None).is_err());
        assert!(read(&["json=a"], Some("b")).is_err());
        assert!(read(&["json="], None).is_err());
        assert!(read(&["yaml"], None).is_err());
    }
}
