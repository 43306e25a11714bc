//! Charts of Helm: what their templates make with the default values.

use crate::checks::{check, program_rules, shown};

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: '2.0'\n";

const HELPERS: &str = r#"{{/* The name */}}
{{- define "web.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}
{{- define "web.labels" -}}
app.kubernetes.io/name: {{ include "web.fullname" . }}
chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}
"#;

const DEPLOYMENT: &str = r#"{{- if .Values.enabled -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "web.fullname" . }}
  labels:
    {{- include "web.labels" . | nindent 4 }}
spec:
  template:
    spec:
      hostPID: {{ .Values.hostPID }}
      {{- with .Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          securityContext:
            privileged: true
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name | upper }}
              value: {{ $value | quote }}
            {{- end }}
{{- end }}
"#;

const VALUES: &str = "enabled: true\nhostPID: true\nimage: {repository: nginx, tag: latest}\n\
                      podSecurityContext: {runAsUser: 0}\nenv: {db_password: hunter2}\n";

fn chart<'a>(template: &'a str, values: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("web/Chart.yaml", CHART),
        ("web/values.yaml", values),
        ("web/templates/_helpers.tpl", HELPERS),
        ("web/templates/deployment.yaml", template),
    ]
}

#[test]
fn a_chart_is_rendered_and_findings_point_into_its_template() {
    let checked = check(&chart(DEPLOYMENT, VALUES), program_rules());
    assert_eq!(checked.notes, []);
    let found = shown(&checked);
    let line = |text: &str| {
        DEPLOYMENT
            .lines()
            .position(|line| line.contains(text))
            .unwrap()
            + 1
    };
    for (rule, line, column) in [
        ("kubernetes-host-processes", line("hostPID"), 7),
        ("kubernetes-privileged-container", line("privileged"), 13),
        ("kubernetes-image-latest", line("image:"), 11),
        ("kubernetes-run-as-root", line("toYaml"), 9),
        ("kubernetes-secret-in-variable", line("value: {{"), 15),
    ] {
        let expected = format!("web/templates/deployment.yaml:{line}:{column} {rule}");
        assert!(found.contains(&expected), "{expected} in {found:#?}");
    }
    assert!(
        found
            .iter()
            .all(|line| line.starts_with("web/templates/deployment.yaml:"))
    );
}

#[test]
fn what_default_values_turn_off_is_not_there() {
    let values = VALUES.replace("enabled: true", "enabled: false");
    let checked = check(&chart(DEPLOYMENT, &values), program_rules());
    assert_eq!(shown(&checked), [""; 0]);
    let values = VALUES.replace("hostPID: true", "hostPID: false");
    let checked = check(&chart(DEPLOYMENT, &values), program_rules());
    assert!(
        !shown(&checked)
            .concat()
            .contains("kubernetes-host-processes")
    );
}

#[test]
fn a_chart_around_a_chart_gives_it_values_and_turns_it_off() {
    let parent =
        "apiVersion: v2\nname: all\ndependencies:\n  - {name: web, condition: web.enabled}\n";
    let sub = chart(DEPLOYMENT, VALUES).map(|(path, text)| (format!("all/charts/{path}"), text));
    for (values, expected) in [
        ("web: {hostPID: true}\n", true),
        ("web: {hostPID: false}\n", false),
        ("web: {enabled: false}\n", false),
    ] {
        let mut files = vec![("all/Chart.yaml", parent), ("all/values.yaml", values)];
        files.extend(sub.iter().map(|(path, text)| (path.as_str(), *text)));
        let found = shown(&check(&files, program_rules())).concat();
        assert_eq!(
            found.contains("kubernetes-host-processes"),
            expected,
            "{values}"
        );
    }
}

#[test]
fn what_can_not_be_rendered_is_a_note_and_no_finding() {
    for (template, said) in [
        ("a: {{ frobnicate 1 }}\n", "uses the function `frobnicate`"),
        (
            "a: {{ include \"other\" . }}\n",
            "uses the template `other`",
        ),
        (
            "a: {{ required \"needs a name\" .Values.name }}\n",
            "needs a name",
        ),
        ("{{ if true }}\na: 1\n", "block without an end"),
        ("{{ end }}\n", "`end` or `else` without a beginning"),
        ("a: {{ \n", "action without an end"),
        ("a: [{{ 1 }}\n", "is rendered to what is no valid YAML"),
        (
            "{{ define \"x\" }}{{ include \"x\" . }}{{ end }}{{ include \"x\" . }}",
            "without an end",
        ),
        (
            "{{ range until 9999 }}{{ range until 9999 }}{{ . }}{{ end }}{{ end }}",
            "too many steps",
        ),
        (
            "{{ $x := \"xxxxxxxx\" }}{{ range until 99 }}{{ $x = print $x $x }}{{ end }}",
            "too",
        ),
        ("{{ repeat 1000000000 \"x\" }}", "very often"),
        (
            "a: {{ tpl \"{{ tpl .x . }}\" (dict \"x\" \"{{ tpl .x . }}\") }}",
            "without an end",
        ),
    ] {
        let template = format!("# apiVersion kind\n{template}");
        let checked = check(&chart(&template, VALUES), program_rules());
        assert_eq!(shown(&checked), [""; 0], "{template}");
        let notes: Vec<&str> = checked
            .notes
            .iter()
            .map(|note| note.text.as_str())
            .collect();
        assert!(
            notes.len() == 1 && notes[0].contains(said),
            "{template}: {notes:?}"
        );
    }
}

#[test]
fn hostile_templates_are_no_panic() {
    let nested = "{{ if true }}".repeat(3_000);
    let brackets = format!("{{{{ {} }}}}", "(".repeat(3_000));
    for template in [
        nested.as_str(),
        &brackets,
        "{{",
        "{{-",
        "{{- }}",
        "{{/* x",
        "{{ \"\\",
        "{{ ' }}",
        "{{ 'ä }}",
        "{{ é.x }}",
        "{{ . | . | . }}",
        "{{ .a.b.c.d }}{{ $.x }}{{ $y }}",
        "{{ index . 0 -1 9999999999999999999 }}",
        "{{ trunc -3 \"äöü\" }}{{ substr -1 99 \"äöü\" }}",
        "{{ div 1 0 }}{{ mod 1 0 }}{{ add 9223372036854775807 1 }}",
        "{{ printf \"%\" }}{{ printf \"%999999999d\" 1 }}{{ nindent 999999999 \"a\" }}",
        "{{ untilStep 0 10 0 }}{{ until -5 }}",
        "{{ semverCompare \">=\" \"x\" }}{{ dict 1 }}{{ dig 1 }}",
        "{{ range $a, $b := . }}{{ break }}{{ continue }}{{ end }}",
        "{{ with $x := .Values }}{{ else with .Chart }}{{ else }}{{ end }}",
        "{{ define }}{{ end }}{{ template }}{{ block \"a\" . }}{{ end }}",
    ] {
        check(&chart(template, VALUES), program_rules());
    }
}
