//! Addresses as lockfiles and manifests write them.

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
}
