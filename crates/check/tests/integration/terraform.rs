//! What rules see of configurations of Terraform: evaluation, joins, places, and hostile input.

use linchpin_check::{Checked, Checks, Rules};
use linchpin_model::About;
use linchpin_source::{SourceOptions, read_together};

/// All checks over files.
fn check(files: &[(&str, &str)], rules: &Rules) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let source = linchpin_source::open(path, SourceOptions::default()).unwrap();
    let checks = Checks::new(rules, |kind| kind.id == "terraform");
    let visited = read_together(source.as_ref(), &[&checks]).unwrap();
    checks.finish(&visited)
}

/// Where an expression holds, as `path:line:column`.
fn found(files: &[(&str, &str)], each: &str, expression: &str, at: &str) -> Vec<String> {
    let rule = format!(
        "id: own-rule\ntitle: T\nseverity: low\ncategory: test\nwhy: W.\nfix: F.\n\
         applies_to: terraform\neach: {each}\nwhen: |\n  {expression}\nat: {at}\n\
         pass: ['']\nfail: ['']\n"
    );
    let mut rules = Rules::default();
    rules.add("own.yaml", &rule).unwrap();
    let checked = check(files, &rules);
    let mut found: Vec<String> = checked
        .findings
        .iter()
        .filter(|finding| finding.rule.0 == "own-rule")
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

/// Whether `v = EXPRESSION` in a resource comes to what a condition says, with some names around.
fn comes_to(written: &str, condition: &str) -> bool {
    let text = format!(
        "variable \"set\" {{\n  default = \"a\"\n}}\nvariable \"unset\" {{}}\n\
         variable \"map\" {{\n  default = {{ x = 1, y = {{ z = true }} }}\n}}\n\
         variable \"list\" {{\n  default = [\"p\", \"q\"]\n}}\n\
         locals {{\n  name = \"${{var.set}}-b\"\n  again = local.name\n  loop = local.pool\n  pool = local.loop\n}}\n\
         resource \"other\" \"o\" {{\n  port = 22\n}}\n\
         resource \"thing\" \"t\" {{\n  v = {written}\n}}\n"
    );
    let condition = format!("type == 'thing' && ({condition})");
    !found(&[("main.tf", &text)], "resource", &condition, "v").is_empty()
}

#[test]
fn expressions_come_to_values() {
    for (written, condition) in [
        ("var.set", "this.v == 'a'"),
        ("local.again", "this.v == 'a-b'"),
        ("\"x-${local.again}-${1 + 1}\"", "this.v == 'x-a-b-2'"),
        ("var.set == \"a\" ? 1 : 2", "this.v == 1"),
        ("!(var.set != \"a\") && 2 > 1", "this.v == true"),
        ("var.map.y.z", "this.v == true"),
        ("var.map[\"x\"]", "this.v == 1"),
        ("other.o.port", "this.v == 22"),
        ("lookup(var.map, \"nope\", 7)", "this.v == 7"),
        ("try(var.map.nope.more, \"d\")", "this.v == 'd'"),
        ("can(var.map.nope)", "this.v == false"),
        (
            "merge(var.map, { x = 2, n = null })",
            "this.v.x == 2 && this.v.y.z",
        ),
        ("concat(var.list, [\"r\"])", "this.v == ['p', 'q', 'r']"),
        ("coalesce(null, \"\", \"c\")", "this.v == 'c'"),
        ("format(\"%s-%d%%\", var.set, 5)", "this.v == 'a-5%'"),
        ("join(\",\", var.list)", "this.v == 'p,q'"),
        ("upper(lower(\"Ab\"))", "this.v == 'AB'"),
        ("element(var.list, 3)", "this.v == 'q'"),
        ("length(var.list)", "this.v == 2"),
        ("tolist(toset([\"a\", \"a\"]))", "this.v == ['a']"),
        ("flatten([[1], [2, [3]]])", "this.v == [1, 2, 3]"),
        (
            "[for x in var.list : upper(x) if x != \"p\"]",
            "this.v == ['Q']",
        ),
        ("{ for k, x in var.list : x => k }", "this.v.q == 1"),
        ("[{ a = 1 }, { a = 2 }][*].a", "this.v == [1, 2]"),
        ("jsondecode(\"{\\\"a\\\": [1]}\").a[0]", "this.v == 1"),
        ("jsonencode({ a = 1 })", "this.v.a == 1"),
        (
            "<<-EOT\n    one ${var.set}\n    EOT",
            "this.v == 'one a\\n'",
        ),
        (
            "\"%{ if var.set == \"a\" }yes%{ else }no%{ endif }\"",
            "this.v == 'yes'",
        ),
        ("\"$${kept}\"", "this.v == '${kept}'"),
        ("-5 % 3", "this.v == -2"),
        ("\"true\"", "this.v == true"),
    ] {
        assert!(comes_to(written, condition), "{written}");
    }
}

#[test]
fn what_is_not_known_is_its_expression() {
    for (written, condition) in [
        ("var.unset", "this.v == '${var.unset}'"),
        ("var.unset.a[0]", "this.v == '${var.unset.a[0]}'"),
        ("var.nobody", "this.v == '${var.nobody}'"),
        ("var.unset ? true : false", "this.v.contains('var.unset ?')"),
        ("var.unset ? \"x\" : \"x\"", "this.v == 'x'"),
        ("false && var.unset", "this.v == false"),
        ("file(\"x\")", "this.v.contains('file(')"),
        ("data.aws_x.y.z", "this.v == '${data.aws_x.y.z}'"),
        ("other.o.id", "this.v == '${other.o.id}'"),
        ("\"a-${var.unset}\"", "this.v == 'a-${var.unset}'"),
        (
            "concat([1], var.unset)",
            "this.v[0] == 1 && this.v[1] == '${var.unset}'",
        ),
        ("local.loop", "this.v.contains('local.')"),
        ("lower(var.unset)", "this.v.contains('lower(')"),
        ("provider::x::y(1)", "this.v.contains('provider::')"),
        ("[for x in var.unset : x]", "this.v.contains('for x')"),
    ] {
        assert!(comes_to(written, condition), "{written}");
    }
    // What is null is not there.
    assert!(!comes_to("null", "has(this.v)"));
}

#[test]
fn loops_make_a_thing_each_or_none() {
    let text = "\
resource \"thing\" \"none\" {
  count = var.no ? 1 : 0
  v     = \"bad\"
}
variable \"no\" {
  default = false
}
resource \"thing\" \"two\" {
  count = 2
  v     = [\"good\", \"bad\"][count.index]
}
resource \"thing\" \"each\" {
  for_each = { a = \"good\", b = \"bad\" }
  v        = each.value
  k        = each.key
}
resource \"thing\" \"many\" {
  count = 1000000000
  v     = \"bad\"
}
resource \"thing\" \"open\" {
  for_each = var.nobody
  v        = each.value.port
}
resource \"thing\" \"blocks\" {
  v = \"-\"
  dynamic \"rule\" {
    for_each = [22, 443]
    content {
      port = rule.value
      dynamic \"inner\" {
        for_each = [1]
        iterator = it
        content {
          both = rule.value + it.value
        }
      }
    }
  }
  rule {
    port = 80
  }
}
";
    let files = [("main.tf", text)];
    let bad = found(&files, "resource", "this.v == 'bad'", "v");
    assert_eq!(bad, ["main.tf:10:3", "main.tf:14:3", "main.tf:19:3"]);
    let each = found(
        &files,
        "resource",
        "this.?k.orValue('') == 'b' && this.v == 'bad'",
        "k",
    );
    assert_eq!(each, ["main.tf:15:3"]);
    let open = found(&files, "resource", "this.v == '${each.value.port}'", "v");
    assert_eq!(open, ["main.tf:23:3"]);
    let rules = "this.?rule.orValue([]).map(r, r.port) == [22, 443, 80]";
    assert_eq!(found(&files, "resource", rules, "v"), ["main.tf:26:3"]);
    let inner = "this.?both.orValue(0) == 444";
    assert_eq!(found(&files, "block", inner, "both"), ["main.tf:35:11"]);
}

#[test]
fn modules_are_looked_at_as_they_are_called() {
    let files = [
        (
            "live/main.tf",
            "module \"a\" {\n  source = \"../modules/thing\"\n  value  = local.value\n}\n\
             locals {\n  value = \"called\"\n}\n\
             resource \"user\" \"u\" {\n  v = module.a.out\n  id = module.a.id\n}\n",
        ),
        (
            "modules/thing/main.tf",
            "resource \"thing\" \"t\" {\n  v = var.value\n}\n",
        ),
        (
            "modules/thing/variables.tf",
            "variable \"value\" {\n  default = \"default\"\n}\n\
             output \"out\" {\n  value = \"${var.value}!\"\n}\n\
             output \"id\" {\n  value = thing.t.id\n}\n",
        ),
    ];
    let called = found(&files, "resource", "this.v == 'called'", "v");
    assert_eq!(called, ["modules/thing/main.tf:2:3"]);
    assert!(found(&files, "resource", "this.v == 'default'", "v").is_empty());
    let user = "this.v == 'called!' && this.id == '${module.a.id}'";
    assert_eq!(found(&files, "resource", user, "v"), ["live/main.tf:9:3"]);
}

#[test]
fn files_of_values_count_and_others_are_tried() {
    let files = [
        (
            "main.tf",
            "variable \"a\" {\n  default = 1\n}\nresource \"thing\" \"t\" {\n  v = var.a\n}\n",
        ),
        ("terraform.tfvars", "a = 2\n"),
        ("production.tfvars", "a = 3\n"),
    ];
    let values = |value| found(&files, "resource", &format!("this.v == {value}"), "v");
    assert!(values("1").is_empty());
    assert_eq!(values("2"), ["main.tf:5:3"]);
    assert_eq!(values("3"), ["main.tf:5:3"]);
}

#[test]
fn settings_are_put_into_what_they_are_settings_of() {
    let text = "\
resource \"aws_s3_bucket\" \"a\" {
  bucket = \"one\"
}
resource \"aws_s3_bucket\" \"a_b\" {}
resource \"aws_s3_bucket_versioning\" \"a\" {
  bucket = aws_s3_bucket.a.id
  versioning_configuration {
    status = \"Enabled\"
  }
}
resource \"aws_s3_bucket_logging\" \"a\" {
  bucket = \"one\"
}
";
    let files = [("main.tf", text)];
    let joined = |name: &str| found(&files, "resource", &format!("has(this.{name})"), "bucket");
    assert_eq!(joined("aws_s3_bucket_versioning"), ["main.tf:2:3"]);
    assert_eq!(joined("aws_s3_bucket_logging"), ["main.tf:2:3"]);
    // One whose bucket is not known may be any bucket's.
    let open = "resource \"aws_s3_bucket\" \"a\" {}\nresource \"aws_s3_bucket_versioning\" \"v\" {\n  bucket = var.x\n}\n";
    let files = [("main.tf", open)];
    let found = found(
        &files,
        "resource",
        "has(this.aws_s3_bucket_versioning)",
        "x",
    );
    assert_eq!(found, ["main.tf:1:1"]);
}

#[test]
fn statements_are_found_in_every_form_of_policy() {
    let text = "\
data \"aws_iam_policy_document\" \"d\" {
  statement {
    actions   = [\"a:1\"]
    resources = [\"*\"]
  }
}
resource \"aws_iam_policy\" \"encoded\" {
  policy = jsonencode({
    Statement = [
      {
        Effect   = \"Allow\"
        Action   = \"a:2\"
        Resource = \"*\"
      },
    ]
  })
}
resource \"aws_iam_policy\" \"text\" {
  policy = <<EOF
{
  \"Statement\": {
    \"Effect\": \"Allow\",
    \"Action\": [\"a:3\"],
    \"Resource\": \"*\"
  }
}
EOF
}
resource \"aws_iam_role\" \"r\" {
  inline_policy {
    policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"a:4\", Resource = \"*\" }] })
  }
}
";
    let files = [("main.tf", text)];
    let places = [
        "main.tf:3:5",
        "main.tf:12:9",
        "main.tf:23:5",
        "main.tf:31:60",
    ];
    for (number, place) in (1..).zip(places) {
        let expression = format!("this.actions == ['a:{number}'] && this.effect == 'Allow'");
        let found = found(&files, "policy-statement", &expression, "actions");
        assert_eq!(found, [place], "a:{number}");
    }
}

#[test]
fn the_json_form_and_plans_are_read() {
    let json = r#"{
  "variable": {"n": {"default": "a"}},
  "resource": {"aws_instance": {"i": {
    "user_data": "${upper(var.n)}",
    "metadata_options": {"http_tokens": "optional"}
  }}}
}"#;
    let expression = "this.user_data == 'A' && this.metadata_options[0].http_tokens == 'optional'";
    let place = found(
        &[("main.tf.json", json)],
        "resource",
        expression,
        "user_data",
    );
    assert_eq!(place, ["main.tf.json:4:5"]);
    let plan = r#"{
  "format_version": "1.2", "terraform_version": "1.9.0",
  "planned_values": {"root_module": {"resources": [
    {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b",
     "values": {"bucket": "x", "tags": null, "logging": []}},
    {"address": "aws_s3_bucket_versioning.v", "mode": "managed", "type": "aws_s3_bucket_versioning", "name": "v",
     "values": {"versioning_configuration": [{"status": "Enabled"}]}}
  ], "child_modules": [{"resources": [
    {"address": "module.m.thing.t", "mode": "managed", "type": "thing", "name": "t", "values": {"v": 1}}]}]}},
  "resource_changes": [{"address": "aws_s3_bucket_versioning.v", "change": {"after_unknown": {"bucket": true}}}],
  "configuration": {"root_module": {"resources": [
    {"address": "aws_s3_bucket_versioning.v", "expressions": {"bucket": {"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}}}]}}
}"#;
    let files = [("tfplan.json", plan)];
    let bucket = "this.?bucket.orValue('') == 'x' && !has(this.tags) && !has(this.logging) && \
                  this.aws_s3_bucket_versioning[0].versioning_configuration[0].status == 'Enabled'";
    assert_eq!(
        found(&files, "resource", bucket, "bucket"),
        ["tfplan.json:5:17"]
    );
    assert_eq!(
        found(&files, "resource", "this.?v.orValue(0) == 1", "v").len(),
        1
    );
}

fn check_all(files: &[(&str, &str)]) -> Checked {
    check(files, &Rules::default())
}

/// Whether a value of the resource `x.y` is not known, because finding it out would be too much.
fn is_too_much(text: &str, condition: &str) -> bool {
    !found(&[("main.tf", text)], "resource", condition, "a").is_empty()
}

#[test]
fn hostile_configurations_cost_no_more_than_they_may() {
    use std::fmt::Write as _;
    let thing = "resource \"aws_s3_bucket_acl\" \"t\" {\n  acl = \"public-read\"\n}\n";
    let still_found = |checked: &Checked| {
        checked
            .findings
            .iter()
            .any(|finding| finding.rule.0 == "terraform-aws-s3-public-acl")
    };

    let mut doubling = String::from("locals {\n  a0 = \"xxxxxxxx\"\n  l0 = [1, 2]\n");
    let mut chain = String::from("locals {\n  c0 = [1]\n");
    for level in 1..5_000 {
        let before = level - 1;
        if level < 60 {
            writeln!(
                doubling,
                "  a{level} = \"${{local.a{before}}}${{local.a{before}}}\""
            )
            .unwrap();
            writeln!(doubling, "  l{level} = [local.l{before}, local.l{before}]").unwrap();
        }
        writeln!(chain, "  c{level} = [local.c{before}]").unwrap();
    }
    doubling.push_str("}\nresource \"x\" \"y\" {\n  a = local.a59\n  l = local.l59\n}\n");
    chain.push_str("}\nresource \"x\" \"y\" {\n  v = local.c4999\n}\n");
    // A text that doubles 59 times is not made.
    assert!(is_too_much(
        &doubling,
        "type == 'x' && this.a.contains('${...}') && this.a.size() < 200000"
    ));
    for (name, text) in [("doubling", &doubling), ("chain", &chain)] {
        let checked = check_all(&[("main.tf", text), ("thing.tf", thing)]);
        assert!(still_found(&checked), "{name}");
    }

    let nested = "for x in range(500) : [".repeat(6) + "1" + &"]".repeat(6);
    let loops = format!("resource \"x\" \"y\" {{\n  v = [{nested}]\n}}\n");
    let checked = check_all(&[("main.tf", &loops), ("thing.tf", thing)]);
    assert!(still_found(&checked), "loops");

    let call =
        |name: &str, source: &str| format!("module \"{name}\" {{\n  source = \"{source}\"\n}}\n");
    let a = call("b", "../b") + &call("self", "./") + thing;
    let b = call("a", "../a");
    let checked = check_all(&[("a/main.tf", &a), ("b/main.tf", &b)]);
    assert!(still_found(&checked), "cyclic modules");

    // Each folder calls the next one ten times.
    let mut files = Vec::new();
    for level in 0..12 {
        let mut text = String::from(thing);
        for number in 0..10 {
            text += &call(&format!("m{number}"), &format!("../m{}", level + 1));
        }
        files.push((format!("m{level}/main.tf"), text));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    assert!(still_found(&check_all(&files)));

    let deep = format!(
        "resource \"x\" \"y\" {{\n  v = {}1{}\n}}\n",
        "[".repeat(60),
        "]".repeat(60)
    );
    let checked = check_all(&[("main.tf", &deep), ("thing.tf", thing)]);
    assert!(still_found(&checked), "deep");

    let endless = "resource \"x\" \"y\" {\n  v = <<EOF\n".to_owned() + &"text\n".repeat(100_000);
    let checked = check_all(&[("main.tf", &endless), ("thing.tf", thing)]);
    assert!(still_found(&checked), "without end");
    assert!(
        checked
            .notes
            .iter()
            .any(|note| note.text.contains("no valid HCL"))
    );

    let wide = (0..20_000).fold(String::new(), |mut text, number| {
        writeln!(text, "resource \"aws_s3_bucket\" \"b{number}\" {{}}").unwrap();
        text
    });
    // Of each rule so many findings are told of one file, and no more.
    let checked = check_all(&[("main.tf", &wide)]);
    let rule = "terraform-aws-s3-versioning";
    let findings = checked.findings.iter();
    assert_eq!(
        findings.filter(|finding| finding.rule.0 == rule).count(),
        200
    );
}
