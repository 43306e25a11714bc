//! Which components an expression holds for, in the Common Expression Language:
//! <https://github.com/google/cel-spec>.
//!
//! An expression is asked of each component alone and must be true or false. What it takes is
//! bounded by its length, by its depth and by the length of the lists that it is given; how long it
//! may take is up to the caller, who can give up waiting.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linchpin_expression::{Expression, ExpressionError, MOST_ITEMS, Value, sort_of};

use crate::document::{Component, ComponentScope, Document, RelationshipKind};
use crate::flat::{by_reference, license_ids, licenses_line, supplier_line, type_word};

/// A field that an expression can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type and meaning.
    pub documentation: &'static str,
}

const fn field(name: &'static str, documentation: &'static str) -> Field {
    Field {
        name,
        documentation,
    }
}

/// All fields.
pub static FIELDS: &[Field] = &[
    field("name", "the name with its group or namespace"),
    field("version", "the version, or an empty text"),
    field(
        "type",
        "the type of the package URL, or the sort of component",
    ),
    // The language keeps the word `namespace` for itself.
    field("group", "the group or namespace, or an empty text"),
    field("purl", "the package URL, or an empty text"),
    field("license", "the licences as one expression"),
    field("licenses", "list: the id of each licence in the expression"),
    field(
        "scope",
        "runtime, optional, peer, build, test, dev, excluded, or an empty text",
    ),
    field("supplier", "who supplies or else made it"),
    field(
        "hashes",
        "map: the value by the algorithm, as in hashes[\"SHA-256\"]",
    ),
    field("paths", "list: where it was found"),
    field("depends_on", "list: the names of what it needs"),
    field("required_by", "list: the names of what needs it"),
    field("direct", "whether the product itself needs it"),
    field(
        "kind",
        "library, application, operating-system, file and so on",
    ),
    field("source", "the name of its source package, or an empty text"),
    field("download", "where it can be fetched, or an empty text"),
    field("description", "what it is for, or an empty text"),
    field(
        "vulnerabilities",
        "list: the ids of the flaws that the document knows in it",
    ),
    field("properties", "map: the value by the name"),
];

/// Why an expression can not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// It is none, or asks for something that is not there.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
    /// It can not be asked of a component.
    #[error("for {component}: {message}")]
    Evaluation {
        /// Which.
        component: String,
        /// What is wrong.
        message: String,
    },
    /// It is neither true nor false.
    #[error("for {component} it is {found}, neither true nor false")]
    NotBoolean {
        /// For which component.
        component: String,
        /// What it is.
        found: String,
    },
}

/// A component for which the expression holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Its name with its group.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// The type of its package URL, or its sort.
    pub kind: String,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its licences in one line.
    pub licenses: Option<String>,
    /// What it is needed for.
    pub scope: Option<&'static str>,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// Where it was found.
    pub paths: Vec<String>,
}

/// An expression that was understood.
#[derive(Debug)]
pub struct Query {
    expression: Expression,
}

impl Query {
    /// Understands an expression.
    pub fn parse(expression: &str) -> Result<Self, QueryError> {
        let known = |name: &str| FIELDS.iter().any(|field| field.name == name);
        let expression = Expression::parse(expression, known)?;
        Ok(Self { expression })
    }

    /// The components for which it holds, in the document's order, and of how many. What the
    /// document is about is not asked.
    pub fn run(&self, document: &Document) -> Result<(Vec<Match>, usize), QueryError> {
        let around = Around::new(document);
        let skipped = usize::from(document.metadata.primary.is_some());
        let mut matches = Vec::new();
        let mut count = 0;
        for component in document.all_components().skip(skipped) {
            count += 1;
            let named = || {
                let version = component.version.as_deref().unwrap_or_default();
                format!("{} {version}", component.full_name())
                    .trim_end()
                    .to_owned()
            };
            let answer = (self.expression).evaluate(|name| value(name, component, &around));
            match answer {
                Ok(Value::Bool(true)) => matches.push(matched(component)),
                Ok(Value::Bool(false)) => {}
                Ok(other) => {
                    return Err(QueryError::NotBoolean {
                        component: named(),
                        found: sort_of(&other).to_owned(),
                    });
                }
                Err(error) => {
                    return Err(QueryError::Evaluation {
                        component: named(),
                        message: error.0,
                    });
                }
            }
        }
        Ok((matches, count))
    }
}

/// What a component can not say of itself.
struct Around<'a> {
    components: BTreeMap<&'a str, &'a Component>,
    needs: BTreeMap<&'a str, Vec<&'a str>>,
    needed_by: BTreeMap<&'a str, Vec<&'a str>>,
    direct: BTreeSet<&'a str>,
    vulnerabilities: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Around<'a> {
    fn new(document: &'a Document) -> Self {
        let primary = document
            .metadata
            .primary
            .as_ref()
            .map(|component| component.reference.as_str());
        let mut around = Self {
            components: by_reference(document),
            needs: BTreeMap::new(),
            needed_by: BTreeMap::new(),
            direct: BTreeSet::new(),
            vulnerabilities: BTreeMap::new(),
        };
        for relationship in &document.relationships {
            if matches!(relationship.kind, RelationshipKind::DependsOn(_)) {
                let (from, to) = (relationship.from.as_str(), relationship.to.as_str());
                around.needs.entry(from).or_default().push(to);
                around.needed_by.entry(to).or_default().push(from);
                if primary == Some(from) {
                    around.direct.insert(to);
                }
            }
        }
        for vulnerability in document.vulnerabilities.iter().flatten() {
            for affected in &vulnerability.affects {
                let ids = around
                    .vulnerabilities
                    .entry(&affected.reference)
                    .or_default();
                ids.insert(&vulnerability.id);
                ids.extend(vulnerability.aliases.iter().map(|(id, _)| id.as_str()));
            }
        }
        around
    }

    fn names(&self, references: Option<&Vec<&'a str>>) -> Value {
        list(references.into_iter().flatten().map(|reference| {
            self.components.get(reference).map_or_else(
                || (*reference).to_owned(),
                |component| component.full_name(),
            )
        }))
    }
}

fn list(items: impl Iterator<Item = String>) -> Value {
    items
        .take(MOST_ITEMS)
        .map(Value::from)
        .collect::<Vec<Value>>()
        .into()
}

fn map(items: impl Iterator<Item = (String, String)>) -> Value {
    items
        .take(MOST_ITEMS)
        .collect::<HashMap<String, String>>()
        .into()
}

fn value(name: &str, component: &Component, around: &Around<'_>) -> Value {
    let text = |text: Option<&String>| Value::from(text.map_or("", String::as_str));
    let reference = component.reference.as_str();
    match name {
        "name" => component.full_name().into(),
        "version" => text(component.version.as_ref()),
        "type" => type_word(component).into(),
        "group" => text(component.group.as_ref()),
        "purl" => text(component.purl.as_ref()),
        "license" => licenses_line(component).into(),
        "licenses" => list(license_ids(component).into_iter()),
        "scope" => component.scope.map_or("", |scope| scope.label()).into(),
        "supplier" => supplier_line(component).into(),
        "hashes" => map(component
            .hashes
            .iter()
            .map(|hash| (hash.algorithm.label().to_owned(), hash.value.clone()))),
        "paths" => list(
            component
                .occurrences
                .iter()
                .map(|occurrence| occurrence.location.clone()),
        ),
        "depends_on" => around.names(around.needs.get(reference)),
        "required_by" => around.names(around.needed_by.get(reference)),
        "direct" => Value::Bool(around.direct.contains(reference)),
        "kind" => component.kind.label().into(),
        "source" => component
            .source
            .as_ref()
            .map_or("", |source| source.name.as_str())
            .into(),
        "download" => text(component.download.as_ref()),
        "description" => text(
            component
                .description
                .as_ref()
                .or(component.summary.as_ref()),
        ),
        "vulnerabilities" => list(
            around
                .vulnerabilities
                .get(reference)
                .into_iter()
                .flatten()
                .map(|id| (*id).to_owned()),
        ),
        "properties" => map(component
            .properties
            .iter()
            .map(|property| (property.name.clone(), property.value.clone()))),
        _ => Value::Null,
    }
}

fn matched(component: &Component) -> Match {
    let said = |line: String| Some(line).filter(|line| !line.is_empty());
    Match {
        name: component.full_name(),
        version: component.version.clone(),
        kind: type_word(component),
        purl: component.purl.clone(),
        licenses: said(licenses_line(component)),
        scope: component.scope.map(ComponentScope::label),
        supplier: said(supplier_line(component)),
        paths: component
            .occurrences
            .iter()
            .map(|occurrence| occurrence.location.clone())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{ComponentKind, License, LicenseChoice, LicenseStanding, Relationship};

    fn document() -> Document {
        let mut document = Document::default();
        document.metadata.primary = Some(Component::new("p", ComponentKind::Application, "shop"));
        for (name, version, license) in [
            ("left", "1.0.0", "MIT"),
            ("right", "2.1.0", "(MIT OR GPL-3.0-only) AND ISC"),
        ] {
            document.components.push(Component {
                version: Some(version.to_owned()),
                purl: Some(format!("pkg:npm/{name}@{version}")),
                licenses: vec![License::new(
                    LicenseChoice::Expression(license.to_owned()),
                    LicenseStanding::Declared,
                )],
                ..Component::new(name, ComponentKind::Library, name)
            });
        }
        for (from, to) in [("p", "left"), ("left", "right")] {
            document.relationships.push(Relationship::new(
                from,
                RelationshipKind::DependsOn(None),
                to,
            ));
        }
        document
    }

    fn names(expression: &str) -> Vec<String> {
        let (found, of) = Query::parse(expression).unwrap().run(&document()).unwrap();
        assert_eq!(of, 2);
        found.into_iter().map(|found| found.name).collect()
    }

    #[test]
    fn every_field_can_be_asked() {
        for field in FIELDS {
            let expression = format!("{} == {}", field.name, field.name);
            assert_eq!(names(&expression).len(), 2, "{expression}");
        }
    }

    #[test]
    fn expressions_choose_components() {
        assert_eq!(names("name == \"left\""), ["left"]);
        assert_eq!(names("\"GPL-3.0-only\" in licenses"), ["right"]);
        assert_eq!(names("licenses.exists(l, l.startsWith(\"IS\"))"), ["right"]);
        assert_eq!(names("direct && type == \"npm\""), ["left"]);
        assert_eq!(names("\"left\" in required_by"), ["right"]);
        assert_eq!(names("size(depends_on) == 0"), ["right"]);
        assert_eq!(names("version.matches(\"^2\\\\.\")"), ["right"]);
        assert!(names("false").is_empty());
    }

    #[test]
    fn errors_say_where() {
        assert_eq!(
            Query::parse("name == lisence").unwrap_err().to_string(),
            "line 1, column 9: there is no field `lisence`"
        );
        let syntax = Query::parse("name == ").unwrap_err().to_string();
        assert!(syntax.starts_with("line 1, column "), "{syntax}");
        let not = Query::parse("name").unwrap().run(&document());
        assert_eq!(
            not.unwrap_err().to_string(),
            "for left 1.0.0 it is a text, neither true nor false"
        );
        let wrong = Query::parse("name > 1").unwrap().run(&document());
        assert!(matches!(wrong, Err(QueryError::Evaluation { .. })));
    }

    #[test]
    fn hostile_expressions_are_refused() {
        for expression in [
            "(".repeat(10_000),
            "!".repeat(10_000),
            "[".repeat(10_000),
            "a".repeat(1 << 20),
            "-".repeat(10_000) + "1",
            "name".to_owned() + &".a".repeat(2_000),
            "name == ".repeat(400) + "name",
            "1+".repeat(2_000) + "1",
            "true?".repeat(800) + "true",
            "paths.all(a, paths.all(b, paths.all(c, true)))".to_owned(),
            "\u{0}".to_owned(),
            String::new(),
        ] {
            let query = Query::parse(&expression);
            if let Ok(query) = query {
                let _ = query.run(&document());
            }
        }
    }
}
