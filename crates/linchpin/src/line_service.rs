//! Answers to lines of input, as they come: another program can hold a conversation over two
//! pipes, and a file of any length needs the memory of its longest line.

use std::io::{self, BufRead, Write};

/// Longest line that is answered; of a longer one only this is kept.
const MOST_LINE: usize = 16 << 20;

/// A line as it came, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Its bytes, which need not be text.
    Whole(&'a [u8]),
    /// It is longer than any that is answered.
    TooLong,
}

/// Answers each line that there is something to say of. What is written so far is sent when there is nothing more to read at once.
pub(crate) fn answer_each_line(
    input: &mut impl BufRead,
    output: &mut impl Write,
    mut answer: impl FnMut(Line<'_>) -> Option<String>,
) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut too_long = false;
        let ended = loop {
            let available = match input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                break true;
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let content = available.get(..end.unwrap_or(available.len()));
            let content = content.unwrap_or_default();
            if line.len() + content.len() > MOST_LINE {
                too_long = true;
            } else if !too_long {
                line.extend_from_slice(content);
            }
            let used = content.len() + usize::from(end.is_some());
            let rest = available.len() - used;
            input.consume(used);
            if end.is_some() {
                let content = line.strip_suffix(b"\r").unwrap_or(&line);
                let line = if too_long {
                    Line::TooLong
                } else {
                    Line::Whole(content)
                };
                write(output, answer(line))?;
                if rest == 0 {
                    output.flush()?;
                }
                break false;
            }
        };
        if ended {
            // The last line may have no end; after the end of one there is no further line.
            if too_long {
                write(output, answer(Line::TooLong))?;
            } else if !line.is_empty() {
                write(output, answer(Line::Whole(&line)))?;
            }
            return output.flush();
        }
    }
}

fn write(output: &mut impl Write, answer: Option<String>) -> io::Result<()> {
    answer.map_or(Ok(()), |answer| writeln!(output, "{answer}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &[u8], at_once: usize) -> String {
        let mut output = Vec::new();
        let mut input = io::BufReader::with_capacity(at_once, input);
        answer_each_line(&mut input, &mut output, |line| match line {
            Line::Whole(b"nothing") => None,
            Line::Whole(line) => Some(format!("{}:{}", line.len(), String::from_utf8_lossy(line))),
            Line::TooLong => Some("too long".to_owned()),
        })
        .unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn each_line_has_its_answer() {
        for at_once in [1, 2, 3, 100] {
            assert_eq!(answers(b"", at_once), "");
            assert_eq!(answers(b"\n", at_once), "0:\n");
            assert_eq!(answers(b"nothing\nx\nnothing", at_once), "1:x\n");
            assert_eq!(answers(b"a\n\nbc\r\nd", at_once), "1:a\n0:\n2:bc\n1:d\n");
        }
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let mut input = vec![b'x'; MOST_LINE + 1];
        input.extend_from_slice(b"\ny\n");
        assert_eq!(answers(&input, 8192), "too long\n1:y\n");
        input.truncate(MOST_LINE + 1);
        assert_eq!(answers(&input, 8192), "too long\n");
    }
}
