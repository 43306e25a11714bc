//! Reading XML. Document types are passed over and entities other than the five of XML itself are
//! kept as they are written, so that there is nothing to expand.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::shapes::{Kind, Value, shape};
use crate::document::Document;
use crate::formats::ReadError;
use crate::node::{Node, ObjectBuilder, ObjectReader, without_mark};

/// The deepest nesting that is read.
const DEEPEST: usize = 128;

/// An element with all that is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Reads a document.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut reader = crate::cyclonedx::read::DocumentReader::default();
    parse(bytes, &mut reader)?;
    Ok(reader.finish())
}

/// The version that a document says it has, by its name space.
pub(crate) fn version(head: &[u8]) -> Option<&str> {
    const SPACE: &[u8] = b"cyclonedx.org/schema/bom/";
    let start = head
        .windows(SPACE.len())
        .position(|window| window == SPACE)?
        + SPACE.len();
    let rest = head.get(start..)?;
    let end = rest
        .iter()
        .position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
    std::str::from_utf8(rest.get(..end)?).ok()
}

/// Reads a document, part by part, in the shape of JSON.
pub(crate) fn parse(bytes: &[u8], out: &mut dyn ObjectReader) -> Result<(), ReadError> {
    let text = String::from_utf8_lossy(without_mark(bytes));
    let mut reader = Reader::from_str(&text);
    let mut open: Vec<Element> = Vec::new();
    let mut seen = false;
    loop {
        let event = reader.read_event().map_err(|error| {
            ReadError::Syntax(format!(
                "it is no XML at byte {}: {error}",
                reader.error_position()
            ))
        })?;
        match event {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(ReadError::Syntax(format!(
                        "its elements are nested more than {DEEPEST} deep"
                    )));
                }
                let element = element(&start);
                seen |= begin(&element, &open, out);
                open.push(element);
            }
            Event::Empty(start) => {
                let element = element(&start);
                seen |= begin(&element, &open, out);
                end(element, &mut open, out);
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    end(element, &mut open, out);
                }
            }
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::CData(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(element) = open.last_mut() {
                    let name: &str = &reference;
                    push_entity(name, &mut element.text);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !seen {
        return Err(ReadError::Syntax("its root is not `bom`".to_owned()));
    }
    if !open.is_empty() {
        return Err(ReadError::Syntax("an element has no end".to_owned()));
    }
    Ok(())
}

/// Says what the root has as attributes. Whether it is the root that is wanted.
fn begin(element: &Element, open: &[Element], out: &mut dyn ObjectReader) -> bool {
    if !open.is_empty() || element.name != "bom" {
        return false;
    }
    out.field("bomFormat".to_owned(), Node::text("CycloneDX"));
    if let Some(version) = element
        .attribute("xmlns")
        .and_then(|space| space.rsplit('/').next())
    {
        out.field("specVersion".to_owned(), Node::text(version));
    }
    if let Some(serial) = element.attribute("serialNumber") {
        out.field("serialNumber".to_owned(), Node::text(serial));
    }
    if let Some(number) = element.attribute("version").and_then(number) {
        out.field("version".to_owned(), number);
    }
    true
}

/// Gives away what is whole: an element of one of the root's long lists, or another child of the root.
fn end(element: Element, open: &mut Vec<Element>, out: &mut dyn ObjectReader) {
    let root = shape("bom");
    match open.as_slice() {
        [bom, list] if bom.name == "bom" => {
            let field = root.iter().find(|field| field.xml == list.name);
            match field.map(|field| (field.json, &field.kind)) {
                Some((name, Kind::Objects(item, kind)))
                    if *item == element.name && out.is_long(name) =>
                {
                    out.element(name, object(&element, kind));
                    return;
                }
                Some((name, Kind::Special)) if element.name == "dependency" => {
                    dependency(&element, &mut |node| out.element(name, node));
                    return;
                }
                _ => {}
            }
        }
        [bom] if bom.name == "bom" => {
            let field = root.iter().find(|field| field.xml == element.name);
            match field.map(|field| (field.json, &field.kind)) {
                Some((name, Kind::Object(kind))) => {
                    out.field(name.to_owned(), object(&element, kind));
                }
                Some((name, Kind::Objects(item, kind))) if !out.is_long(name) => {
                    let items = element.children_named(item);
                    let list = items.map(|child| object(child, kind)).collect();
                    out.field(name.to_owned(), Node::List(list));
                }
                _ => {}
            }
            return;
        }
        _ => {}
    }
    if let Some(parent) = open.last_mut() {
        parent.children.push(element);
    }
}

/// A node for each element that is said to need something, and for those inside of it.
fn dependency(element: &Element, add: &mut dyn FnMut(Node)) {
    let references = |name: &str| -> Vec<Node> {
        element
            .children_named(name)
            .filter_map(|child| child.attribute("ref"))
            .map(Node::text)
            .collect()
    };
    let mut node = ObjectBuilder::new();
    node.text("ref", element.attribute("ref"));
    node.list("dependsOn", references("dependency"));
    node.list("provides", references("provides"));
    add(node.build());
    for child in element
        .children_named("dependency")
        .filter(|child| !child.children.is_empty())
    {
        dependency(child, add);
    }
}

fn object(element: &Element, kind: &str) -> Node {
    let mut node = ObjectBuilder::new();
    for field in shape(kind) {
        let child = || element.children_named(field.xml).next();
        let items = |item: &'static str| {
            child()
                .into_iter()
                .flat_map(move |list| list.children_named(item))
        };
        let value = match &field.kind {
            Kind::Attribute(value) => element.attribute(field.xml).map(|text| plain(text, *value)),
            Kind::Content => Some(Node::text(element.text.as_str())),
            Kind::Element(value) => child().map(|child| plain(&child.text, *value)),
            Kind::Object(kind) => child().map(|child| object(child, kind)),
            Kind::Repeated => some(
                element
                    .children_named(field.xml)
                    .map(|child| Node::text(child.text.as_str()))
                    .collect(),
            ),
            Kind::RepeatedObjects(kind) => some(
                element
                    .children_named(field.xml)
                    .map(|child| object(child, kind))
                    .collect(),
            ),
            Kind::List(item, value) => some(
                items(item)
                    .map(|child| plain(&child.text, *value))
                    .collect(),
            ),
            Kind::References(item, attribute) => some(
                items(item)
                    .filter_map(|child| child.attribute(attribute))
                    .map(Node::text)
                    .collect(),
            ),
            Kind::Objects(item, kind) => {
                some(items(item).map(|child| object(child, kind)).collect())
            }
            Kind::Wrapped(item, inner) => some(
                items(item)
                    .map(|child| {
                        let mut node = ObjectBuilder::new();
                        node.set(*inner, child.text.as_str());
                        node.build()
                    })
                    .collect(),
            ),
            Kind::Special => special(field.xml, element),
        };
        if let Some(value) = value {
            node.set(field.json, value);
        }
    }
    node.build()
}

fn some(list: Vec<Node>) -> Option<Node> {
    (!list.is_empty()).then_some(Node::List(list))
}

fn special(name: &'static str, element: &Element) -> Option<Node> {
    let child = element.children_named(name).next()?;
    match name {
        "licenses" => some(child.children.iter().filter_map(license).collect()),
        "tools" => {
            let tools: Vec<Node> = child
                .children_named("tool")
                .map(|tool| object(tool, "tool"))
                .collect();
            some(tools).or_else(|| Some(object(child, "toolset")))
        }
        "data" => {
            let flows = child.children_named("dataflow");
            let inside = flows.flat_map(|flow| {
                let all = flow.children_named("classification");
                all.map(move |found| data(found, Some(flow)))
            });
            let alone = child.children_named("classification");
            some(inside.chain(alone.map(|found| data(found, None))).collect())
        }
        "identity" => some(
            element
                .children_named(name)
                .map(|child| object(child, "identity"))
                .collect(),
        ),
        _ => None,
    }
}

/// What flows to or from a service: since version 1.5 in an element of its own.
fn data(classification: &Element, flow: Option<&Element>) -> Node {
    let mut node = ObjectBuilder::new();
    node.set(
        "flow",
        classification.attribute("flow").unwrap_or("unknown"),
    );
    node.set("classification", classification.text.trim());
    for name in ["name", "description"] {
        node.text(name, flow.and_then(|flow| flow.attribute(name)));
    }
    node.build()
}

fn license(element: &Element) -> Option<Node> {
    let mut node = ObjectBuilder::new();
    match element.name.as_str() {
        "license" => {
            node.set("license", object(element, "license"));
        }
        "expression" => {
            node.set("expression", element.text.as_str());
        }
        "expression-detailed" => {
            node.text("expression", element.attribute("expression"));
            let details = element
                .children_named("details")
                .map(|child| object(child, "details"));
            node.list("expressionDetails", details.collect());
        }
        _ => return None,
    }
    if element.name != "license" {
        node.text("acknowledgement", element.attribute("acknowledgement"));
        node.text("bom-ref", element.attribute("bom-ref"));
    }
    Some(node.build())
}

/// A value that a text stands for; the text itself if it stands for none.
fn plain(text: &str, value: Value) -> Node {
    match value {
        Value::Text => Node::text(text),
        Value::Number => number(text.trim()).unwrap_or_else(|| Node::text(text)),
        Value::Bool => match text.trim() {
            "true" | "1" => Node::Bool(true),
            "false" | "0" => Node::Bool(false),
            _ => Node::text(text),
        },
    }
}

fn number(text: &str) -> Option<Node> {
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(Node::Number(number.into()));
    }
    serde_json::Number::from_f64(text.parse().ok()?).map(Node::Number)
}

fn element(start: &BytesStart<'_>) -> Element {
    let name = start.local_name().as_ref().to_owned();
    let attributes = start
        .attributes()
        .with_checks(false)
        .flatten()
        .map(|attribute| {
            let key = attribute.key.as_ref().to_owned();
            // A name space with a prefix is the one of the root all the same.
            let key = if key.starts_with("xmlns:")
                && start
                    .name()
                    .prefix()
                    .is_some_and(|prefix| key.get(6..) == Some(prefix.as_ref()))
            {
                "xmlns".to_owned()
            } else {
                key
            };
            (key, decoded(&attribute.value))
        })
        .collect();
    Element {
        name,
        attributes,
        ..Element::default()
    }
}

/// The longest name of an entity: a number of a letter, with room for zeros before it.
const LONGEST_NAME: usize = 10;

/// The text with its entities resolved. The end of a name is looked for where it can be only: a
/// text of ampersands would be read to its end for each of them.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let mut near = after.bytes().take(LONGEST_NAME + 1);
        let end = near.position(|byte| byte == b';');
        rest = match end.and_then(|end| after.split_at_checked(end)) {
            Some((name, end)) => {
                push_entity(name, &mut out);
                end.strip_prefix(';').unwrap_or(end)
            }
            None => {
                out.push('&');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

fn push_entity(name: &str, out: &mut String) {
    let letter = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        name => name
            .strip_prefix("#x")
            .map(|digits| u32::from_str_radix(digits, 16))
            .or_else(|| name.strip_prefix('#').map(str::parse))
            .and_then(Result::ok)
            .and_then(char::from_u32),
    };
    match letter {
        Some(letter) => out.push(letter),
        None => {
            out.push('&');
            out.push_str(name);
            out.push(';');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_resolved_and_others_are_kept() {
        assert_eq!(decoded("a&lt;&#x41;&#0000066;b"), "a<ABb");
        assert_eq!(decoded("&other; & ; &; &amp"), "&other; & ; &; &amp");
        assert_eq!(decoded("&notanentity;&ä;"), "&notanentity;&ä;");
    }

    #[test]
    fn ampersands_cost_no_more_than_other_letters() {
        let text = "&".repeat(1 << 20);
        let begun = std::time::Instant::now();
        assert_eq!(decoded(&text), text);
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
