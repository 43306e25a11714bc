//! What a registry asks for: the header `WWW-Authenticate`, RFC 7235, with the parameters of
//! <https://distribution.github.io/distribution/spec/auth/token/>.

/// What a registry asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A token from this address, for this service.
    Bearer {
        realm: String,
        service: Option<String>,
    },
    /// User and password.
    Basic,
}

/// Longest header that is looked at.
const LONGEST: usize = 16 << 10;

impl Challenge {
    /// The challenge to answer, of all those in these headers: a token rather than a password.
    pub(crate) fn choose<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut basic = None;
        for header in headers.filter(|header| header.len() <= LONGEST) {
            for (scheme, parameters) in parse(header) {
                let find = |wanted: &str| {
                    parameters
                        .iter()
                        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                        .map(|(_, value)| value.clone())
                };
                if scheme.eq_ignore_ascii_case("bearer")
                    && let Some(realm) = find("realm")
                {
                    return Some(Self::Bearer {
                        realm,
                        service: find("service"),
                    });
                }
                if scheme.eq_ignore_ascii_case("basic") {
                    basic = Some(Self::Basic);
                }
            }
        }
        basic
    }
}

type Parameters = Vec<(String, String)>;

/// The schemes of a header, each with its parameters.
fn parse(header: &str) -> Vec<(String, Parameters)> {
    let mut schemes: Vec<(String, Parameters)> = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            // Only a stray `=` can be here.
            let Some(after) = rest.strip_prefix('=') else {
                return schemes;
            };
            rest = after;
            continue;
        }
        match after.strip_prefix('=') {
            Some(after) => {
                let (value, after) = value(after);
                if let Some((_, parameters)) = schemes.last_mut() {
                    parameters.push((word.to_owned(), value));
                }
                rest = after;
            }
            None => {
                schemes.push((word.to_owned(), Vec::new()));
                rest = after;
            }
        }
    }
}

/// A value, quoted or not, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (place, character) in quoted.char_indices() {
        match character {
            _ if escaped => {
                value.push(character);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, &quoted[place + 1..]),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_header_is_too_strange(header in "(Bearer|Basic|[ -~]{0,9}|[\"=,\\\\ \t]|realm=|\u{e9}){0,30}") {
            let _ = Challenge::choose([header.as_str()].into_iter());
        }
    }

    #[test]
    fn a_token_is_preferred_to_a_password() {
        let bearer = Challenge::Bearer {
            realm: "https://auth.example/token?a=b,c".into(),
            service: Some("reg \"x\"".into()),
        };
        for header in [
            r#"Bearer realm="https://auth.example/token?a=b,c",service="reg \"x\"",scope="repository:x:pull,push""#,
            r#"Basic realm="x", bearer error="invalid", realm="https://auth.example/token?a=b,c" , service="reg \"x\"""#,
        ] {
            assert_eq!(
                Challenge::choose([header].into_iter()),
                Some(bearer.clone()),
                "{header}"
            );
        }
        assert_eq!(
            Challenge::choose(["Negotiate", "Basic realm=x"].into_iter()),
            Some(Challenge::Basic)
        );
    }

    #[test]
    fn nonsense_is_no_challenge() {
        for header in [
            "",
            "=",
            ",,,",
            "Bearer",
            "Bearer service=x",
            "\"",
            "a=\"",
            "= = =",
        ] {
            assert_eq!(Challenge::choose([header].into_iter()), None, "{header}");
        }
    }
}
