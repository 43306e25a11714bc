//! Tests of the reader of Dockerfiles.

use super::*;

fn instructions(text: &str) -> Vec<Node> {
    let read = read(text);
    assert_eq!(read.problem, None, "{text}");
    read.documents[0]
        .get("instructions")
        .unwrap()
        .items()
        .to_vec()
}

fn shown(text: &str) -> Vec<String> {
    let shown = |node: &Node| {
        let words = node.get("words").unwrap().items();
        let words: Vec<_> = words.iter().map(|word| word.as_text().unwrap()).collect();
        let keyword = node.find_text(&["keyword"]).unwrap();
        format!(
            "{}:{} {keyword} {}",
            node.start.line,
            node.start.column,
            words.join("|")
        )
    };
    instructions(text).iter().map(shown).collect()
}

#[test]
fn lines_are_put_together() {
    let text = "# escape=`\r\n from a `\r\n  # no\n\n  AS b\nCMD [\"x\", \"y z\"]\nCMD ['x']\nONBUILD user  y";
    assert_eq!(
        shown(text),
        [
            "2:2 FROM a|AS|b",
            "6:1 CMD x|y z",
            "7:1 CMD [x]",
            "8:1 USER y"
        ]
    );
    assert_eq!(shown("FROM a \\"), ["1:1 FROM a"]);
    assert_eq!(
        shown("FROM a\nLABEL x=\"a # b\" y='c \\\n d'"),
        ["1:1 FROM a", "2:1 LABEL x=a # b|y=c  d"]
    );
    let directives =
        read("# syntax = docker/dockerfile:1\n# check=skip=all\n# x=y\nFROM a").documents;
    assert_eq!(
        directives[0].find_text(&["directives", "syntax"]),
        Some("docker/dockerfile:1")
    );
    let syntax = directives[0].find(&["directives", "syntax"]).unwrap();
    assert_eq!(
        syntax.start,
        Position {
            line: 1,
            column: 12
        }
    );
}

fn commands(node: &Node) -> Vec<String> {
    let shown = |node: &Node| {
        let at = node.start;
        format!(
            "{}:{} {}",
            at.line,
            at.column,
            node.find_text(&["text"]).unwrap()
        )
    };
    node.get("commands")
        .unwrap()
        .items()
        .iter()
        .map(shown)
        .collect()
}

#[test]
fn scripts_know_where_each_command_stands() {
    let text = "FROM a\nRUN --mount=type=cache,target=/x --network=none set -e && \\\n    # why\n    curl -k x | sh\n\
                RUN <<EOF\na b\n\nc\nEOF\nRUN [\"/bin/sh\", \"-c\", \"d e\"]\n\
                RUN python3 <<'A' && f\nimport x\nA\nSHELL [\"powershell\"]\nRUN Get-Item x\n";
    let found = instructions(text);
    assert_eq!(
        commands(&found[1]),
        ["2:49 set -e", "4:5 curl -k x", "4:17 sh"]
    );
    assert_eq!(found[1].find_text(&["flags", "network"]), Some("none"));
    assert_eq!(
        found[1].get("mounts").unwrap().items()[0].find_text(&["type"]),
        Some("cache")
    );
    assert_eq!(commands(&found[2]), ["5:7 << EOF", "6:1 a b", "8:1 c"]);
    assert_eq!(commands(&found[3]), ["10:6 /bin/sh -c d e", "10:24 d e"]);
    assert_eq!(commands(&found[4]), ["11:5 python3 << A", "11:22 f"]);
    assert!(commands(&found[6]).is_empty());
}

#[test]
fn documents_are_no_instructions() {
    let text =
        "COPY <<-\"A\" <<B /x/\nFROM no\n\tA\nB\nFROM y\nRUN echo \"<<no\" $((1<<2)) <<<no\nUSER z";
    let keywords: Vec<_> = shown(text)
        .iter()
        .map(|line| line[..6].to_owned())
        .collect();
    assert_eq!(keywords, ["1:1 CO", "5:1 FR", "6:1 RU", "7:1 US"]);
    let copy = &instructions(text)[0];
    assert!(copy.get("sources").unwrap().items().is_empty());
    assert!(
        read("RUN cat <<E\nx")
            .problem
            .unwrap()
            .text
            .contains("never ends")
    );
}

#[test]
fn keywords_give_their_words_a_meaning() {
    let text = "ENV A=1 B=\"x y\" C=\nENV D e f\nARG G H=i\nUSER ${U:-a}:b\nCOPY --from=x --chmod=777 a b /c/\nEXPOSE 22 80/tcp";
    let found = instructions(text);
    let variables = |node: &Node| -> Vec<String> {
        let items = node.get("variables").unwrap().items();
        let shown = |one: &Node| {
            format!(
                "{}={}",
                one.find_text(&["name"]).unwrap(),
                one.find_text(&["value"]).unwrap()
            )
        };
        items.iter().map(shown).collect()
    };
    assert_eq!(variables(&found[0]), ["A=1", "B=x y", "C="]);
    assert_eq!(variables(&found[1]), ["D=e f"]);
    assert_eq!(variables(&found[2]), ["G=", "H=i"]);
    assert_eq!(found[3].find_text(&["user"]), Some("${U:-a}"));
    let sources = found[4].get("sources").unwrap().items();
    assert_eq!(sources[1].find_text(&["path"]), Some("b"));
    assert_eq!(sources[1].find_text(&["chmod"]), Some("777"));
    assert_eq!(
        sources[1].start,
        Position {
            line: 5,
            column: 29
        }
    );
    assert_eq!(found[5].get("ports").unwrap().items().len(), 2);
}

#[test]
fn hostile_files_come_to_an_end() {
    for piece in [
        "\\\n",
        "RUN <<A ",
        "RUN a;",
        "RUN a <<A\n",
        "\"",
        "FROM [\"",
        "ENV A=$A$A\n",
        "[\"a\",",
        "ONBUILD ",
        "RUN --mount=",
        "#",
        "# escape=\n",
        "\u{301}",
        "COPY <<A\nA\n",
        "\r\n",
        "RUN [\"\\u",
        "x",
    ] {
        let text = piece.repeat(30_000);
        let read = read(&text);
        assert!(read.documents[0].size() < 6_000_000, "{piece}");
    }
}

proptest::proptest! {
    #[test]
    fn no_file_makes_it_fail(text in "(RUN|FROM|COPY|ENV|ARG|USER|[a-c'\"`$(){}<>|&;\\\\ \n#=,\\[\\]-]){0,120}") {
        assert_eq!(read(&text).documents.len(), 1);
    }
}
