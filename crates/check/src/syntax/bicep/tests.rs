//! What files of Bicep come to.

use linchpin_document::{Node, NodeValue, Position};

use super::read;

fn one(text: &str) -> Node {
    let mut read = read(text);
    assert_eq!(read.problem, None);
    read.documents.remove(0)
}

const FILE: &str = "\
targetScope = 'resourceGroup' // here
@description('Where, and \\'how\\'')
param location string = resourceGroup().location
@secure()
param password string
param tier 'a' | 'b' = 'a'
var names = [
  'one', 'two'
  three
]
var name = 'x${toLower('A${location}')}y\\${z}'

/* storage */
resource store 'Microsoft.Storage/storageAccounts@2023-01-01' = if (length(names) > 1) {
  name: name
  'quoted-name': 1
  properties: {
    a: !empty(x)
      ? true
      : false
    b: -3
    'c': null, d: { e: [] }
  }
  resource blob 'blobServices' = {
    name: 'default'
  }
}

resource all 'A/b@1' = [for (item, i) in items(names): if (i > 0) {
  name: '${item.name}-${i}'
}]
resource old 'A/b@1' existing = {
  name: 'x'
}
module net './net.bicep' = {
  name: 'net'
  params: { zones: [for z in range(0, 3): { id: z }] }
}
output id string = store.id
";

#[test]
fn declarations_become_a_tree_with_places() {
    let file = one(FILE);
    let parameters = file.get("parameters").unwrap();
    assert_eq!(
        parameters.find_text(&["location", "defaultValue"]),
        Some("${resourceGroup().location}")
    );
    assert_eq!(
        parameters.find(&["password", "secure"]).unwrap().value,
        NodeValue::Boolean(true)
    );
    assert_eq!(parameters.find_text(&["tier", "type"]), Some("'a' | 'b'"));
    let variables = file.get("variables").unwrap();
    let names = variables.get("names").unwrap().items();
    assert_eq!(names.len(), 3);
    assert_eq!(names[2].as_text(), Some("${three}"));
    assert_eq!(
        variables.find_text(&["name"]),
        Some("x${toLower('A${location}')}y$${z}")
    );
    let resources = file.get("resources").unwrap().items();
    let store = &resources[0];
    assert_eq!(
        store.start,
        Position {
            line: 14,
            column: 1
        }
    );
    assert_eq!(
        store.end,
        Position {
            line: 27,
            column: 2
        }
    );
    assert_eq!(
        store.find_text(&["type"]),
        Some("Microsoft.Storage/storageAccounts")
    );
    assert_eq!(
        store.find_text(&["$condition"]),
        Some("${(length(names) > 1)}")
    );
    let properties = store.get("properties").unwrap();
    let a = properties.find_text(&["a"]).unwrap();
    assert!(
        a.starts_with("${!empty(x)") && a.ends_with(": false}"),
        "{a}"
    );
    assert_eq!(properties.get("b").unwrap().value, NodeValue::Integer(-3));
    assert_eq!(
        properties.member("c").unwrap().key_start,
        Position {
            line: 22,
            column: 5
        }
    );
    assert_eq!(properties.find(&["d", "e"]).unwrap().items().len(), 0);
    let blob = &store.get("resources").unwrap().items()[0];
    assert_eq!(blob.find_text(&["name"]), Some("default"));
    assert_eq!(
        resources[1].find_text(&["$loop", "in"]),
        Some("${items(names)}")
    );
    assert_eq!(resources[1].find_text(&["$loop", "index"]), Some("i"));
    assert!(resources[2].get("$existing").is_some());
    let net = &file.get("modules").unwrap().items()[0];
    assert_eq!(net.find_text(&["type"]), Some("./net.bicep"));
    assert!(net.find(&["params", "zones", "$for", "body"]).is_some());
}

#[test]
fn files_of_values_name_their_file() {
    let file = one("using './main.bicep'\nparam a = 'x'\nparam b = {\n  c: 1\n}\n");
    assert_eq!(file.find_text(&["using"]), Some("./main.bicep"));
    assert_eq!(file.find_text(&["values", "a"]), Some("x"));
    assert!(file.find(&["values", "b", "c"]).is_some());
}

#[test]
fn what_is_broken_is_told_and_the_rest_is_read() {
    let read = read("resource a = {\n  b: 1\n}\nvar x = 1\nwhat\nvar y = 'a\nvar z = 2\n");
    let problem = read.problem.unwrap();
    assert_eq!(problem.at.line, 1);
    assert!(
        problem.text.contains("type of a resource"),
        "{}",
        problem.text
    );
    let variables = read.documents[0].get("variables").unwrap();
    assert!(variables.get("x").is_some() && variables.get("z").is_some());
}

#[test]
fn hostile_texts_are_refused() {
    for (open, close) in [
        ("{a: ", "}"),
        ("[", "]"),
        ("(", ")"),
        ("'${", "}'"),
        ("[for x in y: ", "]"),
    ] {
        let text = format!("var a = {}1{}\n", open.repeat(20_000), close.repeat(20_000));
        let read = read(&text);
        // What is in an expression is not looked into here.
        let is_expression = matches!(open, "(" | "'${");
        assert_eq!(read.problem.is_none(), is_expression, "{open}");
    }
    for text in [
        "var a = '${'",
        "param",
        "resource a 'b@1' = [for",
        "@",
        "var a = {",
        "var a = /*",
        "'''",
    ] {
        read(text);
    }
    assert!(read(&"a".repeat(2 << 20)).problem.is_some());
}
