//! Who is who in a history: machines, forges, organisations.

use super::Person;

/// Domains of addresses that say nothing of where somebody works.
const PUBLIC_MAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "duck.com",
    "fastmail.com",
    "fastmail.fm",
    "foxmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "localhost",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "tutanota.com",
    "users.noreply.github.com",
    "web.de",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
];

/// Whether it is a machine.
pub(super) fn is_machine(person: &Person) -> bool {
    let name = person.name.to_ascii_lowercase();
    let named =
        |text: &str| text.ends_with("[bot]") || text.ends_with("-bot") || text.ends_with(" bot");
    let mailbox = person.email.split('@').next().unwrap_or_default();
    let mailbox = mailbox.to_ascii_lowercase();
    named(&name)
        || named(&mailbox)
        || matches!(
            name.as_str(),
            "dependabot" | "renovate" | "github actions" | "scala-steward"
        )
}

/// Whether it is a forge that commits for the person who pressed a button there.
pub(super) fn is_forge(person: &Person) -> bool {
    let email = person.email.to_ascii_lowercase();
    matches!(person.name.as_str(), "GitHub" | "GitLab" | "Gitea")
        && (email.starts_with("noreply@") || email.is_empty())
}

/// Whether two are the same, as far as a history tells: by address or by name.
pub(super) fn is_same(left: &Person, right: &Person) -> bool {
    let same = |left: &str, right: &str| !left.is_empty() && left.eq_ignore_ascii_case(right);
    same(&left.email, &right.email) || same(&left.name, &right.name)
}

/// Reads `Name <address>`, as trailers have it.
pub(super) fn read(text: &str) -> Person {
    let (name, rest) = text.split_once('<').unwrap_or((text, ""));
    Person {
        name: name.trim().to_owned(),
        email: rest.trim().trim_end_matches('>').to_owned(),
    }
}

/// The organisation that an address tells: its domain without what stands before the registered name.
/// Nothing where anybody gets addresses, or where it is the name of a machine.
pub(super) fn organisation(person: &Person) -> Option<String> {
    let (_, domain) = person.email.rsplit_once('@')?;
    let domain = domain.to_ascii_lowercase();
    let labels: Vec<&str> = domain
        .split('.')
        .filter(|label| !label.is_empty())
        .collect();
    let last = *labels.last()?;
    if PUBLIC_MAIL.contains(&domain.as_str())
        || labels.len() < 2
        || labels.contains(&"noreply")
        || matches!(
            last,
            "local" | "localdomain" | "lan" | "internal" | "invalid" | "home"
        )
        || last.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    // `example.co.uk` has three labels of its own, `example.com` two.
    let second = labels.get(labels.len() - 2)?;
    let own = if last.len() == 2 && second.len() <= 3 && labels.len() > 2 {
        3
    } else {
        2
    };
    let kept = labels.get(labels.len().saturating_sub(own)..)?;
    Some(kept.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, email: &str) -> Person {
        Person {
            name: name.to_owned(),
            email: email.to_owned(),
        }
    }

    #[test]
    fn organisations_are_registered_domains() {
        for (email, expected) in [
            ("a@eng.one.example", Some("one.example")),
            ("a@one.co.uk", Some("one.co.uk")),
            ("a@mail.one.co.uk", Some("one.co.uk")),
            ("a@gmail.com", None),
            ("1+a@users.noreply.github.com", None),
            ("a@users.noreply.forge.example", None),
            ("a@laptop.local", None),
            ("a@laptop", None),
            ("a@10.0.0.1", None),
            ("a", None),
            ("a@", None),
            ("@..", None),
        ] {
            assert_eq!(
                organisation(&with("", email)).as_deref(),
                expected,
                "{email}"
            );
        }
    }

    #[test]
    fn machines_and_forges_are_known() {
        assert!(is_machine(&with("dependabot[bot]", "support@x.example")));
        assert!(is_machine(&with(
            "x",
            "49699333+dependabot[bot]@users.noreply.example"
        )));
        assert!(is_machine(&with("Release Bot", "")));
        assert!(!is_machine(&with("Abbot", "abbot@x.example")));
        assert!(is_forge(&with("GitHub", "noreply@github.com")));
        assert!(!is_forge(&with("GitHub", "someone@x.example")));
    }

    #[test]
    fn people_are_the_same_by_name_or_address() {
        let reviewer = read("A B <a@x.example>");
        assert!(is_same(&reviewer, &with("Other", "A@X.example")));
        assert!(is_same(&reviewer, &with("a b", "")));
        assert!(!is_same(&with("", ""), &with("", "")));
    }
}
