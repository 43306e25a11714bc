//! Requirements files of pip: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
//!
//! The document has `requirements`, each with `name`, `specifier`, `url` and `hashes` as they stand
//! there, and `options`, each with `name` (`--index-url`) and `value`.

use linchpin_document::{Member, Node, NodeValue, Position};

use super::{Documents, MOST_VALUES};

/// Reads a text. What is no requirement is passed over: pip would stop there.
pub fn read(text: &str) -> Documents {
    let mut requirements = Vec::new();
    let mut options = Vec::new();
    for line in logical_lines(text) {
        if requirements.len() + options.len() >= MOST_VALUES / 8 {
            break;
        }
        if line.text.starts_with('-') && !is_editable(&line.text) {
            options.extend(option(&line));
        } else {
            requirements.push(requirement(&line));
        }
    }
    let document = Node::map(
        Position::START,
        vec![
            Member::added("requirements", Node::list(Position::START, requirements)),
            Member::added("options", Node::list(Position::START, options)),
        ],
    );
    Documents {
        documents: vec![document],
        problem: None,
    }
}

/// A line with those that continue it, without its comment.
struct Line {
    text: String,
    start: Position,
}

fn logical_lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut continues = false;
    for (line, number) in text.lines().zip(1u32..) {
        let blanks = line
            .chars()
            .take_while(|letter| letter.is_whitespace())
            .count();
        // A comment begins a line or follows a blank: an address may have a fragment.
        let content = match line.find('#') {
            Some(place) if line[..place].is_empty() || line[..place].ends_with([' ', '\t']) => {
                &line[..place]
            }
            _ => match line.find(" #") {
                Some(place) => &line[..place],
                None => line,
            },
        };
        let content = content.trim();
        let goes_on = content.ends_with('\\');
        let content = content.trim_end_matches('\\').trim_end();
        match lines.last_mut() {
            Some(last) if continues => {
                last.text.push(' ');
                last.text.push_str(content);
            }
            _ if content.is_empty() => {}
            _ => lines.push(Line {
                text: content.to_owned(),
                start: Position {
                    line: number,
                    column: u32::try_from(blanks).unwrap_or(u32::MAX).saturating_add(1),
                },
            }),
        }
        continues = goes_on;
    }
    lines
}

fn is_editable(text: &str) -> bool {
    ["-e ", "--editable ", "--editable="]
        .iter()
        .any(|start| text.starts_with(start))
}

fn option(line: &Line) -> Option<Node> {
    let (name, value) = line
        .text
        .split_once(['=', ' ', '\t'])
        .unwrap_or((&line.text, ""));
    let name = match name {
        "-i" | "--index-url" | "--pypi-url" => "--index-url",
        "-f" => "--find-links",
        "-r" => "--requirement",
        "-c" => "--constraint",
        name if name.starts_with("--") => name,
        _ => return None,
    };
    Some(Node::map(
        line.start,
        vec![
            Member::added("name", Node::text(line.start, name)),
            Member::added(
                "value",
                Node::text(line.start, value.trim().trim_matches(['"', '\''])),
            ),
        ],
    ))
}

fn requirement(line: &Line) -> Node {
    let text = line.text.as_str();
    let (text, editable) = match text.split_once([' ', '=']) {
        Some((_, rest)) if is_editable(text) => (rest.trim(), true),
        _ => (text, false),
    };
    let (main, rest) = text.split_once(" --").unwrap_or((text, ""));
    let hashes = rest.matches("hash=").count();
    let (without_marker, marker) = main.split_once(';').unwrap_or((main, ""));
    let (name, specifier, url) = parts(without_marker.trim());
    let at = line.start;
    Node::map(
        at,
        vec![
            Member::added("name", Node::text(at, name)),
            Member::added("specifier", Node::text(at, specifier)),
            Member::added("url", Node::text(at, url)),
            Member::added("marker", Node::text(at, marker.trim())),
            Member::added(
                "hashes",
                Node::at(at, NodeValue::Integer(i64::try_from(hashes).unwrap_or(0))),
            ),
            Member::added("editable", Node::at(at, NodeValue::Boolean(editable))),
        ],
    )
}

/// The name, the specifier and the address of a requirement: each may be missing.
fn parts(text: &str) -> (&str, &str, &str) {
    let is_address = |text: &str| text.contains("://") || text.starts_with("file:");
    if let Some((name, url)) = text.split_once('@')
        && !is_address(name)
        && is_address(url)
    {
        return (name_only(name), "", url.trim());
    }
    if is_address(text) {
        let name = text.split_once("#egg=").map_or("", |(_, name)| name);
        return (name.split('&').next().unwrap_or_default(), "", text);
    }
    if text.starts_with(['.', '/']) {
        return ("", "", text);
    }
    let end = text
        .find(['<', '>', '=', '!', '~', '(', ' '])
        .unwrap_or(text.len());
    let (name, specifier) = text.split_at(end);
    (name_only(name), specifier.trim(), "")
}

/// A name without its extras.
fn name_only(text: &str) -> &str {
    text.split('[').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_and_options_are_told_apart() {
        let text = "# all\n-i https://example.com/simple\nflask[async]==3.0 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\n\
                    requests>=2 ; python_version < '4' # new\n-e git+https://example.com/a.git#egg=a\n\
                    b @ http://example.com/b.tar.gz\n./local\n--trusted-host example.com\n";
        let document = &read(text).documents[0];
        let seen: Vec<String> = document
            .get("requirements")
            .unwrap()
            .items()
            .iter()
            .map(|one| {
                let text = |key: &str| one.get(key).unwrap().as_text().unwrap().to_owned();
                let hashes = &one.get("hashes").unwrap().value;
                format!(
                    "{} {} {} {hashes:?} {}",
                    text("name"),
                    text("specifier"),
                    text("url"),
                    one.start.line
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                "flask ==3.0  Integer(2) 3",
                "requests >=2  Integer(0) 6",
                "a  git+https://example.com/a.git#egg=a Integer(0) 7",
                "b  http://example.com/b.tar.gz Integer(0) 8",
                "  ./local Integer(0) 9",
            ]
        );
        let options = document.get("options").unwrap().items();
        assert_eq!(options[0].find_text(&["name"]), Some("--index-url"));
        assert_eq!(options[1].find_text(&["value"]), Some("example.com"));
    }
}
