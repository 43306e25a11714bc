//! Manifests of Kubernetes: what reaches the cluster, wherever it is written.

use std::fmt::Write as _;

use crate::checks::{check, program_rules, shown};

/// The findings of some rules, without the words that all of them begin with.
fn found(files: &[(&str, &str)], rules: &[&str]) -> Vec<String> {
    let checked = check(files, program_rules());
    let wanted = |line: &String| rules.iter().any(|rule| line.ends_with(&format!(" {rule}")));
    let mut found: Vec<String> = shown(&checked).into_iter().filter(wanted).collect();
    found.sort();
    found
}

const PRIVILEGED: &str = "kubernetes-privileged-container";

#[test]
fn pods_are_found_in_every_workload_list_and_document() {
    let mut text = String::new();
    for kind in [
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "Rollout",
    ] {
        let container = "{name: a, securityContext: {privileged: true}}";
        let spec = format!("{{template: {{spec: {{containers: [{container}]}}}}}}");
        let _ = writeln!(text, "---\napiVersion: x/v1\nkind: {kind}\nspec: {spec}");
    }
    let found = found(&[("all.yaml", &text)], &[PRIVILEGED]);
    assert_eq!(found.len(), 7, "{found:?}");
    let list = r#"{"apiVersion": "v1", "kind": "List", "items": [
      {"apiVersion": "v1", "kind": "PodList", "items": [
        {"apiVersion": "v1", "kind": "Pod", "spec": {"ephemeralContainers": [
          {"name": "a", "securityContext": {
            "privileged": true}}]}}]},
      {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template":
        {"spec": {"initContainers": [], "containers": [{"name": "b",
          "securityContext": {"privileged": true}}]}}}}}}]}"#;
    assert_eq!(
        self::found(&[("k8s/all.json", list)], &[PRIVILEGED]),
        [
            "k8s/all.json:5:13 kubernetes-privileged-container",
            "k8s/all.json:8:31 kubernetes-privileged-container"
        ]
    );
}

#[test]
fn the_security_context_of_a_container_counts_before_that_of_its_pod() {
    let text = "\
apiVersion: v1
kind: Pod
spec:
  securityContext:
    runAsUser: 0
  containers:
    - name: a
      securityContext: {runAsUser: 1000}
    - name: b
      securityContext:
        runAsNonRoot: false
";
    assert_eq!(
        found(&[("pod.yaml", text)], &["kubernetes-run-as-root"]),
        ["pod.yaml:5:5 kubernetes-run-as-root"]
    );
}

#[test]
fn what_is_no_manifest_or_belongs_to_others_is_left_alone() {
    let pod =
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{securityContext: {privileged: true}}]}\n";
    let files = [
        ("node_modules/x/pod.yaml", pod),
        ("lib/python3/site-packages/x/pod.yml", pod),
        (
            "notes.yaml",
            "# apiVersion and kind\n- a\n- {kind: [x], apiVersion: {}}\n",
        ),
        ("openapi.yaml", "- {op: 1, path: x}\n"),
    ];
    let checked = check(&files, program_rules());
    assert_eq!(shown(&checked), [""; 0]);
    assert_eq!(checked.notes, []);
}

#[test]
fn values_of_the_wrong_sort_are_no_panic_and_no_finding() {
    for value in ["", "[]", "{}", "7", "[[], {}, 1]", "{a: [null]}", "x"] {
        for field in [
            "spec", "items", "metadata", "rules", "subjects", "webhooks", "data", "roleRef",
            "users",
        ] {
            for kind in [
                "Pod",
                "List",
                "Role",
                "RoleBinding",
                "ConfigMap",
                "Config",
                "Service",
            ] {
                let text = format!("apiVersion: v1\nkind: {kind}\n{field}: {value}\n");
                let checked = check(&[("a.yaml", &text)], program_rules());
                assert_eq!(checked.notes, [], "{text}");
            }
        }
        for field in ["containers", "volumes", "initContainers"] {
            for inner in [
                "securityContext",
                "image",
                "env",
                "ports",
                "command",
                "args",
            ] {
                let text = format!(
                    "apiVersion: v1\nkind: Pod\nspec:\n  {field}: [{{{inner}: {}}}, 3]\n",
                    if value.is_empty() { "null" } else { value }
                );
                check(&[("a.yaml", &text)], program_rules());
            }
        }
    }
}

#[test]
fn very_many_documents_and_containers_come_to_an_end() {
    let many = "---\napiVersion: v1\nkind: Pod\nspec: {hostPID: true}\n".repeat(1_000);
    let found = found(&[("many.yaml", &many)], &["kubernetes-host-processes"]);
    assert_eq!(found.len(), 200, "the most of one rule in one file");
    let mut wide = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n".to_owned();
    for number in 0..500 {
        let _ = writeln!(
            wide,
            "    - {{name: c{number}, env: [{{name: A, value: b}}]}}"
        );
    }
    check(&[("wide.yaml", &wide)], program_rules());
    let mut deep = String::new();
    for level in 0..40 {
        let indent = " ".repeat(2 * level);
        let item = if level > 0 { "- " } else { "" };
        let _ = writeln!(deep, "{item}apiVersion: v1");
        let _ = write!(deep, "{indent}kind: List\n{indent}items:\n{indent}");
    }
    deep.push_str("- {}\n");
    check(&[("deep.yaml", &deep)], program_rules());
}
