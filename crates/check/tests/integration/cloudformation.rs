//! What rules see of templates of CloudFormation: functions, places, and hostile input.

use linchpin_check::{Checked, Checks, Rules};
use linchpin_model::About;
use linchpin_source::{SourceOptions, read_together};

fn check(path: &str, text: &str, rules: &Rules) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(path), text).unwrap();
    let source =
        linchpin_source::open(folder.path().to_str().unwrap(), SourceOptions::default()).unwrap();
    let checks = Checks::new(rules, |kind| kind.id == "cloudformation");
    let visited = read_together(source.as_ref(), &[&checks]).unwrap();
    checks.finish(&visited)
}

/// Where an expression holds, as `line:column`.
fn found(path: &str, text: &str, each: &str, expression: &str, at: &str) -> Vec<String> {
    let rule = format!(
        "id: own-rule\ntitle: T\nseverity: low\ncategory: test\nwhy: W.\nfix: F.\n\
         applies_to: cloudformation\neach: {each}\nwhen: |\n  {expression}\nat: {at}\n\
         pass: ['']\nfail: ['']\n"
    );
    let mut rules = Rules::default();
    rules.add("own.yaml", &rule).unwrap();
    let checked = check(path, text, &rules);
    let own = checked
        .findings
        .iter()
        .filter(|finding| finding.rule.0 == "own-rule");
    own.map(|finding| match &finding.about {
        About::Place(place) => format!("{}:{}", place.line.unwrap(), place.column.unwrap()),
        About::Package(_) => unreachable!("rules find places"),
    })
    .collect()
}

const HEAD: &str = "\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Name: {Type: String, Default: web}
  Open: {Type: String}
  Ranges: {Type: CommaDelimitedList, Default: 'a, b'}
Mappings:
  Sizes: {live: {count: 3}}
Resources:
  Thing:
    Type: AWS::Test::Thing
    Properties:
      V: ";

#[test]
fn functions_come_to_values_as_far_as_they_are_known() {
    for (written, condition) in [
        ("!Ref Name", "this.V == 'web'"),
        ("{Ref: Name}", "this.V == 'web'"),
        ("!Ref Open", "this.V == '${Open}'"),
        ("!Ref Ranges", "this.V == ['a', 'b']"),
        (
            "!Sub 'x-${Name}-${Open}-${!Kept}'",
            "this.V == 'x-web-${Open}-${Kept}'",
        ),
        ("!Sub ['${A}${Name}', {A: !Ref Name}]", "this.V == 'webweb'"),
        ("!Join ['-', [a, !Ref Name]]", "this.V == 'a-web'"),
        ("{'Fn::Join': ['', [a, b]]}", "this.V == 'ab'"),
        ("!FindInMap [Sizes, live, count]", "this.V == 3"),
        ("!Select [1, [a, b]]", "this.V == 'b'"),
        ("!Select [0, !Split ['/', a/b]]", "this.V == 'a'"),
        ("!GetAtt Other.Arn", "this.V == '${Other.Arn}'"),
        ("!If [Live, 1, 1]", "this.V == 1"),
        ("!If [Live, 1, 2]", "this.V == '${Live}'"),
        (
            "!If [Live, true, !Ref 'AWS::NoValue']",
            "this.V == '${Live}'",
        ),
        ("!Ref 'AWS::NoValue'", "!has(this.V)"),
        ("!ImportValue shared", "this.V.contains('ImportValue')"),
        ("'true'", "this.V == true"),
        (
            "[!Ref Name, {a: !Ref Name}]",
            "this.V[0] == 'web' && this.V[1].a == 'web'",
        ),
    ] {
        let text = format!("{HEAD}{written}\n");
        let condition = format!("type == 'AWS::Test::Thing' && ({condition})");
        let places = found("template.yaml", &text, "resource", &condition, "V");
        assert_eq!(places.len(), 1, "{written}");
        if condition.contains("!has") {
            assert_eq!(places, ["9:3"]);
        } else {
            assert_eq!(places, ["12:7"], "{written}");
        }
    }
}

#[test]
fn statements_and_network_rules_have_their_places() {
    let text = "\
{
  \"Resources\": {
    \"Role\": {
      \"Type\": \"AWS::IAM::Role\",
      \"Properties\": {
        \"AssumeRolePolicyDocument\": {\"Statement\": [
          {\"Effect\": \"Allow\",
           \"Action\": \"sts:AssumeRole\",
           \"Principal\": {\"Service\": [\"ec2.amazonaws.com\"]},
           \"Condition\": {\"StringEquals\": {\"aws:SourceAccount\": \"1\"}}}
        ]}
      }
    },
    \"Group\": {
      \"Type\": \"AWS::EC2::SecurityGroup\",
      \"Properties\": {
        \"SecurityGroupIngress\": [
          {\"IpProtocol\": \"tcp\", \"FromPort\": \"20\", \"ToPort\": 25,
           \"CidrIp\": \"0.0.0.0/0\"}
        ]
      }
    }
  }
}
";
    let statement = "this.actions == ['sts:AssumeRole'] && this.principals == ['ec2.amazonaws.com'] \
                     && this.principal_types == ['Service'] \
                     && this.conditions[0].variable == 'aws:SourceAccount'";
    let places = found(
        "x.template.json",
        text,
        "policy-statement",
        statement,
        "actions",
    );
    assert_eq!(places, ["8:12"]);
    let rule = "this.world && this.ports == [{'from': 20, 'to': 25}] && this.protocol == 'tcp'";
    let places = found("x.template.json", text, "network-rule", rule, "sources");
    assert_eq!(places.len(), 1);
}

#[test]
fn what_sam_says_of_all_functions_counts_for_each() {
    let text = "\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Timeout: 3, Runtime: python3.13}
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties: {Timeout: 9}
";
    let expression = "this.Timeout == 9 && this.Runtime == 'python3.13'";
    assert_eq!(
        found("t.yaml", text, "resource", expression, "Timeout"),
        ["7:18"]
    );
}

#[test]
fn other_documents_are_left_alone_and_hostile_ones_cost_no_more_than_they_may() {
    let other = "kind: AWS::Fake\nResources: [1, 2]\n";
    assert!(
        check("a.yaml", other, &Rules::default())
            .findings
            .is_empty()
    );

    // What would be too much is not made: the text stays as it is written.
    let nested = (0..30).fold("x".to_owned(), |inner, _| {
        format!("{{'Fn::Sub': ['${{a}}${{a}}', {{a: {inner}}}]}}")
    });
    let parts = "      - !Ref Long\n".repeat(2_000);
    let joined = format!(
        "Parameters:\n  Long: {{Type: String, Default: '{}'}}\nResources:\n  A:\n    Type: AWS::T::T\n    \
         Properties:\n     V: !Join\n      - ''\n      -\n{}",
        "x".repeat(1_000),
        parts.replace("      -", "       -")
    );
    for (name, text, condition) in [
        (
            "nested",
            format!("{HEAD}{nested}\n"),
            "this.V.contains('${')",
        ),
        ("joined", joined, "this.V == '${Fn::Join}'"),
        (
            "cycle",
            format!("{HEAD}!Ref Thing\n"),
            "this.V == '${Thing}'",
        ),
    ] {
        let places = found("template.yaml", &text, "resource", condition, "V");
        assert_eq!(places.len(), 1, "{name}");
    }
}
