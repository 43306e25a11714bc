//! The pages of the manual about what is checked, made from the rules and kinds themselves.

use std::fmt::Write as _;

use linchpin_check::secrets::embedded;
use linchpin_check::{Rule, Rules, kinds};

/// All rules of the program, by the kind of document.
pub(super) fn rules() -> String {
    let rules = Rules::default();
    let count = rules.all().len();
    let mut page = format!(
        "# Rules\n\nMade by `linchpin manual --form rules`. {count} rules; `linchpin rules show ID` \
         shows one, [writing-rules.md](writing-rules.md) says how to write your own.\n\n\
         | kind of document | rules | what it is |\n|---|---|---|\n"
    );
    let shown: Vec<_> = kinds::ALL
        .iter()
        .map(|kind| (kind, rules.of(kind.id)))
        .collect();
    for (kind, rules) in &shown {
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} |",
            kind.id,
            kind.id,
            rules.len(),
            kind.documentation
        );
    }
    for (kind, mut rules) in shown {
        rules.sort_by(|left, right| linchpin_check::order(left, right));
        let _ = write!(page, "\n## {}\n", kind.id);
        for rule in rules {
            rule_section(&mut page, rule);
        }
    }
    page
}

fn rule_section(page: &mut String, rule: &Rule) {
    let _ = write!(
        page,
        "\n### {}\n{}. *{}, {}*\n\n{}\n\n",
        rule.id,
        rule.title,
        rule.severity.label(),
        rule.category,
        one_line(&rule.why)
    );
    page.push_str("```text\n");
    page.push_str(&rule.fix);
    page.push_str("\n```\n");
    if let Some(edit) = &rule.edit {
        page.push_str("`linchpin fix` changes it");
        match &edit.may_break {
            Some(may_break) => {
                let _ = writeln!(page, " with `--unsafe`. {}\n", one_line(may_break));
            }
            None => page.push_str(".\n\n"),
        }
    }
    for reference in &rule.references {
        let _ = writeln!(page, "- <{reference}>");
    }
}

/// All kinds of secrets.
pub(super) fn secrets() -> String {
    let kinds = embedded();
    let mut page = format!(
        "# Kinds of secrets\n\nMade by `linchpin manual --form secrets`. {} kinds. A secret is looked \
         for where one of its words is near, must look like one, have some variety, and prove itself \
         where its kind can.\n\n| kind | severity | what it is | proof |\n|---|---|---|---|\n",
        kinds.len()
    );
    for kind in kinds {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            kind.id,
            kind.severity.label(),
            kind.title,
            if kind.checksum.is_some() {
                "checksum"
            } else {
                ""
            }
        );
    }
    page
}

/// All services that are known.
pub(super) fn services() -> String {
    let services = linchpin_check::services::embedded();
    let mut page = format!(
        "# Services\n\nMade by `linchpin manual --form services`.\n\n{}\n## The services that are known\n\n\
         {} services, in `crates/check/services/`, one file for each category. A host stands for what \
         is below it too.\n",
        include_str!("services.md"),
        services.len()
    );
    for of_category in services.chunk_by(|left, right| left.category == right.category) {
        let category = of_category.first().map_or("", |first| &first.category);
        let _ = write!(
            page,
            "\n### {}\n\n| service | who runs it | what goes there | packages | hosts | variables |\n\
             |---|---|---|---|---|---|\n",
            category.replace('-', " ")
        );
        for service in of_category {
            let kinds: std::collections::BTreeSet<&str> = service
                .packages
                .iter()
                .map(|(kind, _)| kind.as_str())
                .collect();
            let kinds: Vec<&str> = kinds.into_iter().collect();
            let variables: Vec<String> = service
                .variables
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} | {} |",
                service.name,
                service.vendor,
                service.data.join(", "),
                kinds.join(", "),
                service.hosts.len(),
                variables.join(" ")
            );
        }
    }
    page
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
