//! Writing tag-value from a tree in the shape of the JSON encoding.

use std::io::{self, Write};

use super::tags::{BEGINNINGS, Form, Part, TAGS};
use crate::node::Node;

/// Writes the document. Files stand before packages, for a file after a package is in it.
pub(crate) fn write(document: &Node, out: &mut dyn Write) -> io::Result<()> {
    part(document, Part::Document, out)?;
    line("SPDXID", document.str_of("SPDXID").unwrap_or_default(), out)?;
    for reference in document.list_of("externalDocumentRefs") {
        let checksum = reference.get("checksum");
        let field = |name: &str| {
            checksum
                .and_then(|sum| sum.str_of(name))
                .unwrap_or_default()
        };
        let value = format!(
            "{} {} {}: {}",
            reference.str_of("externalDocumentId").unwrap_or_default(),
            reference.str_of("spdxDocument").unwrap_or_default(),
            field("algorithm"),
            field("checksumValue")
        );
        line("ExternalDocumentRef", &value, out)?;
    }
    if let Some(creation) = document.get("creationInfo") {
        part(creation, Part::Creation, out)?;
    }
    let mut annotations: Vec<(&Node, &str)> = Vec::new();
    annotations.extend(
        document
            .list_of("annotations")
            .iter()
            .map(|node| (node, super::super::DOCUMENT)),
    );
    for kind in [
        Part::File,
        Part::Package,
        Part::Snippet,
        Part::License,
        Part::Review,
    ] {
        for node in document.list_of(kind.list()) {
            out.write_all(b"\n")?;
            begin(node, kind, out)?;
            if matches!(kind, Part::File | Part::Package) {
                line("SPDXID", node.str_of("SPDXID").unwrap_or_default(), out)?;
            }
            part(node, kind, out)?;
            if kind == Part::Snippet {
                ranges(node, out)?;
            }
            let id = node.str_of("SPDXID").unwrap_or_default();
            annotations.extend(node.list_of("annotations").iter().map(|node| (node, id)));
        }
    }
    for (node, subject) in annotations {
        out.write_all(b"\n")?;
        begin(node, Part::Annotation, out)?;
        part(node, Part::Annotation, out)?;
        line("SPDXREF", subject, out)?;
    }
    if !document.list_of("relationships").is_empty() {
        out.write_all(b"\n")?;
    }
    for node in document.list_of("relationships") {
        let field = |name: &str| node.str_of(name).unwrap_or_default();
        let value = format!(
            "{} {} {}",
            field("spdxElementId"),
            field("relationshipType"),
            field("relatedSpdxElement")
        );
        line("Relationship", &value, out)?;
        part(node, Part::Relationship, out)?;
    }
    Ok(())
}

fn begin(node: &Node, part: Part, out: &mut dyn Write) -> io::Result<()> {
    for (tag, _, field) in BEGINNINGS.iter().filter(|(_, known, _)| *known == part) {
        line(tag, node.str_of(field).unwrap_or_default(), out)?;
    }
    Ok(())
}

fn part(node: &Node, part: Part, out: &mut dyn Write) -> io::Result<()> {
    for tag in TAGS.iter().filter(|tag| tag.part == part) {
        let Some(value) = node.get(tag.field) else {
            continue;
        };
        match (tag.form, value) {
            (Form::Text, Node::Text(text)) => line(tag.name, text, out)?,
            (Form::Dashed, Node::Text(text)) => line(tag.name, &text.replace('_', "-"), out)?,
            (Form::Bool, Node::Bool(value)) => {
                line(tag.name, if *value { "true" } else { "false" }, out)?;
            }
            (Form::Texts, Node::List(list)) => {
                for text in list.iter().filter_map(Node::as_str) {
                    line(tag.name, text, out)?;
                }
            }
            (Form::Checksums, Node::List(list)) => {
                for sum in list {
                    let field = |name: &str| sum.str_of(name).unwrap_or_default();
                    let value = format!("{}: {}", field("algorithm"), field("checksumValue"));
                    line(tag.name, &value, out)?;
                }
            }
            (Form::References, Node::List(list)) => {
                for reference in list {
                    let field = |name: &str| reference.str_of(name).unwrap_or_default();
                    let value = format!(
                        "{} {} {}",
                        field("referenceCategory"),
                        field("referenceType"),
                        field("referenceLocator")
                    );
                    line(tag.name, &value, out)?;
                    if let Some(comment) = reference.str_of("comment") {
                        line("ExternalRefComment", comment, out)?;
                    }
                }
            }
            (Form::Verification, value) => {
                let code = value
                    .str_of("packageVerificationCodeValue")
                    .unwrap_or_default();
                let excluded: Vec<&str> = value
                    .list_of("packageVerificationCodeExcludedFiles")
                    .iter()
                    .filter_map(Node::as_str)
                    .collect();
                if excluded.is_empty() {
                    line(tag.name, code, out)?;
                } else {
                    line(
                        tag.name,
                        &format!("{code} (excludes: {})", excluded.join(", ")),
                        out,
                    )?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn ranges(node: &Node, out: &mut dyn Write) -> io::Result<()> {
    for range in node.list_of("ranges") {
        for (unit, tag) in [
            ("offset", "SnippetByteRange"),
            ("lineNumber", "SnippetLineRange"),
        ] {
            let number = |pointer: &str| match range.get(pointer)?.get(unit)? {
                Node::Number(number) => number.as_u64(),
                _ => None,
            };
            if let (Some(start), Some(end)) = (number("startPointer"), number("endPointer")) {
                line(tag, &format!("{start}:{end}"), out)?;
            }
        }
    }
    Ok(())
}

/// A line; a value of several lines stands between `<text>` and `</text>`.
fn line(tag: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
    let plain = !value.contains(['\n', '\r'])
        && value.trim() == value
        && !value.starts_with("<text>")
        && !value.is_empty();
    if plain {
        writeln!(out, "{tag}: {value}")
    } else {
        // The end of a text can not be written in a text.
        let value = value.replace("</text>", "</ text>").replace("\r\n", "\n");
        writeln!(out, "{tag}: <text>{value}</text>")
    }
}
