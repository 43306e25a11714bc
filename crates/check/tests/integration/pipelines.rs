//! Pipelines: what is found where, what is not, and what hostile files do.

use linchpin_check::{Example, Rules, examples};
use std::fmt::Write as _;

/// What the rules of a kind find in one file: `rule line:column`, in the order of the rules.
fn found(kind: &str, path: &str, text: &str) -> Vec<String> {
    let rules = Rules::default();
    let example = Example(vec![(path.to_owned(), text.to_owned())]);
    let mut found = Vec::new();
    for rule in rules.of(kind) {
        for answers in examples::answers(rule, &example).unwrap() {
            for offence in answers.offences {
                found.push(format!(
                    "{} {}:{}",
                    offence.rule, offence.at.line, offence.at.column
                ));
            }
        }
    }
    found
}

fn workflow(text: &str) -> Vec<String> {
    found("github-workflow", ".github/workflows/a.yml", text)
}

/// Those of the findings that have this word in their rule.
fn only(found: Vec<String>, word: &str) -> Vec<String> {
    found
        .into_iter()
        .filter(|line| line.contains(word))
        .collect()
}

#[test]
fn injections_are_found_where_the_expression_stands_however_the_script_is_written() {
    let text = "\
on: {issues: {types: [opened]}}
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    env: {TITLE: '${{ github.event.issue.title }}'}
    steps:
      - run: echo ${{ github.event.issue.number }} é ${{ github.event.issue.title }}
      - run: |
          echo \"$TITLE\"
          echo '${{github.event.issue.body}}' # ${{ github.sha }}
      - run: >-
          a
          ${{ env.TITLE }}
      - if: contains(github.event.issue.title, 'x')
        uses: ./a
        with: {script: '${{ github.event.issue.title }}'}
      - uses: actions/github-script@60a0d83039c74a4aee543508d2ffcb1c3799cdea
        with:
          script: |
            core.info(`${{ github.event.issue.title }}`)
";
    let expected = [
        "github-injection 8:54",
        "github-injection 11:17",
        "github-injection 14:11",
        "github-injection 21:24",
    ];
    assert_eq!(only(workflow(text), "github-injection"), expected);
}

#[test]
fn the_event_decides_how_bad_an_injection_is() {
    let text = |on: &str| {
        format!(
            "on: {on}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{{{ github.event.pull_request.title }}}}\n"
        )
    };
    for (on, expected) in [
        ("pull_request_target", &["github-injection 6:19"][..]),
        ("[push, pull_request_target]", &["github-injection 6:19"]),
        (
            "{pull_request: {branches: [main]}}",
            &["github-injection-from-fork 6:19"],
        ),
        ("workflow_call", &["github-injection-from-fork 6:19"]),
        ("push", &[]),
        ("[schedule, workflow_dispatch]", &[]),
    ] {
        assert_eq!(
            only(workflow(&text(on)), "github-injection"),
            expected,
            "{on}"
        );
    }
}

#[test]
fn what_a_script_computes_or_a_function_decides_is_no_injection() {
    let text = "\
on: [pull_request_target, workflow_dispatch]
permissions: {}
jobs:
  a:
    runs-on: x
    strategy: {matrix: {version: ['1', '2']}}
    steps:
      - id: safe
        run: echo \"title=${TITLE//[^a-z]/}\" >> \"$GITHUB_OUTPUT\"
        env: {TITLE: '${{ github.event.pull_request.title }}'}
      - run: |
          echo ${{ steps.safe.outputs.title }} ${{ matrix.version }} ${{ github.sha }}
          echo ${{ startsWith(github.head_ref, 'x') }} ${{ github.head_ref == 'x' }}
          echo ${{ github.head_ref && 'pull' || 'push' }} ${{ github.event.pull_request.number }}
          echo ${{ github.event.pull_request.head.sha }} ${{ github.repository }}
";
    assert_eq!(only(workflow(text), "github-injection"), [""; 0]);
}

#[test]
fn forms_of_events_and_permissions_mean_the_same() {
    for on in [
        "issue_comment",
        "[issue_comment]",
        "{issue_comment: {types: [created]}}",
        "\n  issue_comment:",
    ] {
        let text =
            format!("on: {on}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n");
        let found = only(workflow(&text), "github-default-permissions");
        assert_eq!(found.len(), 1, "{on}");
    }
    let text = "on: push\npermissions: write-all\njobs:\n  a:\n    runs-on: x\n    steps: [{run: make}]\n  b:\n    \
                runs-on: x\n    steps: [{run: make}]\n";
    assert_eq!(
        only(workflow(text), "github-write-all"),
        ["github-write-all 2:14"]
    );
}

#[test]
fn a_line_is_found_where_it_stands() {
    let text = "\
on: push
permissions: {}
jobs:
  a:
    runs-on: x
    steps:
      - run: |
          # curl https://example.com | sh
          set -e
          curl -fsSL \\
            https://example.com/x | bash
";
    assert_eq!(
        only(workflow(text), "github-script"),
        ["github-script-from-network 10:11"]
    );
    let text = "stages: [a]\nb:\n  image: node:22@sha256:00\n  script:\n    - make\n    - curl https://example.com/x | sh\n";
    let found = found("gitlab-ci", ".gitlab-ci.yml", text);
    assert_eq!(found, ["gitlab-script-from-network 6:7"]);
}

#[test]
fn steps_of_azure_are_found_wherever_they_stand() {
    let text = "\
stages:
  - stage: a
    jobs:
      - deployment: b
        strategy:
          runOnce:
            deploy:
              steps:
                - ${{ if eq(variables.x, 'y') }}:
                    - script: git checkout $(Build.SourceBranchName)
";
    let found = found("azure-pipelines", "azure-pipelines.yml", text);
    assert_eq!(found, ["azure-pipelines-injection 10:31"]);
}

#[test]
fn jenkinsfiles_declarative_and_scripted_are_understood() {
    let text = "\
@Library(['a@1.0', 'b']) _
node('x') {
  withCredentials([usernamePassword(credentialsId: 'c', usernameVariable: 'U', passwordVariable: 'P')]) {
    sh script: \"\"\"
      curl -u $U:$P https://example.com/
    \"\"\"
    sh 'git checkout \"$CHANGE_BRANCH\"'
  }
  stage('Publish') {
    parallel(a: { sh \"make ${params.TARGET}\" }, b: { sh('x ' + env.CHANGE_TITLE) })
  }
}
";
    let expected = [
        "jenkins-injection 10:54",
        "jenkins-parameter-in-script 10:19",
        "jenkins-secret-in-script 4:5",
        "jenkins-unpinned-library 1:20",
    ];
    let found = found("jenkinsfile", "ci/Jenkinsfile", text);
    let shown: Vec<&str> = found.iter().map(String::as_str).collect();
    for wanted in expected {
        assert!(shown.contains(&wanted), "{wanted} of {shown:?}");
    }
    assert_eq!(shown.len(), expected.len(), "{shown:?}");
}

#[test]
fn things_that_are_not_where_they_belong_make_no_trouble() {
    let odd = [
        "jobs",
        "on",
        "steps",
        "uses",
        "run",
        "with",
        "env",
        "permissions",
        "container",
        "services",
        "matrix",
        "include",
        "image",
        "script",
        "orbs",
        "pipelines",
        "variables",
        "task",
        "pipe",
        "updates",
        "runs",
    ];
    let values = [
        "",
        "x",
        "1",
        "true",
        "[]",
        "{}",
        "[[1], {}]",
        "{x: [{y: z}]}",
        "'${{'",
        "'${{ a[ }}'",
        "!x y",
        "{? [a] : b}",
    ];
    let kinds = [
        ("github-workflow", ".github/workflows/a.yml"),
        ("github-action", "action.yml"),
        ("dependabot", ".github/dependabot.yml"),
        ("gitlab-ci", ".gitlab-ci.yml"),
        ("azure-pipelines", "azure-pipelines.yml"),
        ("circleci", ".circleci/config.yml"),
        ("bitbucket-pipelines", "bitbucket-pipelines.yml"),
        ("tekton", "task.yaml"),
    ];
    let rules = Rules::default();
    // Every kind is sure to be asked by these words in a comment.
    let words = "# jobs runs: updates script steps version pipelines tekton.dev/\n";
    for (kind, path) in kinds {
        let mut text = String::from(words);
        text.push_str("apiVersion: tekton.dev/v1\n");
        for outer in odd {
            for (index, value) in values.iter().enumerate() {
                let _ = writeln!(text, "{outer}{index}:\n  {outer}: {value}");
            }
            for inner in odd {
                let _ = writeln!(
                    text,
                    "{inner}:\n  {outer}: {{{outer}: {{b: 1, steps: [{{{inner}: [1]}}, 2]}}}}"
                );
            }
        }
        let example = Example(vec![(path.to_owned(), text)]);
        for rule in rules.of(kind) {
            examples::answers(rule, &example).unwrap();
        }
    }
}

#[test]
fn very_large_pipelines_are_asked_of_once_and_told_of_so_often() {
    let step = "      - run: echo ${{ env.A }} ${{ steps.x.outputs.y }}\n        env: {A: '${{ env.A }}'}\n";
    let text = format!(
        "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n{}",
        step.repeat(5_000)
    );
    assert_eq!(found_in_workflow(&text), 0);
    // Two thousand lines that five thousand steps share are ten million lines: of these the first
    // are looked at, and as many findings told as of any file.
    let mut text = String::from("on: issues\nx: &x |\n");
    text.push_str(&"  echo ${{ github.event.issue.title }}\n".repeat(2_000));
    text.push_str("jobs:\n  a:\n    steps:\n");
    text.push_str(&"      - run: *x\n".repeat(5_000));
    let found = found_in_workflow(&text);
    assert!((1..=200).contains(&found), "{found}");
}

/// How many injections are found in a workflow.
fn found_in_workflow(text: &str) -> usize {
    let rules = Rules::default();
    let rule = rules.find("github-injection").unwrap();
    let example = Example(vec![(
        ".github/workflows/a.yml".to_owned(),
        text.to_owned(),
    )]);
    let answers = examples::answers(rule, &example).unwrap();
    answers.iter().map(|answer| answer.offences.len()).sum()
}
