//! Writing XML from a tree in the shape of JSON.

use std::io::{self, Write};

use super::shapes::{Kind, shape};
use crate::document::Losses;
use crate::node::Node;

/// Writes the document. What has no place in the table is lost, and said to be.
pub(crate) fn write(
    document: &Node,
    version: &str,
    losses: &mut Losses,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let mut writer = Writer {
        out,
        losses,
        depth: 0,
        has_dataflows: !matches!(version, "1.2" | "1.3" | "1.4"),
    };
    let space = format!("http://cyclonedx.org/schema/bom/{version}");
    writer.object("bom", "bom", document, &[("xmlns", &space)])
}

struct Writer<'a> {
    out: &'a mut dyn Write,
    losses: &'a mut Losses,
    depth: usize,
    /// Whether the data of services stands in elements of flows, as it does since version 1.5.
    has_dataflows: bool,
}

impl Writer<'_> {
    fn object(
        &mut self,
        element: &str,
        kind: &str,
        node: &Node,
        more: &[(&str, &str)],
    ) -> io::Result<()> {
        let fields = shape(kind);
        for (name, _) in node.as_object().into_iter().flatten() {
            let known = fields.iter().any(|field| field.json == name);
            if !known && !matches!(name.as_ref(), "$schema" | "bomFormat" | "specVersion") {
                let whose = node
                    .str_of("bom-ref")
                    .or_else(|| node.str_of("name"))
                    .unwrap_or(kind);
                self.losses
                    .add(format!("field `{name}` (not written in XML)"), whose);
            }
        }
        self.indent()?;
        write!(self.out, "<{element}")?;
        for (name, value) in more {
            self.attribute(name, value)?;
        }
        let mut content = None;
        let mut inner = false;
        for field in fields {
            let Some(value) = node.get(field.json) else {
                continue;
            };
            match field.kind {
                Kind::Attribute(_) => {
                    if let Some(text) = plain(value) {
                        self.attribute(field.xml, &text)?;
                    }
                }
                Kind::Content => content = plain(value),
                _ => inner = true,
            }
        }
        if let Some(text) = content {
            write!(self.out, ">")?;
            self.text(&text)?;
            return writeln!(self.out, "</{element}>");
        }
        if !inner {
            return writeln!(self.out, "/>");
        }
        writeln!(self.out, ">")?;
        self.depth += 1;
        for field in fields {
            if let Some(value) = node.get(field.json) {
                self.field(field.xml, &field.kind, value)?;
            }
        }
        self.depth -= 1;
        self.indent()?;
        writeln!(self.out, "</{element}>")
    }

    fn field(&mut self, name: &str, kind: &Kind, value: &Node) -> io::Result<()> {
        match kind {
            Kind::Attribute(_) | Kind::Content => Ok(()),
            Kind::Element(_) => self.simple(name, value),
            Kind::Object(kind) => self.object(name, kind, value, &[]),
            Kind::Repeated => self.each(value, |writer, value| writer.simple(name, value)),
            Kind::RepeatedObjects(kind) => {
                self.each(value, |writer, value| writer.object(name, kind, value, &[]))
            }
            Kind::List(item, _) => self.around(name, |writer| {
                writer.each(value, |writer, value| writer.simple(item, value))
            }),
            Kind::References(item, attribute) => self.around(name, |writer| {
                writer.each(value, |writer, value| {
                    let text = plain(value).unwrap_or_default();
                    writer.indent()?;
                    write!(writer.out, "<{item}")?;
                    writer.attribute(attribute, &text)?;
                    writeln!(writer.out, "/>")
                })
            }),
            Kind::Objects(item, kind) => self.around(name, |writer| {
                writer.each(value, |writer, value| writer.object(item, kind, value, &[]))
            }),
            Kind::Wrapped(item, inner) => self.around(name, |writer| {
                writer.each(value, |writer, value| match value.get(inner) {
                    Some(value) => writer.simple(item, value),
                    None => Ok(()),
                })
            }),
            Kind::Special => self.special(name, value),
        }
    }

    fn special(&mut self, name: &str, value: &Node) -> io::Result<()> {
        match name {
            "licenses" => self.around(name, |writer| writer.each(value, Self::license)),
            "tools" => match value {
                Node::List(_) => self.around(name, |writer| {
                    writer.each(value, |writer, value| {
                        writer.object("tool", "tool", value, &[])
                    })
                }),
                _ => self.object(name, "toolset", value, &[]),
            },
            "identity" => match value {
                Node::List(_) => self.each(value, |writer, value| {
                    writer.object(name, "identity", value, &[])
                }),
                _ => self.object(name, "identity", value, &[]),
            },
            "data" => self.around(name, |writer| writer.each(value, Self::data)),
            "dependencies" => self.around(name, |writer| writer.each(value, Self::dependency)),
            _ => Ok(()),
        }
    }

    /// What flows to or from a service.
    fn data(&mut self, node: &Node) -> io::Result<()> {
        for name in ["governance", "source", "destination"] {
            if node.get(name).is_some() {
                self.losses.add(
                    format!("field `{name}` (not written in XML)"),
                    "data of a service",
                );
            }
        }
        if self.has_dataflows {
            self.indent()?;
            write!(self.out, "<dataflow")?;
            for name in ["name", "description"] {
                if let Some(value) = node.str_of(name) {
                    self.attribute(name, value)?;
                }
            }
            writeln!(self.out, ">")?;
            self.depth += 1;
        }
        self.indent()?;
        write!(self.out, "<classification")?;
        self.attribute("flow", node.str_of("flow").unwrap_or("unknown"))?;
        write!(self.out, ">")?;
        self.text(node.str_of("classification").unwrap_or_default())?;
        writeln!(self.out, "</classification>")?;
        if self.has_dataflows {
            self.depth -= 1;
            self.indent()?;
            writeln!(self.out, "</dataflow>")?;
        }
        Ok(())
    }

    fn license(&mut self, node: &Node) -> io::Result<()> {
        if let Some(license) = node.get("license") {
            return self.object("license", "license", license, &[]);
        }
        let Some(expression) = node.str_of("expression") else {
            return Ok(());
        };
        let details = node.list_of("expressionDetails");
        self.indent()?;
        let element = if details.is_empty() {
            "expression"
        } else {
            "expression-detailed"
        };
        write!(self.out, "<{element}")?;
        for name in ["bom-ref", "acknowledgement"] {
            if let Some(value) = node.str_of(name) {
                self.attribute(name, value)?;
            }
        }
        if details.is_empty() {
            write!(self.out, ">")?;
            self.text(expression)?;
        } else {
            self.attribute("expression", expression)?;
            writeln!(self.out, ">")?;
            self.depth += 1;
            for detail in details {
                self.object("details", "details", detail, &[])?;
            }
            self.depth -= 1;
            self.indent()?;
        }
        writeln!(self.out, "</{element}>")
    }

    fn dependency(&mut self, node: &Node) -> io::Result<()> {
        self.indent()?;
        write!(self.out, "<dependency")?;
        self.attribute("ref", node.str_of("ref").unwrap_or_default())?;
        let (needs, provides) = (node.list_of("dependsOn"), node.list_of("provides"));
        if needs.is_empty() && provides.is_empty() {
            return writeln!(self.out, "/>");
        }
        writeln!(self.out, ">")?;
        self.depth += 1;
        for (element, list) in [("dependency", needs), ("provides", provides)] {
            for reference in list.iter().filter_map(Node::as_str) {
                self.indent()?;
                write!(self.out, "<{element}")?;
                self.attribute("ref", reference)?;
                writeln!(self.out, "/>")?;
            }
        }
        self.depth -= 1;
        self.indent()?;
        writeln!(self.out, "</dependency>")
    }

    fn around(
        &mut self,
        name: &str,
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.indent()?;
        writeln!(self.out, "<{name}>")?;
        self.depth += 1;
        inside(self)?;
        self.depth -= 1;
        self.indent()?;
        writeln!(self.out, "</{name}>")
    }

    fn each(
        &mut self,
        list: &Node,
        mut write: impl FnMut(&mut Self, &Node) -> io::Result<()>,
    ) -> io::Result<()> {
        for element in list.as_list().unwrap_or_default() {
            write(self, element)?;
        }
        Ok(())
    }

    fn simple(&mut self, name: &str, value: &Node) -> io::Result<()> {
        let Some(text) = plain(value) else {
            return Ok(());
        };
        self.indent()?;
        write!(self.out, "<{name}>")?;
        self.text(&text)?;
        writeln!(self.out, "</{name}>")
    }

    fn indent(&mut self) -> io::Result<()> {
        for _ in 0..self.depth {
            self.out.write_all(b"  ")?;
        }
        Ok(())
    }

    fn attribute(&mut self, name: &str, value: &str) -> io::Result<()> {
        write!(self.out, " {name}=\"")?;
        self.escaped(value, true)?;
        self.out.write_all(b"\"")
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.escaped(text, false)
    }

    /// XML has no way to write most control characters.
    fn escaped(&mut self, text: &str, attribute: bool) -> io::Result<()> {
        let mut lost = false;
        for letter in text.chars() {
            match letter {
                '<' => self.out.write_all(b"&lt;")?,
                '>' => self.out.write_all(b"&gt;")?,
                '&' => self.out.write_all(b"&amp;")?,
                '"' if attribute => self.out.write_all(b"&quot;")?,
                '\n' | '\t' if attribute => write!(self.out, "&#{};", letter as u32)?,
                '\r' => self.out.write_all(b"&#13;")?,
                '\n' | '\t' => write!(self.out, "{letter}")?,
                '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    lost = true;
                    write!(self.out, "\u{fffd}")?;
                }
                letter => write!(self.out, "{letter}")?,
            }
        }
        if lost {
            self.losses
                .add("character that XML has no way to write", text);
        }
        Ok(())
    }
}

fn plain(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.clone()),
        Node::Number(number) => Some(number.to_string()),
        Node::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
