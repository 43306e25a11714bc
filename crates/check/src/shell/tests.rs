//! Tests of the splitter, on scripts as people write them and on hostile ones.

use linchpin_document::Node;

use super::*;

fn split(script: &str) -> Vec<Command> {
    commands(&placed(script, Position::START, 1))
}

fn shown(script: &str) -> Vec<String> {
    let commands = split(script);
    (commands.iter())
        .map(|command| {
            let words: Vec<&str> = command
                .words
                .iter()
                .map(|word| word.text.as_str())
                .collect();
            format!(
                "{}:{} {}",
                command.start.line,
                command.start.column,
                words.join("|")
            )
        })
        .collect()
}

#[test]
fn lists_pipelines_and_quotes_are_taken_apart() {
    assert_eq!(
        shown(
            "set -e; apt-get update && \\\n  apt-get install -y 'a b' \"c\\\"d\" e\\ f # no\n\nx | y &"
        ),
        [
            "1:1 set|-e",
            "1:9 apt-get|update",
            "2:3 apt-get|install|-y|a b|c\"d|e f",
            "4:1 x",
            "4:5 y"
        ]
    );
    assert_eq!(split("a || b")[1].joined, Joined::Or);
    let piped = split("a | b | c; d");
    assert_eq!(piped[0].pipes_to, [1, 2]);
    assert_eq!(piped[1].pipes_to, [2]);
    assert!(piped[2].pipes_to.is_empty() && piped[3].pipes_to.is_empty());
    let group = split("(a; b > f) | c");
    assert_eq!(group[0].pipes_to, [2]);
    assert_eq!(group[1].redirections[0].target.text, "f");
}

#[test]
fn compound_commands_show_what_they_run() {
    assert_eq!(
        shown(
            "if [ -f x ]; then a; else b; fi; for i in 1 2; do c $i; done\nwhile read l; do d; done < f"
        ),
        [
            "1:4 [|-f|x|]",
            "1:19 a",
            "1:27 b",
            "1:51 c|$i",
            "2:7 read|l",
            "2:18 d",
            "2:28 "
        ]
    );
    assert_eq!(
        shown("case \"$(uname -m)\" in x86*) a;; arm|aarch64) b ;; *) c; esac; d"),
        ["1:9 uname|-m", "1:29 a", "1:46 b", "1:54 c", "1:63 d"]
    );
    assert_eq!(shown("f() { a; }; f"), ["1:7 a", "1:13 f"]);
}

#[test]
fn commands_inside_of_words_know_what_they_are_in() {
    let found = split("bash -c \"$(curl -fsSL https://example.com/x)\"");
    assert_eq!(found[0].words[0].text, "curl");
    assert_eq!(found[0].start.column, 12);
    assert_eq!(found[0].within, Some(Within::Output(1)));
    assert_eq!(
        found[1].words[2].text,
        "$(curl -fsSL https://example.com/x)"
    );
    let found = split("sudo sh -ec 'a && b'");
    assert_eq!(found[1].within, Some(Within::Script(0)));
    assert_eq!(
        (found[2].start.column, found[2].words[0].text.as_str()),
        (19, "b")
    );
    let found = split("x=`a \\`b\\``; y <(c d)");
    let names: Vec<_> = found
        .iter()
        .filter_map(|one| one.words.first())
        .map(|one| one.text.as_str())
        .collect();
    assert_eq!(names, ["b", "a", "c", "y"]);
}

#[test]
fn documents_in_a_script_are_no_commands_unless_a_shell_reads_them() {
    assert_eq!(
        shown("cat <<EOF > f\nrm -rf /\nEOF\na"),
        ["1:1 cat", "4:1 a"]
    );
    assert_eq!(
        shown("bash <<-'X'\n\tb c\n\tX\na"),
        ["1:1 bash", "2:2 b|c", "4:1 a"]
    );
    assert_eq!(shown("<<EOF\nb\nEOF\n"), ["1:3 ", "2:1 b"]);
    assert_eq!(
        shown("<<EOF\n#!/usr/bin/env python3\nimport x\nEOF\na"),
        ["1:3 ", "5:1 a"]
    );
}

fn view(script: &str, name: &str) -> Node {
    let commands = split(script);
    (0..commands.len())
        .filter_map(|place| node(&commands, place))
        .find(|node| node.find_text(&["name"]) == Some(name))
        .unwrap()
}

#[test]
fn programs_are_found_behind_those_that_start_them() {
    let pip = view(
        "sudo -u www env A=1 /usr/bin/python3.11 -m pip install -i http://x --upgrade a b==1",
        "pip",
    );
    assert_eq!(pip.find_text(&["subcommand"]), Some("install"));
    assert_eq!(pip.find_text(&["options", "-i"]), Some("http://x"));
    assert_eq!(pip.get("operands").unwrap().items().len(), 2);
    assert_eq!(pip.get("started_by").unwrap().items().len(), 2);
    let curl = view("curl -fsSLo out https://x", "curl");
    for option in ["-f", "-L", "-o", "-fsSLo"] {
        assert!(curl.find(&["options", option]).is_some(), "{option}");
    }
    assert_eq!(curl.find_text(&["options", "-o"]), Some("out"));
    assert_eq!(curl.get("operands").unwrap().items().len(), 1);
}

#[test]
fn whether_output_is_run_is_known() {
    for (script, by) in [
        ("curl x | sh", "sh"),
        ("curl x | sudo -E bash -s -- -y", "bash"),
        ("curl x | gunzip | python3 -", "python"),
        ("curl x | bash -c cat", ""),
        ("curl x | python3 -m json.tool", ""),
        ("curl x | bash script.sh", ""),
        ("curl x | tar xz; bash", ""),
        ("eval \"$(curl x)\"", "eval"),
        ("bash -c \"$(curl x)\"", "bash"),
        ("bash <(curl x)", "bash"),
        ("source <(curl x)", "source"),
        ("bash script.sh $(curl x)", ""),
        ("sh -c 'curl x | sh'", "sh"),
        ("sh -c 'curl x'", ""),
        ("echo $(curl x)", ""),
    ] {
        assert_eq!(
            view(script, "curl").find_text(&["executed_by"]),
            Some(by),
            "{script}"
        );
    }
}

#[test]
fn hostile_scripts_come_to_an_end() {
    for piece in [
        "$(",
        "`",
        "(",
        "\"$(",
        "'",
        "<<A ",
        "bash <<A\n",
        "sh -c '",
        "a|",
        ";;",
        "case x in ",
        "${",
        "$((",
        "a=(",
        "<(",
        "&>",
        "\\",
        ")",
        "sudo ",
        "a() {",
        "\n",
        "$'",
        "!",
    ] {
        let script = piece.repeat(20_000);
        assert!(split(&script).len() <= 5_000 * 2, "{piece}");
    }
}

proptest::proptest! {
    #[test]
    fn no_script_makes_it_fail(script in "[a-c'\"`$(){}<>|&;\\\\ \n#=-]{0,200}") {
        let commands = split(&script);
        for place in 0..commands.len() {
            assert!(node(&commands, place).is_some());
        }
    }
}
