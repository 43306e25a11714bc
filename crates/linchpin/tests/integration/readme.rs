//! README shows what the program says today: each block that begins with `$ linchpin …` is run in
//! the root of the repository, 100 columns wide. A line `[…]` stands for lines that are left out.

use crate::program::{outcome, program, repository};

#[test]
fn the_tour_is_what_the_program_says() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let mut blocks = 0;
    for block in readme.split("```text\n$ linchpin ").skip(1) {
        let block = block.split("\n```").next().unwrap();
        let (command, shown) = block.split_once('\n').unwrap();
        let arguments: Vec<&str> = command.split(' ').collect();
        let mut command = program(&arguments);
        let said = outcome(command.current_dir(repository()).env("COLUMNS", "100")).stdout;
        let mut rest = said.trim_end();
        for part in shown.split("[…]\n").map(str::trim_end) {
            let Some((before, after)) = rest.split_once(part) else {
                panic!("README shows\n\n{part}\n\nand `{arguments:?}` says\n\n{said}");
            };
            assert!(
                before.is_empty() || shown.contains("[…]"),
                "README leaves out\n\n{before}"
            );
            rest = after;
        }
        assert!(rest.trim().is_empty(), "README leaves out\n\n{rest}");
        blocks += 1;
    }
    assert!(blocks >= 2, "{blocks} blocks");
}
