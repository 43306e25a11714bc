//! Dockerfiles and Compose files: what rules see of them, and that nothing in them does harm.

use std::sync::Arc;

use linchpin_check::{DocumentFile, Node, Rules, Subject, examples, kinds};
use linchpin_model::TargetPath;

/// The files as their kind prepares them.
fn prepared(kind: &str, files: &[(&str, &str)]) -> Vec<DocumentFile> {
    let kind = kinds::find(kind).unwrap();
    let files = files.iter().map(|(path, text)| {
        let path = TargetPath::new(path);
        assert!((kind.may_be)(&path, text.as_bytes()), "{path}");
        DocumentFile {
            path,
            layer: None,
            text: Arc::from(*text),
            documents: kind.syntax.read(text).documents,
            problems: Vec::new(),
            parts: Vec::new(),
        }
    });
    (kind.prepare)(files.collect())
}

fn subjects<'a>(kind: &str, files: &'a [DocumentFile]) -> Vec<Subject<'a>> {
    let kind = kinds::find(kind).unwrap();
    let mut subjects = Vec::new();
    for file in files {
        (kind.find)(file, &mut subjects);
    }
    for subject in &subjects {
        let declared = kind.subjects.iter().find(|one| one.name == subject.kind);
        let declared = declared.unwrap_or_else(|| panic!("{} is not declared", subject.kind));
        let around: Vec<&str> = subject.around.iter().map(|(name, _)| *name).collect();
        assert_eq!(around, declared.around, "{}", subject.kind);
    }
    subjects
}

fn text<'a>(node: &'a Node, way: &[&str]) -> &'a str {
    node.find_text(way).unwrap_or_default()
}

#[test]
fn stages_and_variables_are_followed() {
    let dockerfile = "\
ARG BASE=debian
ARG TAG=13
FROM ${BASE}:${TAG:-12} AS base
USER app
HEALTHCHECK CMD true
FROM golang:${NONE} AS build
FROM Base AS final
ENV PORT=80
ARG TAG
COPY --from=build /a /b-$TAG
EXPOSE ${PORT}
";
    let files = prepared("dockerfile", &[("x/Dockerfile", dockerfile)]);
    let found = subjects("dockerfile", &files);
    let last = found
        .iter()
        .find(|one| one.kind == "final-stage")
        .unwrap()
        .node;
    assert_eq!(text(last, &["user"]), "app");
    assert_eq!(text(last, &["base", "text"]), "debian:13");
    assert_eq!(text(last, &["image", "refers_to"]), "stage");
    let images: Vec<_> = found.iter().filter(|one| one.kind == "image").collect();
    let shown: Vec<_> = images
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                one.of,
                text(one.node, &["text"]),
                text(one.node, &["refers_to"])
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "FROM debian:13 image",
            "FROM golang:${NONE} image",
            "FROM Base stage",
            "COPY build stage"
        ]
    );
    let source = found.iter().find(|one| one.kind == "source").unwrap().node;
    assert_eq!(text(source, &["target"]), "/b-13");
    let port = found.iter().find(|one| one.kind == "port").unwrap().node;
    assert_eq!(port.as_text(), Some("80"));
    assert_eq!((port.start.line, port.start.column), (11, 8));
}

#[test]
fn lists_of_ignored_files_count_where_the_build_may_begin() {
    let dockerfile = "FROM a\nCOPY . .\n";
    let ignores = |files: &[(&str, &str)]| -> Vec<bool> {
        let flag = |file: &DocumentFile| {
            let node = file.documents[0].get("ignores_files").unwrap();
            node.value == linchpin_check::NodeValue::Boolean(true)
        };
        prepared("dockerfile", files).iter().map(flag).collect()
    };
    assert_eq!(
        ignores(&[("a/b/Dockerfile", dockerfile), ("a/.dockerignore", "x")]),
        [true]
    );
    assert_eq!(
        ignores(&[("a/b/Dockerfile", dockerfile), ("a/c/.dockerignore", "x")]),
        [false]
    );
    assert_eq!(
        ignores(&[("Dockerfile", dockerfile), (".dockerignore", "x")]),
        [true]
    );
    assert_eq!(
        ignores(&[
            ("Dockerfile.dev", dockerfile),
            ("Dockerfile.dev.dockerignore", "x")
        ]),
        [true]
    );
}

#[test]
fn documents_named_like_one_are_left_out() {
    let kind = kinds::find("dockerfile").unwrap();
    for (path, content, may_be) in [
        ("Dockerfile", "# x\nfrom a", true),
        ("Dockerfile.md", "FROM a", false),
        ("Dockerfile", "FROMAGE", false),
        ("a.dockerfile", "ARG X\nFROM a", true),
        ("Dockerfile.prod", "  FROM\ta", true),
    ] {
        let path = TargetPath::new(path);
        assert_eq!((kind.may_be)(&path, content.as_bytes()), may_be, "{path}");
    }
}

/// The rules of a kind that find something, each with its line and column.
fn found(kind: &str, file: &str) -> Vec<String> {
    let rules = Rules::default();
    let example = linchpin_check::Example(vec![(
        kinds::find(kind).unwrap().example.to_owned(),
        file.to_owned(),
    )]);
    let mut found = Vec::new();
    for rule in rules.of(kind) {
        for answers in examples::answers(rule, &example).unwrap() {
            assert!(answers.unasked.is_empty(), "{:?}", answers.unasked);
            for offence in answers.offences {
                found.push(format!(
                    "{}:{} {}",
                    offence.at.line, offence.at.column, offence.rule
                ));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_careful_dockerfile_has_no_findings() {
    let digest = "sha256:4b825dc642cb6eb9a060e54bf8d69288fbee4904e2b0b9b0e8b0e8b0e8b0e8b0";
    let file = format!(
        "# syntax=docker/dockerfile:1\nARG VERSION=1.25\nFROM golang:${{VERSION}}-alpine@{digest} AS build\n\
         WORKDIR /src\nCOPY go.mod go.sum ./\n\
         RUN --mount=type=cache,target=/go/pkg go mod download\nCOPY cmd/ cmd/\n\
         RUN --mount=type=cache,target=/root/.cache <<EOF\nset -eu\ngo build -o /app ./cmd\nEOF\n\
         FROM gcr.io/distroless/static-debian12:nonroot@{digest}\nCOPY --from=build /app /app\n\
         USER 65532\nENTRYPOINT [\"/app\"]\n"
    );
    assert_eq!(found("dockerfile", &file), Vec::<String>::new());
}

#[test]
fn findings_point_at_the_command_in_its_step() {
    let file = "FROM debian:jessie\nRUN set -e; \\\n    # first\n    apt-get update && apt-get install -y --allow-unauthenticated curl ; \\\n    curl -sk http://example.com/x \\\n      | bash\nUSER root\nCMD [\"x\"]\n";
    let found = found("dockerfile", file);
    for expected in [
        "1:6 dockerfile-base-image-past-its-end",
        "4:42 dockerfile-apt-unauthenticated",
        "5:10 dockerfile-curl-without-verification",
        "5:5 dockerfile-download-over-http",
        "5:5 dockerfile-download-to-shell",
        "7:1 dockerfile-runs-as-root",
    ] {
        assert!(
            found.iter().any(|one| one == expected),
            "{expected}: {found:#?}"
        );
    }
}

#[test]
fn findings_of_compose_point_at_the_line() {
    let file = "services:\n  db:\n    image: postgres\n    ports:\n      - 80:80\n      - \"5432:5432\"\n    environment:\n      A: b\n      POSTGRES_PASSWORD: hunter2correct\n    volumes:\n      - data:/x\n      - /var/run/docker.sock:/var/run/docker.sock\n";
    let found = found("compose", file);
    for expected in [
        "3:12 compose-image-latest",
        "6:9 compose-database-for-everybody",
        "9:7 compose-secret-in-variable",
        "12:9 compose-container-engine-socket",
    ] {
        assert!(
            found.iter().any(|one| one == expected),
            "{expected}: {found:#?}"
        );
    }
}

#[test]
fn hostile_files_come_to_an_end() {
    for piece in [
        "FROM a\n",
        "RUN a;b|c\n",
        "FROM a AS b\nFROM b\n",
        "ENV A=$A$A$A\n",
        "RUN curl x | sh\n",
        "COPY --from=x a b c d e f g h\n",
        "EXPOSE 1 2 3 4 5 6 7 8 9\n",
        "RUN $(",
        "ARG A=${A:-${A:-\n",
    ] {
        let file = format!("FROM a\n{}", piece.repeat(3_000));
        let files = prepared("dockerfile", &[("Dockerfile", &file)]);
        assert!(!subjects("dockerfile", &files).is_empty(), "{piece}");
    }
    let services = "  - x\n".repeat(5_000);
    for file in [
        format!("services:\n  a:\n    ports:\n{services}"),
        format!("services:\n{services}"),
        "services: x".to_owned(),
        "services: {a: null, b: [], c: {ports: {}, volumes: x, environment: 1, image: []}}"
            .to_owned(),
    ] {
        let files = prepared("compose", &[("compose.yaml", &file)]);
        subjects("compose", &files);
    }
}
