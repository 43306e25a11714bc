//! Overlays of Kustomize: what they make of their bases, and where that is written.

use crate::checks::{check, program_rules, shown};

const BASE: (&str, &str) = (
    "base/kustomization.yaml",
    "resources: [deployment.yaml]\nnamePrefix: x-\n",
);

const DEPLOYMENT: (&str, &str) = (
    "base/deployment.yaml",
    "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          image: example.com/web:1.2
          securityContext: {runAsNonRoot: true}
",
);

fn found(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let mut files = files.to_vec();
    files.extend([BASE, DEPLOYMENT]);
    let checked = check(&files, program_rules());
    let found = shown(&checked).into_iter();
    found
        .filter(|line| line.ends_with(&format!(" {rule}")))
        .collect()
}

#[test]
fn a_strategic_merge_patch_counts_where_it_stands() {
    let overlay = (
        "overlay/kustomization.yaml",
        "resources: [../base]\npatches:\n  - path: patch.yaml\n",
    );
    let patch = (
        "overlay/patch.yaml",
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext:
            privileged: true
",
    );
    let files = [overlay, patch];
    assert_eq!(
        found(&files, "kubernetes-privileged-container"),
        ["overlay/patch.yaml:10:13 kubernetes-privileged-container"]
    );
    // The patch is no resource: what it does not say is said by the base.
    assert_eq!(
        found(&files, "kubernetes-run-as-non-root-not-required"),
        [""; 0]
    );
    // What the base says is found once.
    assert_eq!(
        found(&files, "kubernetes-image-without-digest"),
        ["base/deployment.yaml:9:11 kubernetes-image-without-digest"]
    );
}

#[test]
fn inline_patches_and_operations_count_in_the_kustomization() {
    let overlay = (
        "overlay/kustomization.yaml",
        "\
resources:
  - ../base
patches:
  - patch: |-
      kind: Deployment
      metadata:
        name: web
      spec:
        template:
          spec:
            hostPID: true
  - target: {kind: Deployment, name: web}
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/securityContext/privileged
        value: true
      - op: remove
        path: /spec/template/spec/containers/0/securityContext/runAsNonRoot
",
    );
    assert_eq!(
        found(&[overlay], "kubernetes-host-processes"),
        ["overlay/kustomization.yaml:11:13 kubernetes-host-processes"]
    );
    assert_eq!(
        found(&[overlay], "kubernetes-privileged-container"),
        ["overlay/kustomization.yaml:16:9 kubernetes-privileged-container"]
    );
    assert_eq!(
        found(&[overlay], "kubernetes-run-as-non-root-not-required"),
        ["base/deployment.yaml:10:11 kubernetes-run-as-non-root-not-required"]
    );
}

#[test]
fn a_patch_counts_for_what_its_selector_chooses() {
    let overlay = |selector: &str| {
        format!(
            "resources: [../base]\npatches:\n  - target: {{kind: Deployment, labelSelector: '{selector}'}}\n    patch: |-\n      - {{op: add, path: /spec/template/spec/hostPID, value: true}}\n"
        )
    };
    let found = |selector: &str| {
        let overlay = overlay(selector);
        let files = [("overlay/kustomization.yaml", overlay.as_str())];
        found(&files, "kubernetes-host-processes")
    };
    assert_eq!(
        found("!app"),
        ["overlay/kustomization.yaml:5:54 kubernetes-host-processes"]
    );
    assert_eq!(found("app=web"), [""; 0]);
}

#[test]
fn files_of_operations_images_and_components_count() {
    let files = [
        (
            "overlay/kustomization.yml",
            "resources: [../base]\ncomponents: [../debug]\nimages:\n  - name: example.com/web\n    newTag: latest\n",
        ),
        (
            "debug/kustomization.yaml",
            "kind: Component\npatchesJson6902:\n  - {path: ops.yaml, target: {kind: Deployment, name: web}}\n",
        ),
        (
            "debug/ops.yaml",
            "- op: add\n  path: /spec/template/spec/hostIPC\n  value: true\n",
        ),
    ];
    assert_eq!(
        found(&files, "kubernetes-image-latest"),
        ["overlay/kustomization.yml:5:5 kubernetes-image-latest"]
    );
    assert_eq!(
        found(&files, "kubernetes-host-ipc"),
        ["debug/ops.yaml:3:3 kubernetes-host-ipc"]
    );
}

#[test]
fn lists_are_merged_and_items_taken_out() {
    let patch = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - {name: web, $patch: delete}
        - {name: debug, securityContext: {privileged: true}}
";
    let files = [
        (
            "overlay/kustomization.yaml",
            "resources: [../base]\npatchesStrategicMerge: [patch.yaml]\n",
        ),
        ("overlay/patch.yaml", patch),
    ];
    assert_eq!(
        found(&files, "kubernetes-privileged-container"),
        ["overlay/patch.yaml:9:43 kubernetes-privileged-container"]
    );
}

#[test]
fn circles_missing_bases_and_broken_patches_come_to_an_end() {
    let files = [
        (
            "a/kustomization.yaml",
            "resources: [../b, ../a, .]\npatches: [{patch: 'kind: X'}]\n",
        ),
        (
            "b/kustomization.yaml",
            "resources: [../a]\ncomponents: [../b, ../a]\n",
        ),
        (
            "c/kustomization.yaml",
            "resources: [gone.yaml, ../../.., 'https://example.com/x?ref=v1']\n",
        ),
        (
            "d/kustomization.yaml",
            "resources: 7\npatches: {a: [1]}\nimages: [3, {}]\ncomponents: [[]]\n",
        ),
        (
            "e/kustomization.yaml",
            "resources: [../base]\npatches: [{patch: '[1, {op: add, path: /9/x, value: 1}]', target: {}}]\n",
        ),
    ];
    let mut files = files.to_vec();
    files.extend([BASE, DEPLOYMENT]);
    let checked = check(&files, program_rules());
    let notes: Vec<String> = checked.notes.iter().map(|note| note.text.clone()).collect();
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("names `gone.yaml`")));
    assert!(
        notes
            .iter()
            .any(|note| note.contains("is not in the target"))
    );
}

#[test]
fn bases_that_multiply_are_bounded() {
    let mut files = vec![(
        "k0/kustomization.yaml".to_owned(),
        "resources: [../base]\npatches: [{target: {}, patch: '[{op: add, path: /x, value: 1}]'}]\n"
            .to_owned(),
    )];
    for level in 1..15 {
        let base = format!("../k{}", level - 1);
        files.push((
            format!("k{level}/kustomization.yaml"),
            format!("resources: [{}]\n", [base.as_str(); 10].join(", ")),
        ));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .chain([BASE, DEPLOYMENT])
        .collect();
    check(&files, program_rules());
}
