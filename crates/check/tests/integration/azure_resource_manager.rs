//! What rules see of templates of Azure and of Bicep: evaluation, modules, places, and hostile input.

use linchpin_check::{Checked, Checks, Rules};
use linchpin_model::About;
use linchpin_source::{SourceOptions, read_together};

fn check(files: &[(&str, &str)], rules: &Rules) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let source = linchpin_source::open(path, SourceOptions::default()).unwrap();
    let checks = Checks::new(rules, |kind| kind.id == "azure-resource-manager");
    let visited = read_together(source.as_ref(), &[&checks]).unwrap();
    checks.finish(&visited)
}

/// Where an expression holds for a resource, as `path:line:column`.
fn found(files: &[(&str, &str)], expression: &str, at: &str) -> Vec<String> {
    found_each("resource", files, expression, at)
}

fn found_each(each: &str, files: &[(&str, &str)], expression: &str, at: &str) -> Vec<String> {
    let rule = format!(
        "id: own-rule\ntitle: T\nseverity: low\ncategory: test\nwhy: W.\nfix: F.\n\
         applies_to: azure-resource-manager\neach: {each}\nwhen: |\n  {expression}\nat: {at}\n\
         pass: ['']\nfail: ['']\n"
    );
    let mut rules = Rules::default();
    rules.add("own.yaml", &rule).unwrap();
    let checked = check(files, &rules);
    let own = checked
        .findings
        .iter()
        .filter(|one| one.rule.0 == "own-rule");
    let mut found: Vec<String> = own
        .map(|finding| match &finding.about {
            About::Place(place) => format!(
                "{}:{}:{}",
                place.path,
                place.line.unwrap(),
                place.column.unwrap()
            ),
            About::Package(_) => unreachable!("rules find places"),
        })
        .collect();
    found.sort();
    found
}

/// A template whose one resource has this value.
fn template(value: &str) -> String {
    format!(
        r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "parameters": {{
    "name": {{"type": "string", "defaultValue": "web"}},
    "open": {{"type": "string"}},
    "sizes": {{"type": "object", "defaultValue": {{"live": {{"count": 3}}}}}},
    "self": {{"type": "string", "defaultValue": "[parameters('self')]"}}
  }},
  "variables": {{
    "long": "[concat(parameters('name'), '-', 'x')]",
    "a": "[variables('b')]", "b": "[variables('a')]",
    "copy": [{{"name": "many", "count": 2, "input": "[copyIndex('many', 1)]"}}]
  }},
  "resources": [{{"type": "A.B/c", "apiVersion": "1", "name": "n", "properties": {{
    "v": {value}
  }}}}]
}}"#
    )
}

#[test]
fn expressions_of_templates_come_to_values_as_far_as_they_are_known() {
    for (written, condition) in [
        (r#""[parameters('NAME')]""#, "this.properties.v == 'web'"),
        (r#""[variables('long')]""#, "this.properties.v == 'web-x'"),
        (
            r#""[parameters('open')]""#,
            "this.properties.v == '${parameters(\\'open\\')}'",
        ),
        (r#""[variables('a')]""#, "this.properties.v.contains('${')"),
        (
            r#""[parameters('self')]""#,
            "this.properties.v.contains('${')",
        ),
        (
            r#""[parameters('sizes').live['count']]""#,
            "this.properties.v == 3",
        ),
        (
            r#""[if(equals(parameters('name'), 'web'), 1, 2)]""#,
            "this.properties.v == 1",
        ),
        (
            r#""[if(parameters('open'), true, true)]""#,
            "this.properties.v == true",
        ),
        (
            r#""[format('{0}/{1}', parameters('name'), 7)]""#,
            "this.properties.v == 'web/7'",
        ),
        (r#""[[x]""#, "this.properties.v == '[x]'"),
        (r#""[variables('many')]""#, "this.properties.v == [1, 2]"),
        (
            r#"{"copy": [{"name": "w", "count": 2, "input": {"n": "[copyIndex('w')]"}}]}"#,
            "this.properties.v.w[1].n == 1",
        ),
        (
            r#""[reference('x').y]""#,
            "this.properties.v.contains('reference')",
        ),
    ] {
        let places = found(
            &[("azuredeploy.json", &template(written))],
            &condition.replace("\\\\", "\\"),
            "properties.v",
        );
        assert_eq!(places, ["azuredeploy.json:15:5"], "{written}");
    }
}

#[test]
fn loops_conditions_children_and_templates_within_are_written_out() {
    let text = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "parameters": {"on": {"type": "bool", "defaultValue": false}},
  "resources": [
    {"type": "A.B/c", "name": "[concat('n', copyIndex(5))]", "copy": {"name": "l", "count": 3}},
    {"type": "A.B/off", "name": "x", "condition": "[parameters('on')]"},
    {"type": "A.B/c", "name": "p", "resources": [{"type": "d", "name": "q"}]},
    {"type": "Microsoft.Resources/deployments", "name": "inner", "properties": {
      "expressionEvaluationOptions": {"scope": "inner"},
      "parameters": {"v": {"value": "[parameters('on')]"}},
      "template": {"parameters": {"v": {"type": "bool"}},
        "resources": [{"type": "A.B/e", "name": "r", "properties": {"w": "[parameters('v')]"}}]}}},
    {"type": "Microsoft.Resources/deployments", "name": "outer", "properties": {
      "template": {"resources": [{"type": "A.B/f", "name": "[string(parameters('on'))]"}]}}}
  ]
}"#;
    let files = [("main.json", text)];
    let at = |condition: &str| found(&files, condition, "name").len();
    assert_eq!(at("type == 'a.b/c' && this.name == 'n7'"), 1);
    assert_eq!(at("type == 'a.b/off'"), 0);
    assert_eq!(at("type == 'a.b/c/d'"), 1);
    assert_eq!(at("type == 'a.b/e' && this.properties.w == false"), 1);
    assert_eq!(at("type == 'a.b/f' && this.name == 'False'"), 1);
    assert_eq!(
        found(&files, "type == 'a.b/e'", "properties.w"),
        ["main.json:12:69"]
    );
}

const MAIN: &str = "\
param name string = 'web'
param on bool = false
var zones = [for i in range(1, 2): '${name}-${i}']

module net 'parts/net.bicep' = {
  name: 'net'
  params: {
    open: on
    zones: zones
  }
}
module again 'parts/net.bicep' = [for (zone, i) in zones: if (i == 1) {
  name: zone
  params: {
    open: true
    zones: [zone]
  }
}]
resource a 'A.B/c@2024-01-01' = if (on) {
  name: name
}
resource d 'A.B/d@2024-01-01' = {
  name: '${toUpper(name)}!'
  properties: {
    tier: on ? 'Premium' : 'Basic'
    other: a.properties.x
    list: [for zone in zones: {
      id: zone
    }]
  }
  resource e 'e' = {
    name: 'f'
  }
}
";

const PART: &str = "\
param open bool
param zones array
resource net 'A.B/net@2024-01-01' = [for z in zones: {
  name: z
  properties: {
    open: open
  }
}]
";

#[test]
fn bicep_is_evaluated_with_its_modules() {
    let files = [("main.bicep", MAIN), ("parts/net.bicep", PART)];
    let at = |condition: &str, at: &str| found(&files, condition, at);
    assert_eq!(
        at(
            "type == 'a.b/d' && this.name == 'WEB!' && this.apiVersion == '2024-01-01'",
            "name"
        ),
        ["main.bicep:23:3"]
    );
    assert_eq!(
        at(
            "type == 'a.b/d' && this.properties.tier == 'Basic'",
            "properties.tier"
        ),
        ["main.bicep:25:5"]
    );
    assert_eq!(
        at(
            "type == 'a.b/d' && this.properties.other == '${a.properties.x}'",
            "properties"
        )
        .len(),
        1
    );
    assert_eq!(
        at(
            "type == 'a.b/d' && this.properties.list[1].id == 'web-2'",
            "properties.list"
        )
        .len(),
        1
    );
    assert_eq!(at("type == 'a.b/d/e'", "name"), ["main.bicep:32:5"]);
    assert_eq!(at("type == 'a.b/c'", "name").len(), 0);
    // A module is looked at as it is called, and its findings are in its own file.
    for (condition, count) in [
        ("this.name == 'web-1' && this.properties.open == false", 1),
        ("this.name == 'web-2' && this.properties.open == true", 1),
        ("this.name == 'web-1' && this.properties.open == true", 0),
    ] {
        let condition = format!("type == 'a.b/net' && {condition}");
        let places = at(&condition, "properties.open");
        assert_eq!(places.len(), count, "{condition}");
        assert!(places.iter().all(|place| place == "parts/net.bicep:6:5"));
    }
}

#[test]
fn files_of_values_are_looked_at_as_well() {
    let main = "param size int\nresource a 'A.B/c@1' = {\n  name: 'a'\n  properties: {\n    n: size\n  }\n}\n";
    let values = "using 'main.bicep'\nparam size = 7\n";
    let more = r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "parameters": {"Size": {"value": 8}}}"#;
    let files = [
        ("main.bicep", main),
        ("live.bicepparam", values),
        ("main.parameters.json", more),
    ];
    for condition in ["7", "8"] {
        let condition = format!("this.properties.n == {condition}");
        assert_eq!(
            found(&files, &condition, "properties.n"),
            ["main.bicep:5:5"]
        );
    }
}

#[test]
fn rules_of_networks_are_seen_in_the_form_of_all_clouds() {
    let text = "resource g 'Microsoft.Network/networkSecurityGroups@1' = {\n  name: 'g'\n  properties: {\n    securityRules: [for port in ['22', '80-90']: {\n      name: port\n      properties: {\n        access: 'Allow'\n        direction: 'Inbound'\n        protocol: 'Tcp'\n        sourceAddressPrefix: 'Internet'\n        destinationPortRange: port\n      }\n    }]\n  }\n}\n";
    let condition = "this.world && this.allows && this.direction == 'ingress' && this.protocol == 'tcp' \
                     && this.ports == [{'from': 80, 'to': 90}]";
    let files = [("main.bicep", text)];
    let places = found_each("network-rule", &files, condition, "sources");
    assert_eq!(places, ["main.bicep:10:9"]);
}

/// What every hostile target holds beside what is hostile: it must still be found.
const THING: &str = "resource t 'Microsoft.Cache/redis@1' = {\n  name: 't'\n  properties: {\n    enableNonSslPort: true\n  }\n}\n";

fn still_found(checked: &Checked) -> bool {
    let mut findings = checked.findings.iter();
    findings.any(|finding| finding.rule.0 == "arm-cache-plain-port")
}

fn too_much(checked: &Checked) -> bool {
    let mut notes = checked.notes.iter();
    notes.any(|note| note.text.contains("asks for more than is evaluated"))
}

#[test]
fn hostile_files_cost_no_more_than_they_may() {
    use std::fmt::Write as _;
    let rules = Rules::default();
    let module =
        |symbol: &str, path: &str| format!("module {symbol} '{path}' = {{\n  name: 'm'\n}}\n");

    let a = module("b", "b.bicep") + &module("self", "a.bicep") + THING;
    let b = module("a", "a.bicep");
    let checked = check(&[("a.bicep", &a), ("b.bicep", &b)], &rules);
    assert!(still_found(&checked), "modules in a circle");

    // Each file calls the next one ten times.
    let files: Vec<(String, String)> = (0..12)
        .map(|level| {
            let next = format!("m{}.bicep", level + 1);
            let calls = (0..10).map(|number| module(&format!("m{number}"), &next));
            (format!("m{level}.bicep"), calls.collect::<String>() + THING)
        })
        .collect();
    let files: Vec<(&str, &str)> = (files.iter())
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    assert!(still_found(&check(&files, &rules)), "many modules");

    // A text that doubles sixty times, and loops in loops, are too much, and that is said.
    let mut doubling = String::from("var a0 = 'xxxxxxxxxxxxxxxx'\nvar l0 = [1, 2]\n");
    for level in 1..60 {
        let before = level - 1;
        writeln!(doubling, "var a{level} = '${{a{before}}}${{a{before}}}'").unwrap();
        writeln!(doubling, "var l{level} = [l{before}, l{before}]").unwrap();
    }
    doubling += "resource x 'A.B/c@1' = {\n  name: a59\n  properties: {\n    l: l59\n  }\n}\n";
    let place = found(
        &[("main.bicep", &doubling)],
        "type == 'a.b/c' && this.name == '${a59}'",
        "name",
    );
    assert_eq!(place.len(), 1, "the text is not made");
    assert!(still_found(&check(
        &[("main.bicep", &(THING.to_owned() + &doubling))],
        &rules
    )));

    let nested = "[for x in range(0, 900): ".repeat(8) + "x" + &"]".repeat(8);
    let loops = format!(
        "{THING}resource x 'A.B/c@1' = {{\n  name: 'x'\n  properties: {{\n    l: {nested}\n  }}\n}}\n"
    );
    let checked = check(&[("main.bicep", &loops)], &rules);
    assert!(
        still_found(&checked) && too_much(&checked),
        "loops in loops: {:?}",
        checked.notes
    );

    let deep = format!(
        "{THING}var x = {}1{}\n",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let checked = check(&[("main.bicep", &deep)], &rules);
    assert!(still_found(&checked));
    assert!(
        checked
            .notes
            .iter()
            .any(|note| note.text.contains("levels deep"))
    );

    let endless = format!("[concat({})]", "parameters('name'), ".repeat(2_000));
    let text = template(&format!("\"{endless}\""));
    let condition = "this.properties.v.contains('${concat')";
    assert_eq!(
        found(&[("azuredeploy.json", &text)], condition, "properties.v").len(),
        1
    );

    let within = (0..60).fold(String::from("[]"), |inner, _| {
        format!("[{{\"type\": \"Microsoft.Resources/deployments\", \"name\": \"d\", \"properties\": {{\"template\": {{\"resources\": {inner}}}}}}}]")
    });
    let text = format!("{{\"$schema\": \"x/deploymentTemplate.json#\", \"resources\": {within}}}");
    let files = [("main.json", text.as_str()), ("t.bicep", THING)];
    assert!(
        still_found(&check(&files, &rules)),
        "templates in templates"
    );
}
