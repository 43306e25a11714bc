//! Comments of programming languages and settings, so that what stands in one is told from what runs.
//!
//! The marks of a language come from the name of the file. Strings are followed, because addresses
//! have two slashes in them.

use std::ops::Range;

/// How a language marks comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marks {
    /// To the end of the line.
    line: &'static [&'static str],
    /// From one to the other.
    block: Option<(&'static str, &'static str)>,
    /// What strings stand between.
    quotes: &'static [u8],
    /// Whether texts between three quotes that begin a line are documentation.
    has_docstrings: bool,
}

const C: Marks = Marks {
    line: &["//"],
    block: Some(("/*", "*/")),
    quotes: b"\"'`",
    has_docstrings: false,
};

const HASH: Marks = Marks {
    line: &["#"],
    block: None,
    quotes: b"\"'",
    has_docstrings: false,
};

/// The marks of a file, by its name.
fn marks(name: &str) -> Option<Marks> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    Some(match ending.to_ascii_lowercase().as_str() {
        "c" | "cc" | "cjs" | "cpp" | "cs" | "cts" | "dart" | "fs" | "go" | "gradle" | "groovy"
        | "h" | "hpp" | "java" | "js" | "jsonc" | "json5" | "jsx" | "kt" | "kts" | "less" | "m"
        | "mjs" | "mm" | "mts" | "prisma" | "proto" | "rs" | "scala" | "scss" | "swift" | "ts"
        | "tsx" => C,
        "css" => Marks { line: &[], ..C },
        "php" | "tf" | "hcl" | "tfvars" | "bicep" => Marks {
            line: &["//", "#"],
            quotes: b"\"'",
            ..C
        },
        "py" | "pyi" => Marks {
            has_docstrings: true,
            ..HASH
        },
        "ini" | "cfg" | "conf" | "properties" => Marks {
            line: &["#", ";"],
            ..HASH
        },
        "lua" | "sql" | "hs" | "elm" => Marks {
            line: &["--"],
            block: None,
            quotes: b"\"'",
            has_docstrings: false,
        },
        "html" | "htm" | "xml" | "vue" | "svelte" | "config" | "plist" | "csproj" | "erb"
        | "ejs" | "hbs" | "jinja" | "j2" | "cshtml" | "jsp" => Marks {
            line: &[],
            block: Some(("<!--", "-->")),
            quotes: b"",
            has_docstrings: false,
        },
        "bash" | "env" | "ex" | "exs" | "fish" | "graphql" | "jl" | "ksh" | "mk" | "pl" | "pm"
        | "ps1" | "r" | "rake" | "rb" | "sh" | "toml" | "yaml" | "yml" | "zsh" => HASH,
        _ if name.starts_with("Dockerfile")
            || name.starts_with("Containerfile")
            || name.starts_with(".env")
            || matches!(
                name,
                "Makefile"
                    | "Gemfile"
                    | "Rakefile"
                    | "Procfile"
                    | "Vagrantfile"
                    | ".npmrc"
                    | ".yarnrc"
            ) =>
        {
            HASH
        }
        _ if name == "Jenkinsfile" => C,
        _ => return None,
    })
}

/// The comments of a text, in order.
pub(super) fn comments(name: &str, text: &str) -> Vec<Range<usize>> {
    let Some(marks) = marks(name) else {
        return Vec::new();
    };
    let bytes = text.as_bytes();
    let starts = |at: usize, mark: &str| bytes[at..].starts_with(mark.as_bytes());
    let find = |from: usize, mark: &str| {
        memchr::memmem::find(&bytes[from..], mark.as_bytes())
            .map_or(bytes.len(), |place| from + place + mark.len())
    };
    let mut found = Vec::new();
    let mut at = 0;
    let mut begins_line = true;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b'\n' {
            begins_line = true;
            at += 1;
            continue;
        }
        if marks.has_docstrings
            && let Some(quote) = ["\"\"\"", "'''"].into_iter().find(|mark| starts(at, mark))
        {
            let end = find(at + 3, quote);
            // What does not begin a line is a value.
            if begins_line {
                found.push(at..end);
            }
            at = end;
            begins_line = false;
            continue;
        }
        if marks.line.iter().any(|mark| starts(at, mark)) && opens_comment(bytes, at) {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
            found.push(at..end);
            at = end;
            continue;
        }
        if let Some((open, close)) = marks.block
            && starts(at, open)
        {
            let end = find(at + open.len(), close);
            found.push(at..end);
            at = end;
            continue;
        }
        begins_line &= byte.is_ascii_whitespace();
        at = if marks.quotes.contains(&byte) {
            string_end(bytes, at)
        } else {
            at + 1
        };
    }
    found
}

/// Whether a mark begins a comment here: an address has two slashes behind a colon, and `#` inside of
/// a word is a part of it.
fn opens_comment(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    match (bytes[at], before) {
        (_, None) | (b'-', Some(_)) => true,
        (b'/', Some(before)) => *before != b':',
        (_, Some(before)) => before.is_ascii_whitespace(),
    }
}

/// Where a string ends: at its quote, or at the end of the line where it can not go on.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if quote != b'`' => return at,
            byte if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, wanted: &[&str]) {
        let found: Vec<&str> = comments(name, text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, wanted, "{name}: {text}");
    }

    #[test]
    fn comments_are_told_from_strings() {
        check(
            "a.ts",
            "a('https://x.org') // see\nb /* c\nd */ e",
            &["// see", "/* c\nd */"],
        );
        check("a.js", "x = `//\n` // y", &["// y"]);
        check("a.js", "// it's\n'a' // b", &["// it's", "// b"]);
        check(
            "a.py",
            "\"\"\"Doc # x\"\"\"\nx = \"# no\" # yes\n",
            &["\"\"\"Doc # x\"\"\"", "# yes"],
        );
        check("a.py", "x = \"\"\"\nhttps://a.org\n\"\"\"\ny # z", &["# z"]);
        check("a.yaml", "a: b#c # d\nurl: https://x.org/#y", &["# d"]);
        check("a.html", "<a> <!-- b --> c", &["<!-- b -->"]);
        check("Dockerfile", "# a\nRUN b", &["# a"]);
        check("a.go", "/* never ends", &["/* never ends"]);
        check("a.go", "'\\", &[]);
        check("a.unknown", "# a", &[]);
    }
}
