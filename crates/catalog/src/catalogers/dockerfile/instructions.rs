//! The lines of a Dockerfile put together to instructions: continued lines, comments between them,
//! and documents that are written out in the file itself (heredocs), whose lines are none.

/// An instruction with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    /// In upper case.
    pub(super) name: String,
    pub(super) arguments: String,
}

/// Longest instruction that is kept whole; what is longer has lost its end.
const LONGEST: usize = 1 << 20;

/// Reads the instructions that say which images are used.
pub(super) fn read(text: &str) -> Vec<Instruction> {
    let escape = escape_character(text);
    let mut instructions = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut whole = String::new();
        let mut line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        while let Some(continued) = line.strip_suffix(escape) {
            append(&mut whole, continued);
            // Comments and empty lines between the lines of an instruction are passed over.
            let next = lines
                .by_ref()
                .map(str::trim)
                .find(|next| !next.is_empty() && !next.starts_with('#'));
            line = next.unwrap_or_default();
        }
        append(&mut whole, line);
        let (name, arguments) = match whole.split_once(char::is_whitespace) {
            Some((name, arguments)) => (name.to_ascii_uppercase(), arguments.trim().to_owned()),
            None => (whole.to_ascii_uppercase(), String::new()),
        };
        if matches!(name.as_str(), "RUN" | "COPY" | "ADD") {
            for end in heredocs(&arguments) {
                let _ = lines.by_ref().find(|line| line.trim() == end);
            }
        }
        instructions.push(Instruction { name, arguments });
    }
    instructions
}

fn append(whole: &mut String, line: &str) {
    if whole.len() + line.len() < LONGEST {
        whole.push_str(line);
        whole.push(' ');
    }
}

/// The character that continues a line: a directive in the first lines may choose another one.
fn escape_character(text: &str) -> char {
    directive(text, "escape")
        .and_then(|value| value.chars().next())
        .unwrap_or('\\')
}

/// The value of a directive: a comment in the file's first lines, `# name=value`.
pub(super) fn directive<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .map_while(|line| line.trim().strip_prefix('#'))
        .map_while(|line| line.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value.trim())
}

/// The words that end the documents which an instruction opens: `<<EOF`, `<<-"EOF"`.
fn heredocs(arguments: &str) -> Vec<String> {
    let mut ends = Vec::new();
    for after in arguments.split("<<").skip(1).take(16) {
        let after = after.strip_prefix('-').unwrap_or(after);
        let (quote, after) = match after.strip_prefix(['"', '\'']) {
            Some(inner) => (true, inner),
            None => (false, after),
        };
        let end = after
            .find(|next: char| !next.is_ascii_alphanumeric() && next != '_')
            .unwrap_or(after.len());
        let (word, rest) = after.split_at_checked(end).unwrap_or_default();
        if !word.is_empty()
            && !word.starts_with(|first: char| first.is_ascii_digit())
            && (!quote || rest.starts_with(['"', '\'']))
        {
            ends.push(word.to_owned());
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        read(text)
            .into_iter()
            .map(|instruction| format!("{} {}", instruction.name, instruction.arguments))
            .collect()
    }

    #[test]
    fn continued_lines_comments_and_documents_are_understood() {
        let text = "# escape=`\nfrom a `\n  # no\n\n  AS b\nRUN python <<EOF > x\nfrom os import path\nEOF\nCMD [\"x\"]\n";
        assert_eq!(
            names(text),
            ["FROM a  AS b", "RUN python <<EOF > x", "CMD [\"x\"]"]
        );
        assert_eq!(names("FROM a \\"), ["FROM a"]);
        assert_eq!(
            names("RUN cat <<'A' <<-B\nA\nFROM x\nB\nUSER y"),
            ["RUN cat <<'A' <<-B", "USER y"]
        );
        assert!(names("").is_empty());
    }
}
