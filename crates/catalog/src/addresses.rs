//! Addresses as lockfiles and manifests write them.

/// Longest address that is taken for one that can be used.
const LONGEST: usize = 2000;

/// An address without the user and password that may stand in it.
pub(crate) fn without_credentials(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// The same, if it is an address that others can use.
pub(crate) fn public_address(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once("://")?;
    let is_public = matches!(
        scheme,
        "http" | "https" | "ftp" | "git+https" | "git+http" | "git+ssh" | "ssh" | "git"
    );
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace();
    if !is_public || address.len() > LONGEST || !rest.chars().all(is_plain) {
        return None;
    }
    let address = without_credentials(address);
    let host = address.get(scheme.len() + 3..)?;
    (!host.is_empty() && !host.starts_with(['/', '?', '#'])).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_and_passwords_are_removed() {
        for (address, expected) in [
            (
                "https://u:p@packages.example/a@1",
                "https://packages.example/a@1",
            ),
            (
                "git+ssh://git@packages.example/a",
                "git+ssh://packages.example/a",
            ),
            (
                "https://packages.example?x=a@b",
                "https://packages.example?x=a@b",
            ),
            ("./a@b", "./a@b"),
        ] {
            assert_eq!(without_credentials(address), expected);
        }
    }
    #[test]
    fn only_what_others_can_use_is_public() {
        assert_eq!(
            public_address(" https://token@packages.example/x.tgz ").as_deref(),
            Some("https://packages.example/x.tgz")
        );
        for address in [
            "file:///srv/x",
            "https://",
            "https:///x",
            "https://u@/x",
            "https://a b/x",
            "../x",
        ] {
            assert_eq!(public_address(address), None, "{address}");
        }
    }
}
