//! Tests of the reader of Jenkinsfiles.

use std::fmt::Write as _;

use super::*;

/// Calls as a text: `sh(text script=text) { ... }`.
fn shown(calls: &[Node]) -> String {
    let calls = calls.iter().map(|call| {
        let mut line = call.find_text(&["call"]).unwrap_or("?").to_owned();
        let arguments = call
            .get("arguments")
            .map_or(&[][..], Node::items)
            .iter()
            .map(value);
        let named = call.get("named").map_or(&[][..], Node::members).iter();
        let named = named.map(|member| format!("{}={}", member.key, value(&member.value)));
        let all: Vec<String> = arguments.chain(named).collect();
        if let Some(name) = call.find_text(&["name"]) {
            line = format!("{name} {line} ");
        }
        let _ = write!(line, "({})", all.join(" "));
        if let Some(body) = call.get("body") {
            let _ = write!(line, " {{ {} }}", shown(body.items()));
        }
        line
    });
    calls.collect::<Vec<_>>().join("; ")
}

fn value(node: &Node) -> String {
    if node.get("call").is_some() {
        return shown(std::slice::from_ref(node));
    }
    if let Some(text) = node.find_text(&["text"]) {
        let inner = node.get("interpolates").unwrap().items().iter();
        let inner: Vec<&str> = inner.filter_map(Node::as_text).collect();
        return if inner.is_empty() {
            format!("'{text}'")
        } else {
            format!("'{text}'<{}>", inner.join(","))
        };
    }
    if let Some(name) = node.find_text(&["reads"]) {
        return name.to_owned();
    }
    if let Some(parts) = node.get("parts") {
        return parts
            .items()
            .iter()
            .map(value)
            .collect::<Vec<_>>()
            .join("+");
    }
    match &node.value {
        NodeValue::Boolean(flag) => flag.to_string(),
        NodeValue::Integer(number) => number.to_string(),
        NodeValue::List(items) => format!(
            "[{}]",
            items.iter().map(value).collect::<Vec<_>>().join(" ")
        ),
        NodeValue::Map(members) => {
            let members = members
                .iter()
                .map(|member| format!("{}:{}", member.key, value(&member.value)));
            format!("[{}]", members.collect::<Vec<_>>().join(" "))
        }
        _ => "?".to_owned(),
    }
}

fn check(text: &str, expected: &str) {
    let read = read(text);
    assert_eq!(read.problem, None);
    assert_eq!(shown(read.documents[0].items()), expected, "{text}");
}

#[test]
fn declarative_pipelines_are_calls_in_blocks() {
    check(
        "pipeline {\n  agent any\n  options { timeout(time: 1, unit: 'HOURS') }\n  stages {\n    \
         stage('Build') {\n      steps { sh 'make' }\n    }\n  }\n}\n",
        "pipeline() { agent(any); options() { timeout(time=1 unit='HOURS') }; \
         stages() { stage('Build') { steps() { sh('make') } } } }",
    );
    check(
        "agent { docker { image 'node:20'; args '-v /x:/y' } }",
        "agent() { docker() { image('node:20'); args('-v /x:/y') } }",
    );
    check(
        "environment {\n  KEY = credentials('key')\n  URL = \"http://${HOST}/\"\n}",
        "environment() { KEY = (credentials('key')); URL = ('http://${HOST}/'<HOST>) }",
    );
}

#[test]
fn scripted_forms_are_read_as_well() {
    check(
        "@Library('shared@main') _\nnode('linux') { checkout scm }",
        "@Library('shared@main'); node('linux') { checkout(scm) }",
    );
    check("@Grab('a:b:1')\nimport a.b.C\nx()", "@Grab('a:b:1'); x()");
    check(
        "def out = sh(script: \"echo $x\", returnStdout: true).trim()",
        "out = (sh(script='echo $x'<x> returnStdout=true)+trim())",
    );
    check(
        "if (env.BRANCH_NAME == 'main') {\n  sh \"\"\"\n    a ${params.X}\n  \"\"\"\n} else { sh 'b' }",
        "if(env.BRANCH_NAME+'main') { sh('\n    a ${params.X}\n  '<params.X>) }; sh('b')",
    );
    check(
        "withCredentials([string(credentialsId: 'k', variable: 'KEY')]) { sh 'x' }",
        "withCredentials([string(credentialsId='k' variable='KEY')]) { sh('x') }",
    );
    check("sh 'a' + params.B + \"c\"", "sh('a'+params.B+'c')");
    check(
        "parallel(a: { sh 'x' }, b: { sh 'y' })",
        "parallel(a=[body:[sh('x')]] b=[body:[sh('y')]])",
    );
    check(
        "try { sh 'a' } catch (e) { echo 'b' } finally { sh 'c' }",
        "sh('a'); catch(e) { echo('b') }; sh('c')",
    );
    check("// sh 'no'\n/* sh 'no' */ sh 'it\\'s' // sh", "sh('it's')");
    check("sh \"a \\$b ${c}\"", "sh('a $b ${c}'<c>)");
}

#[test]
fn calls_and_texts_know_where_they_stand() {
    let read = read("node {\n  sh 'é' ; sh(\n    script: 'x')\n}\n");
    let body = read.documents[0].items()[0].get("body").unwrap().items();
    let at = |line, column| Position { line, column };
    assert_eq!(body[0].start, at(2, 3));
    assert_eq!(body[1].start, at(2, 12));
    let script = body[1].get("named").unwrap().member("script").unwrap();
    assert_eq!(
        (script.key_start, script.value.start),
        (at(3, 5), at(3, 13))
    );
    assert_eq!(body[0].get("arguments").unwrap().items()[0].end, at(2, 9));
}

#[test]
fn hostile_texts_come_to_an_end() {
    for text in [
        "{",
        "}",
        "(",
        ")",
        "[",
        "'",
        "\"${",
        "/*",
        "a(",
        "a{",
        "a:",
        "a=",
        "a==",
        "@",
        "\\",
        "}}}",
        "a [",
        "${",
        "\"\"\"",
        "'''a",
        "new new new",
        "!!!!",
    ] {
        read(text);
        read(&text.repeat(2_000));
    }
    assert!(read(&"a ".repeat(400_000)).problem.is_some());
}
