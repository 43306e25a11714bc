//! What rules see of Ansible: playbooks, roles, variables, settings, and what is no Ansible at all.

use linchpin_check::{Checks, Rules};
use linchpin_model::About;
use linchpin_source::{SourceOptions, read_together};

/// Where an expression holds, as `path:line:column`.
fn found(files: &[(&str, &str)], each: &str, expression: &str, at: &str) -> Vec<String> {
    let at = if at.is_empty() {
        String::new()
    } else {
        format!("at: {at}\n")
    };
    let rule = format!(
        "id: own-rule\ntitle: T\nseverity: low\ncategory: test\nwhy: W.\nfix: F.\n\
         applies_to: ansible\neach: {each}\nwhen: |\n  {expression}\n{at}pass: ['']\nfail: ['']\n"
    );
    let mut rules = Rules::default();
    rules.add("own.yaml", &rule).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let source = linchpin_source::open(path, SourceOptions::default()).unwrap();
    let checks = Checks::new(&rules, |kind| kind.id == "ansible");
    let visited = read_together(source.as_ref(), &[&checks]).unwrap();
    let checked = checks.finish(&visited);
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

const PLAYBOOK: &str = "\
- import_playbook: other.yml
- hosts: all
  become: true
  vars:
    deep: {inner: [{api: x}]}
    locked: !vault |
      $ANSIBLE_VAULT;1.1;AES256
      3132
  pre_tasks:
    - name: one
      when: yes
      ansible.builtin.apt:
        name: [a, b]
        state: present
  tasks:
    - block:
        - apt: name=c state=latest
      rescue:
        - name: two
          block:
            - command: echo {{ x }} chdir=/tmp
              no_log: '{{ hide }}'
    - local_action: shell echo hi
    - action:
        module: copy
        src: a
    - shell: |
        set -e
        echo done
      args:
        executable: /bin/bash
  handlers:
    - name: three
      service: {name: web, state: restarted}
";

#[test]
fn tasks_are_found_wherever_they_stand_and_however_they_are_written() {
    let files = [("site.yml", PLAYBOOK)];
    let at = |expression: &str, place: &str| found(&files, "task", expression, place);
    assert_eq!(at("true", "").len(), 7);
    assert_eq!(
        at(
            "this.module == 'ansible.builtin.apt' && this.lists.name == ['a', 'b'] && play.become == true",
            "arguments.state"
        ),
        ["site.yml:14:9"]
    );
    assert_eq!(
        at(
            "this.texts.?state.orValue('') == 'latest'",
            "arguments.state"
        ),
        ["site.yml:17:16"]
    );
    assert_eq!(
        at("this.command.contains('{{ x }}') && this.hides", "command"),
        ["site.yml:21:15"]
    );
    assert_eq!(at("this.command == 'echo hi' && !this.hides", "").len(), 1);
    assert_eq!(
        at(
            "this.module == 'copy' && this.texts.src == 'a'",
            "arguments.src"
        ),
        ["site.yml:26:9"]
    );
    assert_eq!(
        at("this.texts.?executable.orValue('') == '/bin/bash'", "").len(),
        1
    );
    assert_eq!(
        at("this.texts.?state.orValue('') == 'restarted'", "").len(),
        1
    );
    let variables = |expression: &str| found(&files, "variable", expression, "value");
    assert_eq!(
        variables("this.name == 'api' && this.value == 'x'"),
        ["site.yml:5:26"]
    );
    assert_eq!(
        variables("this.name == 'locked' && this.is_encrypted").len(),
        1
    );
}

#[test]
fn roles_variables_settings_and_requirements_are_known_by_their_places() {
    let files = [
        ("roles/web/tasks/main.yml", "- some_module: a=1\n"),
        ("roles/web/defaults/main.yml", "port: 80\n"),
        ("group_vars/all.yml", "port: 81\n"),
        (
            "any/where.yml",
            "- name: x\n  ansible.builtin.debug: msg=a\n",
        ),
        ("ansible.cfg", "[defaults]\nforks = 3\n"),
        (
            "requirements.yml",
            "roles:\n  - name: a\n    version: '1'\ncollections:\n  - b.c\n",
        ),
    ];
    assert_eq!(found(&files, "task", "true", "").len(), 2);
    assert_eq!(
        found(&files, "variable", "this.name == 'port'", ""),
        ["group_vars/all.yml:1:1", "roles/web/defaults/main.yml:1:1"]
    );
    assert_eq!(
        found(
            &files,
            "setting",
            "this.section == 'defaults' && this.value == '3'",
            "value"
        ),
        ["ansible.cfg:2:9"]
    );
    assert_eq!(
        found(&files, "requirement", "this.name in ['a', 'b.c']", "").len(),
        2
    );
}

#[test]
fn other_documents_are_left_alone() {
    let files = [
        ("compose.yaml", "services:\n  web: {image: a, hosts: [b]}\n"),
        ("tasks/list.yml", "- a\n- 1\n- [b]\n- {when: x}\n"),
        ("x.yml", "- hosts\n- name: ansible.builtin\n"),
        ("vars/list.yml", "- a: 1\n"),
    ];
    for each in ["task", "play", "variable", "setting", "requirement"] {
        assert_eq!(
            found(&files, each, "true", ""),
            Vec::<String>::new(),
            "{each}"
        );
    }
    // Blocks in blocks end somewhere.
    let deep = (0..90).fold("[{debug: msg=a}]".to_owned(), |inner, _| {
        format!("[{{block: {inner}}}]")
    });
    let play = format!("- hosts: all\n  tasks: {deep}\n");
    assert_eq!(found(&[("p.yml", &play)], "task", "true", "").len(), 0);
}
