//! HCL as far as it says what a configuration is made of: blocks with their labels, and attributes
//! whose values are plain texts, lists or objects of them:
//! <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md>.
//!
//! Our own reader, because those that exist evaluate expressions or descend by recursion. Values
//! are not evaluated: what is no literal counts as left out.

/// A block: `module "vpc" { … }`.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) name: String,
    pub(super) labels: Vec<String>,
    pub(super) attributes: Vec<(String, Value)>,
    pub(super) blocks: Vec<Block>,
}

/// The value of an attribute.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
    /// The attributes of an object that are texts.
    Object(Vec<(String, String)>),
    Other,
}

impl Block {
    /// An attribute that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find_map(|(key, value)| match value {
            Value::Text(text) if key == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// An attribute that is a list of texts.
    pub(super) fn list(&self, name: &str) -> &[String] {
        self.attributes
            .iter()
            .find_map(|(key, value)| match value {
                Value::List(items) if key == name => Some(items.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// Deepest nesting of blocks that is kept; what is deeper is passed over.
const DEEPEST: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Text(String),
    Mark(char),
    End,
}

/// Reads the blocks at the top of a file, and says whether its braces close.
pub(super) fn read(text: &str) -> (Vec<Block>, bool) {
    let tokens = tokens(text);
    let mut open = vec![Block::default()];
    let mut too_deep = 0_usize;
    let mut at = 0;
    // The tokens of the statement so far.
    let mut words: Vec<&Token<'_>> = Vec::new();
    let mut balanced = true;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            Token::Mark('=') if matches!(words.as_slice(), [Token::Word(_) | Token::Text(_)]) => {
                let key = words.first().map(|word| spelled(word)).unwrap_or_default();
                words.clear();
                let (value, next) = value_at(&tokens, at);
                at = next;
                if too_deep == 0
                    && let Some(block) = open.last_mut()
                {
                    block.attributes.push((key, value));
                }
            }
            Token::Mark('{') => {
                let mut spelled = words.drain(..).map(spelled);
                if too_deep > 0 || open.len() > DEEPEST {
                    too_deep += 1;
                    continue;
                }
                let name = spelled.next().unwrap_or_default();
                open.push(Block {
                    name,
                    labels: spelled.take(8).collect(),
                    ..Block::default()
                });
            }
            Token::Mark('}') => {
                words.clear();
                if too_deep > 0 {
                    too_deep -= 1;
                } else if open.len() > 1 {
                    if let Some(done) = open.pop()
                        && let Some(parent) = open.last_mut()
                    {
                        parent.blocks.push(done);
                    }
                } else {
                    balanced = false;
                }
            }
            Token::End => words.clear(),
            _ if words.len() < 16 => words.push(token),
            _ => {}
        }
    }
    balanced &= open.len() == 1 && too_deep == 0;
    while open.len() > 1 {
        if let Some(done) = open.pop()
            && let Some(parent) = open.last_mut()
        {
            parent.blocks.push(done);
        }
    }
    (open.pop().unwrap_or_default().blocks, balanced)
}

fn spelled(token: &Token<'_>) -> String {
    match token {
        Token::Word(word) => (*word).to_owned(),
        Token::Text(text) => text.clone(),
        Token::Mark(_) | Token::End => String::new(),
    }
}

/// The value that begins here, and where what follows it begins.
fn value_at(tokens: &[Token<'_>], start: usize) -> (Value, usize) {
    let mut at = start;
    let mut depth = 0_usize;
    // The whole expression: to the end of its line, or of its brackets.
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Mark('{' | '[' | '(') => depth += 1,
            Token::Mark('}' | ']' | ')') | Token::End if depth == 0 => break,
            Token::Mark('}' | ']' | ')') => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    let expression = tokens.get(start..at).unwrap_or_default();
    let value = match expression {
        [Token::Text(text)] => Value::Text(text.clone()),
        [Token::Mark('['), items @ .., Token::Mark(']')] => Value::List(texts(items)),
        [Token::Mark('{'), members @ .., Token::Mark('}')] => Value::Object(members_of(members)),
        _ => Value::Other,
    };
    (value, at)
}

fn texts(tokens: &[Token<'_>]) -> Vec<String> {
    tokens
        .iter()
        .filter_map(|token| match token {
            Token::Text(text) => Some(text.clone()),
            _ => None,
        })
        .collect()
}

fn members_of(tokens: &[Token<'_>]) -> Vec<(String, String)> {
    tokens
        .windows(3)
        .filter_map(|window| match window {
            [
                key @ (Token::Word(_) | Token::Text(_)),
                Token::Mark('=' | ':'),
                Token::Text(value),
            ] => Some((spelled(key), value.clone())),
            _ => None,
        })
        .collect()
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            '\n' => {
                tokens.push(Token::End);
                after
            }
            '#' => to_line_end(rest),
            '/' if after.starts_with('/') => to_line_end(rest),
            '/' if after.starts_with('*') => after.split_once("*/").map_or("", |(_, rest)| rest),
            '"' => {
                let (text, rest) = quoted(after);
                tokens.push(Token::Text(text));
                rest
            }
            '<' if after.starts_with('<') => {
                let (rest, was_one) = heredoc(after);
                // Its last line ends the statement; the value is no literal.
                tokens.push(Token::Mark('<'));
                if was_one {
                    tokens.push(Token::End);
                }
                rest
            }
            _ if first.is_whitespace() => after,
            _ if first.is_alphanumeric() || first == '_' => {
                let end = rest
                    .find(|next: char| !next.is_alphanumeric() && !matches!(next, '_' | '-' | '.'))
                    .unwrap_or(rest.len());
                let (word, rest) = rest.split_at_checked(end).unwrap_or(("", ""));
                tokens.push(Token::Word(word));
                rest
            }
            _ => {
                tokens.push(Token::Mark(first));
                after
            }
        };
    }
    tokens.push(Token::End);
    tokens
}

fn to_line_end(text: &str) -> &str {
    text.find('\n')
        .and_then(|end| text.get(end..))
        .unwrap_or("")
}

/// The text up to the closing quote, and what follows. A template in it stays as it is written.
fn quoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut depth = 0_usize;
    // Whether a text in the template is open, whose braces count for nothing.
    let mut inner = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match character {
            '"' if depth == 0 => return (value, text.get(at + 1..).unwrap_or_default()),
            '\n' if depth == 0 => return (value, text.get(at..).unwrap_or_default()),
            '\\' => {
                characters.next();
                value.push(match next {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some(other) => other,
                    None => '\\',
                });
                continue;
            }
            '"' => inner = !inner,
            '{' if depth > 0 && !inner => depth += 1,
            '$' | '%' if depth == 0 && next == Some('{') => {
                depth = 1;
                characters.next();
                value.push(character);
                value.push('{');
                continue;
            }
            '}' if depth > 0 && !inner => depth -= 1,
            _ => {}
        }
        value.push(character);
    }
    (value, "")
}

/// Passes over a text of several lines, `<<EOT … EOT`; `text` begins after the first `<`.
fn heredoc(text: &str) -> (&str, bool) {
    let rest = text.strip_prefix('<').unwrap_or(text);
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let (word, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    let word = word.trim();
    if word.is_empty()
        || !word
            .chars()
            .all(|next| next.is_alphanumeric() || next == '_')
    {
        return (text, false);
    }
    let mut left = rest;
    while !left.is_empty() {
        let (line, after) = left.split_once('\n').unwrap_or((left, ""));
        left = after;
        if line.trim() == word {
            break;
        }
    }
    (left, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_attributes_and_objects_are_read() {
        let (blocks, balanced) = read(
            "# c\nterraform {\n required_providers {\n aws = { source = \"hashicorp/aws\", version = \"5.1\" }\n }\n}\n\
             module \"a\" {\n source = \"./x\" // y\n list = [\"p\", \"q\",\n]\n n = var.x ? \"a\" : \"b\"\n t = <<-EOT\n } {\n EOT\n\
             v = \"1${foo(\"}\")}\"\n}\n",
        );
        assert!(balanced);
        assert_eq!(blocks.len(), 2);
        let providers = &blocks[0].blocks[0];
        assert_eq!(providers.name, "required_providers");
        assert_eq!(
            providers.attributes[0].1,
            Value::Object(vec![
                ("source".to_owned(), "hashicorp/aws".to_owned()),
                ("version".to_owned(), "5.1".to_owned())
            ])
        );
        let module = &blocks[1];
        assert_eq!(module.labels, ["a"]);
        assert_eq!(module.text("source"), Some("./x"));
        assert_eq!(module.list("list"), ["p", "q"]);
        assert_eq!(module.text("n"), None);
        assert_eq!(module.text("v"), Some("1${foo(\"}\")}"));
    }

    #[test]
    fn bad_input_ends() {
        for bad in [
            "{", "}", "a {", "\"", "a = ", "a = {", "a = [", "<<", "<<E", "/*", "= = {",
        ] {
            let _ = read(bad);
        }
        assert!(!read(&"a {".repeat(100_000)).1);
        let _ = read(&"a = [".repeat(100_000));
        let _ = read(&"<<A\n".repeat(20_000));
    }
}
