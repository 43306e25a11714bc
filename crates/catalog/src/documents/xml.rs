//! XML as package managers write it, read into a small tree of elements.
//!
//! Prefixes of names fall away: the formats here use one name space each. Document types are passed
//! over and no entity is known but the five of XML itself, so there is nothing for a bomb to expand.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deepest nesting that is read. Projects of Maven have about ten levels.
const DEEPEST: usize = 128;

/// Most elements of one file.
const MOST_ELEMENTS: usize = 1_000_000;

/// An element with what is in it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Element {
    /// The name, without its prefix.
    pub(crate) name: String,
    /// The attributes, with names without prefixes, in the order of the file.
    pub(crate) attributes: Vec<(String, String)>,
    /// The elements in it.
    pub(crate) children: Vec<Element>,
    /// The text directly in it, without white space around it.
    pub(crate) text: String,
}

impl Element {
    /// The first child with this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children with this name.
    pub(crate) fn children_named(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child with this name, unless it is empty.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(|child| child.text.as_str())
            .filter(|text| !text.is_empty())
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads a document and gives its root element.
pub(crate) fn read_document(content: &[u8]) -> Result<Element, String> {
    let text = decode(content);
    let mut reader = Reader::from_str(&text);
    // Files that people wrote have stray closing tags; the tree is what matters.
    reader.config_mut().check_end_names = false;
    let mut open: Vec<Element> = vec![Element::default()];
    let mut count = 0_usize;
    loop {
        let position = reader.buffer_position();
        let event = reader
            .read_event()
            .map_err(|error| format!("is no valid XML at byte {position}: {error}"))?;
        match event {
            Event::Start(start) => {
                count += 1;
                if open.len() > DEEPEST {
                    return Err(format!("nests more than {DEEPEST} levels deep"));
                }
                open.push(element(&start));
            }
            Event::Empty(start) => {
                count += 1;
                let element = element(&start);
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => {
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&text.xml10_content());
                }
            }
            Event::CData(text) => {
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let resolved = reference
                    .resolve_char_ref()
                    .ok()
                    .flatten()
                    .or_else(|| predefined(&reference.xml10_content()));
                if let (Some(parent), Some(character)) = (open.last_mut(), resolved) {
                    parent.text.push(character);
                }
            }
            Event::Eof => break,
            _ => {}
        }
        if count > MOST_ELEMENTS {
            return Err(format!("holds more than {MOST_ELEMENTS} elements"));
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    let top = open.pop().unwrap_or_default();
    top.children
        .into_iter()
        .next()
        .ok_or_else(|| "holds no XML element".to_owned())
}

/// Finishes the innermost open element; the outermost is the document itself and stays.
fn close(open: &mut Vec<Element>) {
    if open.len() < 2 {
        return;
    }
    if let Some(mut done) = open.pop() {
        done.text = done.text.trim().into();
        if let Some(parent) = open.last_mut() {
            parent.children.push(done);
        }
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    Element {
        name: start.local_name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .with_checks(false)
            .flatten()
            .map(|attribute| {
                let value = quick_xml::escape::unescape(&attribute.value)
                    .map_or_else(|_| attribute.value.to_string(), Cow::into_owned);
                (attribute.key.local_name().as_ref().to_owned(), value)
            })
            .collect(),
        children: Vec::new(),
        text: String::new(),
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// The text of a document in UTF-8, or in UTF-16 with a byte order mark, as Windows writes it.
fn decode(content: &[u8]) -> String {
    let pairs = |from: fn([u8; 2]) -> u16| -> String {
        let units = content[2..]
            .chunks_exact(2)
            .map(|pair| from([pair[0], pair[1]]));
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match content {
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(content).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_texts_are_read() {
        let root = read_document(
            b"<?xml version=\"1.0\"?><!DOCTYPE p><p:project xmlns:p=\"x\"><!-- c -->\n\
              <dep id=\"a&amp;b\"/><name> x &lt; <![CDATA[y]]> &#65;</name></p:project>",
        )
        .unwrap();
        assert_eq!(root.name, "project");
        assert_eq!(root.child("dep").unwrap().attribute("id"), Some("a&b"));
        assert_eq!(root.text_of("name"), Some("x < y A"));
    }

    #[test]
    fn wide_text_is_read() {
        let wide: Vec<u8> = "\u{feff}<a><b>x</b></a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read_document(&wide).unwrap().text_of("b"), Some("x"));
    }

    #[test]
    fn bombs_do_not_go_off() {
        assert!(read_document("<a>".repeat(100_000).as_bytes()).is_err());
        assert!(read_document("<a/>".repeat(2_000_000).as_bytes()).is_err());
        let bomb = b"<!DOCTYPE a [<!ENTITY b \"xxxx\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        assert_eq!(read_document(bomb).unwrap().text, "");
        assert!(read_document(b"").is_err());
        assert!(read_document(b"</a></b>").is_err());
    }
}
