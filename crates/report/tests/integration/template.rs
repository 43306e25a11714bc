//! Reports by templates.

use linchpin_report::{ReportTemplate, TemplateError};

use crate::sample;

fn render(name: &str, text: &str) -> Result<String, String> {
    let template = ReportTemplate::new(name, text).map_err(|error| error.to_string())?;
    let sample = sample::storefront();
    let mut out = Vec::new();
    template
        .write(&sample.report(), &mut out)
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn a_template_sees_what_the_json_report_has() {
    let list = "{{ target.name }}\n{% for f in findings if f.severity == 'critical' -%}\n{{ f.id }} {{ f.name }} {{ f.version }}\n{% endfor %}";
    let text = render("list.txt", list).unwrap();
    let sample = sample::storefront();
    let json: serde_json::Value =
        serde_json::from_str(&sample.write("json", linchpin_report::WriteOptions::default()))
            .unwrap();
    let critical: Vec<String> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "critical")
        .map(|finding| {
            let field = |name: &str| finding[name].as_str().unwrap().to_owned();
            format!("{} {} {}", field("id"), field("name"), field("version"))
        })
        .collect();
    assert!(!critical.is_empty());
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines[0], json["target"]["name"].as_str().unwrap());
    assert_eq!(lines[1..], critical);
}

#[test]
fn mistakes_are_told_with_file_and_line() {
    for (text, wanted) in [
        ("a\n{% for x in findings %}", "t.txt:2: "),
        ("a\nb\n{{ findngs }}", "t.txt:3: undefined value"),
        ("{{ findings|nothing }}", "t.txt:1: unknown filter"),
        ("\n{% include 'x' %}", "t.txt:2: syntax error"),
        ("{% extends '/etc/passwd' %}", "t.txt:1: syntax error"),
        ("{{ env('HOME') }}", "t.txt:1: unknown function"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ a * b }}{% endfor %}{% endfor %}",
            "t.txt:1: it takes too many steps",
        ),
    ] {
        let error = render("t.txt", text).unwrap_err();
        assert!(error.starts_with(wanted), "{text}: {error}");
    }
}

#[test]
fn what_a_template_makes_is_bounded() {
    let hungry =
        "{% set x = 'abcdefgh' %}{% for a in range(100) %}{% set x = x ~ x %}{{ x }}{% endfor %}";
    assert!(render("t.txt", hungry).is_ok());
    let doubling = "{% set n = namespace(x='abcdefgh') %}{% for a in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}";
    let error = render("t.txt", doubling).unwrap_err();
    assert!(error.starts_with("t.txt:1: "), "{error}");
}

#[test]
fn texts_of_the_target_do_no_harm() {
    let sample = sample::hostile();
    let write = |name: &str, text: &str| {
        let template = ReportTemplate::new(name, text).unwrap();
        let mut out = Vec::new();
        let written: Result<(), TemplateError> = template.write(&sample.report(), &mut out);
        written.unwrap();
        String::from_utf8(out).unwrap()
    };
    let all = "{{ target.name }}{% for f in findings %}{{ f.summary }}{{ f.name }}{% endfor %}";
    let plain = write("t.txt", all);
    assert!(
        !plain
            .chars()
            .any(|letter| letter.is_control() && letter != '\n')
    );
    for name in ["t.html", "t.xml.j2", "T.HTML"] {
        let page = write(name, all);
        assert!(!page.contains('<'), "{name}: {page}");
    }
}
