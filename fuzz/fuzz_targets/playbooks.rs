//! Playbooks, roles and settings of Ansible: read, and looked through for tasks, variables and
//! settings.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use linchpin_check::{DocumentFile, kinds};
use linchpin_model::TargetPath;

fuzz_target!(|text: &str| {
    let kind = kinds::find("ansible").expect("it is there");
    let paths = [
        "site.yml",
        "roles/a/tasks/main.yml",
        "group_vars/all.yml",
        "requirements.yml",
        "ansible.cfg",
    ];
    let files = paths.map(|path| DocumentFile {
        path: TargetPath::new(path),
        layer: None,
        text: Arc::from(text),
        documents: kind.syntax.read(text).documents,
        problems: Vec::new(),
        parts: Vec::new(),
    });
    for file in &(kind.prepare)(files.into()) {
        let mut subjects = Vec::new();
        (kind.find)(file, &mut subjects);
        for subject in subjects {
            assert!(subject.node.size() > 0);
            subject.node.to_value();
        }
    }
});
