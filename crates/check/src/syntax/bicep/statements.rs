//! Declarations: parameters, variables, resources and modules.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};

use super::cursor::Cursor;
use super::scanning::{self, Until};
use super::values::{is_loop, loop_head, object, text, value};
use crate::syntax::SyntaxProblem;

/// Where what is added to the tree stands: nothing in the text may be taken for it by its place.
const NOWHERE: Position = Position { line: 0, column: 0 };

/// What a file declares.
#[derive(Default)]
struct Declared {
    scope: Vec<Member>,
    parameters: Vec<Member>,
    variables: Vec<Member>,
    resources: Vec<Node>,
    modules: Vec<Node>,
    outputs: Vec<Member>,
    /// What a file of values gives the parameters of another.
    values: Vec<Member>,
}

/// Reads all declarations, and the first thing that could not be understood.
pub(super) fn read(text: &str) -> (Vec<Member>, Option<SyntaxProblem>) {
    let mut cursor = Cursor::new(text);
    let mut declared = Declared::default();
    let mut problem = None;
    let mut is_secure = false;
    loop {
        cursor.skip_lines();
        if cursor.is_at_end() {
            break;
        }
        cursor.depth = 0;
        let at = cursor.position();
        if cursor.take("@") {
            let length = scanning::expression(cursor.rest(), Until::Line);
            let decorator = cursor.rest().get(..length).unwrap_or_default();
            is_secure |= decorator.trim_start_matches("sys.").starts_with("secure(");
            cursor.offset += length;
            continue;
        }
        let read = statement(&mut cursor, at, is_secure, &mut declared);
        is_secure = false;
        if let Err(text) = read {
            let at = cursor.position();
            problem.get_or_insert(SyntaxProblem {
                at,
                text: format!("is no valid Bicep: {text}"),
            });
            // Declarations begin lines, and what is within them hardly ever does.
            cursor.skip_line();
            while !cursor.is_at_end()
                && cursor.rest().starts_with([' ', '\t', '}', ']', '\n', '\r'])
            {
                cursor.skip_line();
            }
        }
    }
    (members(declared), problem)
}

fn members(declared: Declared) -> Vec<Member> {
    let start = NOWHERE;
    let mut members = declared.scope;
    for (name, list) in [
        ("parameters", declared.parameters),
        ("variables", declared.variables),
        ("outputs", declared.outputs),
        ("values", declared.values),
    ] {
        members.push(Member::added(name, Node::map(start, list)));
    }
    for (name, list) in [
        ("resources", declared.resources),
        ("modules", declared.modules),
    ] {
        members.push(Member::added(name, Node::list(start, list)));
    }
    members
}

fn statement(
    cursor: &mut Cursor<'_>,
    at: Position,
    is_secure: bool,
    declared: &mut Declared,
) -> Result<(), String> {
    let keyword = cursor.name().ok_or("a declaration is missing")?;
    cursor.skip_blanks();
    match keyword {
        "param" => parameter(cursor, at, is_secure, declared),
        "var" => {
            let (name, key_start) = named(cursor)?;
            equals(cursor)?;
            cursor.skip_lines();
            let value = value(cursor, Until::Line)?;
            declared.variables.push(Member {
                key: Arc::new(name),
                key_start,
                value,
            });
            Ok(())
        }
        "resource" => {
            declared.resources.push(resource(cursor, at)?);
            Ok(())
        }
        "module" => {
            declared.modules.push(resource(cursor, at)?);
            Ok(())
        }
        "targetScope" | "using" => {
            if keyword == "targetScope" {
                equals(cursor)?;
            }
            let value = value(cursor, Until::Line)?;
            declared.scope.push(Member {
                key: Arc::new(keyword.to_owned()),
                key_start: at,
                value,
            });
            Ok(())
        }
        "output" => output(cursor, at, is_secure, declared),
        // They say nothing about resources.
        "type" | "func" | "metadata" | "import" | "extension" | "provider" | "assert" => {
            cursor.offset += scanning::expression(cursor.rest(), Until::Line);
            Ok(())
        }
        other => Err(format!("`{other}` begins no declaration")),
    }
}

fn named(cursor: &mut Cursor<'_>) -> Result<(String, Position), String> {
    cursor.skip_blanks();
    let at = cursor.position();
    let name = cursor.name().ok_or("a name is missing")?;
    Ok((name.to_owned(), at))
}

fn equals(cursor: &mut Cursor<'_>) -> Result<(), String> {
    cursor.skip_blanks();
    if cursor.take("=") {
        return Ok(());
    }
    Err("an equals sign is missing".to_owned())
}

/// `param name type = value`, or in a file of values `param name = value`.
fn parameter(
    cursor: &mut Cursor<'_>,
    at: Position,
    is_secure: bool,
    declared: &mut Declared,
) -> Result<(), String> {
    let (name, key_start) = named(cursor)?;
    cursor.skip_blanks();
    let length = scanning::expression(cursor.rest(), Until::Equals);
    let of = cursor.rest().get(..length).unwrap_or_default().to_owned();
    cursor.offset += length;
    cursor.skip_blanks();
    let default = if cursor.take("=") {
        cursor.skip_lines();
        Some(value(cursor, Until::Line)?)
    } else {
        None
    };
    if of.is_empty() {
        let value = default.ok_or("a parameter needs a type")?;
        declared.values.push(Member {
            key: Arc::new(name),
            key_start,
            value,
        });
        return Ok(());
    }
    let mut members = vec![
        Member::added("type", Node::text(at, of)),
        Member::added("secure", Node::at(at, NodeValue::Boolean(is_secure))),
    ];
    members.extend(default.map(|value| Member {
        key: Arc::new("defaultValue".to_owned()),
        key_start: value.start,
        value,
    }));
    declared.parameters.push(Member {
        key: Arc::new(name),
        key_start,
        value: Node {
            end: cursor.position(),
            ..Node::map(at, members)
        },
    });
    Ok(())
}

/// `output name type = value`.
fn output(
    cursor: &mut Cursor<'_>,
    at: Position,
    is_secure: bool,
    declared: &mut Declared,
) -> Result<(), String> {
    let (name, key_start) = named(cursor)?;
    cursor.skip_blanks();
    cursor.offset += scanning::expression(cursor.rest(), Until::Equals);
    equals(cursor)?;
    cursor.skip_lines();
    let value = value(cursor, Until::Line)?;
    let members = vec![
        Member::added("value", value),
        Member::added("secure", Node::at(at, NodeValue::Boolean(is_secure))),
    ];
    declared.outputs.push(Member {
        key: Arc::new(name),
        key_start,
        value: Node::map(at, members),
    });
    Ok(())
}

/// A resource that is declared in the object of another, if one comes next.
pub(super) fn nested_resource(cursor: &mut Cursor<'_>) -> Result<Option<Node>, String> {
    let rest = cursor.rest();
    let Some(after) = rest.strip_prefix("resource ") else {
        return Ok(None);
    };
    let name = after.trim_start();
    if name.starts_with(':') {
        return Ok(None);
    }
    let at = cursor.position();
    cursor.offset += "resource ".len();
    cursor.depth += 1;
    let read = resource(cursor, at);
    cursor.depth -= 1;
    read.map(Some)
}

/// A resource or module behind its keyword.
fn resource(cursor: &mut Cursor<'_>, at: Position) -> Result<Node, String> {
    if cursor.depth > super::DEEPEST {
        return Err(format!("nests more than {} levels deep", super::DEEPEST));
    }
    let (symbol, _) = named(cursor)?;
    cursor.skip_blanks();
    let type_start = cursor.position();
    let length = scanning::quoted(cursor.rest()).ok_or("the type of a resource is missing")?;
    let of = text(cursor.rest().get(..length).unwrap_or_default());
    cursor.offset += length;
    cursor.skip_blanks();
    let mut members = vec![Member::added("$symbol", Node::text(NOWHERE, symbol))];
    let mut add =
        |name: &str, at, value: NodeValue| members.push(Member::added(name, Node::at(at, value)));
    let (name, version) = of.split_once('@').unwrap_or((&of, ""));
    let as_text = |text: &str| NodeValue::Text(Arc::new(text.to_owned()));
    add("type", type_start, as_text(name));
    add("apiVersion", type_start, as_text(version));
    if cursor.take("existing") {
        add("$existing", NOWHERE, NodeValue::Boolean(true));
    }
    equals(cursor)?;
    cursor.skip_lines();
    let in_loop = cursor.take("[");
    if in_loop {
        cursor.skip_lines();
        if !is_loop(cursor) {
            return Err("a loop is missing".to_owned());
        }
        let head = loop_head(cursor)?;
        members.push(Member::added("$loop", Node::map(NOWHERE, head)));
        cursor.skip_lines();
    }
    if cursor.rest().starts_with("if") {
        cursor.offset += "if".len();
        cursor.skip_blanks();
        let start = cursor.position();
        let length = bracketed(cursor.rest()).ok_or("a condition is missing")?;
        let condition = cursor.rest().get(..length).unwrap_or_default();
        let condition = Node::text(start, format!("${{{condition}}}"));
        members.push(Member::added("$condition", condition));
        cursor.offset += length;
        cursor.skip_lines();
    }
    members.extend(object(cursor)?);
    let end = cursor.position();
    if in_loop {
        cursor.skip_lines();
        if !cursor.take("]") {
            return Err("a closing bracket is missing".to_owned());
        }
    }
    Ok(Node {
        start: at,
        end,
        value: NodeValue::Map(members),
    })
}

/// The length of what stands in brackets at the beginning of a text, both included.
fn bracketed(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('(')?;
    let mut length = 0;
    // Lists of arguments have commas, which end expressions.
    loop {
        length += scanning::expression(inner.get(length..)?, Until::Line);
        let rest = inner.get(length..)?;
        let blanks = rest.len() - rest.trim_start().len();
        length += blanks;
        match inner.get(length..)?.chars().next()? {
            ')' => return Some(length + 2),
            _ if blanks > 0 => {}
            _ => return None,
        }
    }
}
