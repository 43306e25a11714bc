//! The pages that the program writes of itself are those in `docs/`.

use assert_cmd::Command;

use crate::workspace::document;

fn check(page: &str, form: &str) {
    // Help shows the values of these variables, which are the developer's own.
    let output = Command::cargo_bin("linchpin")
        .unwrap()
        .args(["manual", "--form", form])
        .env_remove("LINCHPIN_DB")
        .env_remove("LINCHPIN_OFFLINE")
        .env_remove("LINCHPIN_MAX_AGE")
        .env_remove("LINCHPIN_STALE")
        .output()
        .unwrap();
    assert!(output.status.success());
    let made = String::from_utf8(output.stdout).unwrap();
    assert!(
        made == document(page),
        "{page} is not what the program says; make it again with\n\
         cargo run -- manual --form {form} > {page}"
    );
}

#[test]
fn the_page_of_commands_is_current() {
    check("docs/commands.md", "markdown");
    check("docs/rules.md", "rules");
    check("docs/secrets.md", "secrets");
    check("docs/services.md", "services");
}

#[test]
fn the_page_of_catalogers_is_current() {
    check("docs/catalogers.md", "catalogers");
}
