//! Files of Docker Compose: <https://compose-spec.io>.

mod services;

use linchpin_document::Node;
use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "compose",
    noun: "Compose file",
    documentation: "Files of Docker Compose",
    finding: FindingKind::Configuration,
    wants: &[
        Pattern::Glob("**/*compose*.yaml"),
        Pattern::Glob("**/*compose*.yml"),
    ],
    may_be: |_: &TargetPath, content| memmem::find(content, b"services:").is_some(),
    syntax: Syntax::Yaml,
    prepare: services::prepare,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file",
            around: &[],
        },
        SubjectKind {
            name: "service",
            documentation: "A service as it is written",
            around: &["file"],
        },
        SubjectKind {
            name: "image",
            documentation: "The image of a service: `text`, `registry`, `repository`, `name`, \
                            `tag`, `digest`, `is_variable`",
            around: &["service", "file"],
        },
        SubjectKind {
            name: "build",
            documentation: "How the image of a service is built, in either form: `context`, \
                            `arguments` (each with `name` and `value`), and all else as it is written",
            around: &["service", "file"],
        },
        SubjectKind {
            name: "variable",
            documentation: "A variable of a service: `name`, `value`, both texts",
            around: &["service", "file"],
        },
        SubjectKind {
            name: "port",
            documentation: "A port that a service publishes, in either form: `host` (the address \
                            that it is bound to), `published`, `target`, `protocol`, all texts",
            around: &["service", "file"],
        },
        SubjectKind {
            name: "mount",
            documentation: "What a service mounts, in either form: `type`, `source`, `target`, \
                            `mode`, all texts",
            around: &["service", "file"],
        },
    ],
    find,
    example: "compose.yaml",
};

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        let Some(services) = document.get("services") else {
            continue;
        };
        subjects.push(Subject::new("file", document));
        for service in services.members() {
            let service = &service.value;
            subjects.push(Subject::new("service", service).with("file", document));
            let around =
                |subject: Subject<'a>| subject.with("service", service).with("file", document);
            if let Some(image) = service.get(services::IMAGE) {
                subjects.push(around(Subject::new("image", image)));
            }
            if let Some(build) = service.get(services::BUILD) {
                subjects.push(around(Subject::new("build", build)));
            }
            for (list, kind) in [
                (services::VARIABLES, "variable"),
                (services::PORTS, "port"),
                (services::MOUNTS, "mount"),
            ] {
                for item in service.get(list).map_or(&[][..], Node::items) {
                    subjects.push(around(Subject::new(kind, item)));
                }
            }
        }
    }
}
