//! Reading tag-value. Tags that are not known are passed over.

use std::borrow::Cow;

use super::tags::{BEGINNINGS, Form, Part, TAGS};
use crate::formats::ReadError;
use crate::node::{Node, ObjectBuilder, ObjectReader};

/// Reads a document, part by part, in the shape of the JSON encoding.
pub(crate) fn parse(bytes: &[u8], reader: &mut dyn ObjectReader) -> Result<(), ReadError> {
    let text = String::from_utf8_lossy(crate::node::without_mark(bytes));
    let mut parser = Parser {
        reader,
        open: None,
        creation: Vec::new(),
        package: None,
        known: 0,
    };
    let mut rest: &str = &text;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = line.strip_suffix('\r').unwrap_or(line);
        rest = after;
        let trimmed = line.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = trimmed.split_once(':') else {
            continue;
        };
        let value = value.trim();
        let value: Cow<'_, str> = match value.strip_prefix("<text>") {
            None => Cow::Borrowed(value),
            Some(start) => match start.split_once("</text>") {
                Some((inside, _)) => Cow::Borrowed(inside),
                None => {
                    // The text goes on; what follows its end on that line is nothing.
                    let start = line.split_once("<text>").map_or("", |(_, start)| start);
                    let Some((inside, after)) = rest.split_once("</text>") else {
                        return Err(ReadError::Syntax("a `<text>` has no end".to_owned()));
                    };
                    rest = after.split_once('\n').map_or("", |(_, after)| after);
                    Cow::Owned(format!("{start}\n{}", inside.replace("\r\n", "\n")))
                }
            },
        };
        parser.tag(tag.trim(), &value);
    }
    parser.close();
    if parser.known == 0 {
        return Err(ReadError::Syntax("it has no tag of SPDX".to_owned()));
    }
    let creation = std::mem::take(&mut parser.creation);
    if !creation.is_empty() {
        parser
            .reader
            .field("creationInfo".to_owned(), Node::Object(creation));
    }
    Ok(())
}

struct Parser<'a> {
    reader: &'a mut dyn ObjectReader,
    /// The part that is being read, with what is known of it.
    open: Option<(Part, Node)>,
    creation: crate::node::Fields,
    /// The id of the package that was read last: files that follow are in it.
    package: Option<String>,
    known: usize,
}

impl Parser<'_> {
    fn tag(&mut self, tag: &str, value: &str) {
        if let Some((_, part, field)) = BEGINNINGS.iter().find(|(known, _, _)| *known == tag) {
            self.known += 1;
            self.begin(*part, field, value);
            return;
        }
        match tag {
            "SPDXID" => match &mut self.open {
                Some((Part::Package | Part::File, node)) => {
                    set(node, "SPDXID", Node::text(value));
                }
                _ => self.reader.field("SPDXID".to_owned(), Node::text(value)),
            },
            "Relationship" => {
                self.known += 1;
                self.close();
                let mut words = value.split_whitespace();
                let mut node = ObjectBuilder::new();
                node.text("spdxElementId", words.next())
                    .text("relationshipType", words.next())
                    .text("relatedSpdxElement", words.next());
                self.open = Some((Part::Relationship, node.build()));
            }
            "ExternalDocumentRef" => {
                let mut words = value.split_whitespace();
                let mut node = ObjectBuilder::new();
                node.text("externalDocumentId", words.next())
                    .text("spdxDocument", words.next());
                let rest: Vec<&str> = words.collect();
                if let Some(checksum) = checksum(&rest.join(" ")) {
                    node.set("checksum", checksum);
                }
                self.reader.element("externalDocumentRefs", node.build());
            }
            "ExternalRefComment" => {
                if let Some((Part::Package, node)) = &mut self.open
                    && let Some(last) = last_of(node, "externalRefs")
                {
                    set(last, "comment", Node::text(value));
                }
            }
            "SnippetByteRange" | "SnippetLineRange" => self.range(tag, value),
            _ => {
                if let Some(known) = TAGS.iter().find(|known| known.name == tag) {
                    self.known += 1;
                    self.field(known.part, known.field, known.form, value);
                }
            }
        }
    }

    fn begin(&mut self, part: Part, field: &'static str, value: &str) {
        self.close();
        self.open = Some((
            part,
            Node::Object(vec![(Cow::Borrowed(field), Node::text(value))]),
        ));
    }

    fn field(&mut self, part: Part, field: &'static str, form: Form, value: &str) {
        let node = match (part, &mut self.open) {
            (Part::Document, _) => {
                self.reader.field(field.to_owned(), Node::text(value));
                return;
            }
            (Part::Creation, _) => {
                let mut node = Node::Object(std::mem::take(&mut self.creation));
                add(&mut node, field, form, value);
                if let Node::Object(fields) = node {
                    self.creation = fields;
                }
                return;
            }
            (part, Some((open, node))) if *open == part => node,
            // A tag outside of its part says nothing of anything.
            _ => return,
        };
        add(node, field, form, value);
    }

    /// `310:420`, in bytes or lines of the file that the snippet is from.
    fn range(&mut self, tag: &str, value: &str) {
        let Some((Part::Snippet, node)) = &mut self.open else {
            return;
        };
        let Some((start, end)) = value.split_once(':') else {
            return;
        };
        let file = node
            .str_of("snippetFromFile")
            .unwrap_or_default()
            .to_owned();
        let unit = if tag == "SnippetByteRange" {
            "offset"
        } else {
            "lineNumber"
        };
        let pointer = |text: &str| {
            let mut pointer = ObjectBuilder::new();
            pointer.set("reference", file.as_str());
            if let Ok(number) = text.trim().parse::<u64>() {
                pointer.set(unit, number);
            }
            pointer.build()
        };
        let mut range = ObjectBuilder::new();
        range
            .set("startPointer", pointer(start))
            .set("endPointer", pointer(end));
        push(node, "ranges", range.build());
    }

    fn close(&mut self) {
        let Some((part, node)) = self.open.take() else {
            return;
        };
        match part {
            Part::Package => self.package = node.str_of("SPDXID").map(str::to_owned),
            Part::File => {
                if let (Some(package), Some(file)) = (&self.package, node.str_of("SPDXID")) {
                    let mut inside = ObjectBuilder::new();
                    inside
                        .set("spdxElementId", package.as_str())
                        .set("relationshipType", "CONTAINS")
                        .set("relatedSpdxElement", file);
                    self.reader.element("relationships", inside.build());
                }
            }
            _ => {}
        }
        self.reader.element(part.list(), node);
    }
}

fn add(node: &mut Node, field: &'static str, form: Form, value: &str) {
    match form {
        Form::Text => set(node, field, Node::text(value)),
        Form::Dashed => set(node, field, Node::Text(value.replace('-', "_"))),
        Form::Bool => match value {
            "true" => set(node, field, Node::Bool(true)),
            "false" => set(node, field, Node::Bool(false)),
            other => set(node, field, Node::text(other)),
        },
        Form::Texts => push(node, field, Node::text(value)),
        Form::Checksums => {
            if let Some(checksum) = checksum(value) {
                push(node, field, checksum);
            }
        }
        Form::References => {
            let mut words = value.splitn(3, ' ');
            let mut reference = ObjectBuilder::new();
            reference
                .text("referenceCategory", words.next())
                .text("referenceType", words.next())
                .text("referenceLocator", words.next().map(str::trim));
            push(node, field, reference.build());
        }
        Form::Verification => {
            let (code, excluded) = value.split_once('(').map_or((value, None), |(code, rest)| {
                (code.trim(), rest.strip_suffix(')'))
            });
            let mut verification = ObjectBuilder::new();
            verification.set("packageVerificationCodeValue", code);
            if let Some(excluded) = excluded {
                let excluded = excluded.strip_prefix("excludes:").unwrap_or(excluded);
                let files = excluded.split(',').map(|file| Node::text(file.trim()));
                verification.list("packageVerificationCodeExcludedFiles", files.collect());
            }
            set(node, field, verification.build());
        }
    }
}

/// `SHA1: abc`.
fn checksum(text: &str) -> Option<Node> {
    let (algorithm, value) = text.split_once(':')?;
    let mut node = ObjectBuilder::new();
    node.set("algorithm", algorithm.trim())
        .set("checksumValue", value.trim());
    Some(node.build())
}

/// Sets a field. What a tag says again replaces what it said, so that a part has no more fields than
/// there are tags, however often it has one.
fn set(node: &mut Node, field: &'static str, value: Node) {
    if let Node::Object(fields) = node {
        match fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, known)) => *known = value,
            None => fields.push((Cow::Borrowed(field), value)),
        }
    }
}

fn push(node: &mut Node, field: &'static str, value: Node) {
    if let Node::Object(fields) = node {
        match fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, Node::List(list))) => list.push(value),
            _ => fields.push((Cow::Borrowed(field), Node::List(vec![value]))),
        }
    }
}

fn last_of<'a>(node: &'a mut Node, field: &str) -> Option<&'a mut Node> {
    let Node::Object(fields) = node else {
        return None;
    };
    match fields.iter_mut().find(|(name, _)| name == field) {
        Some((_, Node::List(list))) => list.last_mut(),
        _ => None,
    }
}
