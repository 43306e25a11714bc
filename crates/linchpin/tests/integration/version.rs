//! `linchpin version compare`.

use crate::program::{Outcome, outcome, program, run};

fn compared(scheme: &str, lines: &str) -> Outcome {
    outcome(program(&["version", "compare", "--scheme", scheme]).write_stdin(lines))
}

#[test]
fn what_holds_is_not_spoken_of() {
    let held = compared(
        "debian",
        "1.0~rc1 < 1.0\n\n# epochs\n1:0 > 9\r\n1.0 = 1.0-0",
    );
    assert_eq!((held.code, held.stdout.as_str()), (0, ""));
    assert_eq!(held.stderr, "");
}

#[test]
fn what_does_not_hold_is_named() {
    let wrong = compared(
        "npm",
        "1.0.0 < 1.0.1\n1.10.0 < 1.9.0\nx = 1.0.0\n1.0.0 1.0.0\n",
    );
    assert_eq!(wrong.code, 1);
    assert_eq!(
        wrong.stdout,
        "line 2: `1.10.0 < 1.9.0` does not hold: `1.10.0 > 1.9.0`\n\
         line 3: `x` is no version of the scheme npm\n\
         line 4: `1.0.0 1.0.0` is no comparison; write it as `1.0 < 1.1`\n"
    );
}

#[test]
fn an_unknown_scheme_is_wrong_use() {
    let outcome = run(&["version", "compare", "--scheme", "roman"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("packagist"), "{}", outcome.stderr);
}
