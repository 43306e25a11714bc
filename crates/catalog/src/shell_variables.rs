//! Variables as shells write them, `$NAME` and `${NAME:-default}`, where files of infrastructure
//! let them stand in a name. Values are put in once and not looked into again, so that nothing
//! can grow without end.

/// Longest text that is made.
const LONGEST: usize = 4096;

/// Puts values in for the variables of a text. What can not be known stays as it is written, so
/// that whoever reads the name says so. `$$` is a dollar sign of its own and stays as well.
pub(crate) fn expand<'a>(text: &str, value_of: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let (written, value) = match after.strip_prefix('{') {
            Some(inner) => match inner.split_once('}') {
                Some((inner, _)) => (inner.len() + 2, in_braces(inner, &value_of)),
                None => (after.len(), None),
            },
            None => {
                let end = after
                    .find(|next: char| !next.is_ascii_alphanumeric() && next != '_')
                    .unwrap_or(after.len());
                let name = after.get(..end).unwrap_or_default();
                let value = value_of(name).map(str::to_owned);
                (end, value.filter(|_| !name.is_empty()))
            }
        };
        match value {
            Some(value) => expanded.push_str(&value),
            None => {
                expanded.push('$');
                expanded.push_str(after.get(..written).unwrap_or_default());
            }
        }
        rest = after.get(written..).unwrap_or_default();
        if expanded.len() > LONGEST {
            return text.to_owned();
        }
    }
    expanded.push_str(rest);
    expanded
}

/// What stands between braces: a name, and what counts where it has no value.
fn in_braces<'a>(inner: &str, value_of: &impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let end = inner
        .find(|next: char| !next.is_ascii_alphanumeric() && next != '_')
        .unwrap_or(inner.len());
    let (name, operation) = inner.split_at_checked(end)?;
    let value = value_of(name);
    let value = if let Some(default) = operation.strip_prefix(":-") {
        value.filter(|value| !value.is_empty()).unwrap_or(default)
    } else if let Some(default) = operation.strip_prefix('-') {
        value.unwrap_or(default)
    } else if operation.is_empty() || operation.starts_with(":?") || operation.starts_with('?') {
        value?
    } else if let Some(instead) = operation.strip_prefix(":+") {
        if value.is_some_and(|value| !value.is_empty()) {
            instead
        } else {
            ""
        }
    } else {
        return None;
    };
    // A default may name variables itself, which is rare enough to be left as it is written.
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_defaults_are_put_in() {
        let value_of = |name: &str| match name {
            "TAG" => Some("1.27"),
            "EMPTY" => Some(""),
            _ => None,
        };
        let expand = |text: &str| expand(text, value_of);
        assert_eq!(expand("nginx:$TAG-alpine"), "nginx:1.27-alpine");
        assert_eq!(expand("nginx:${TAG}"), "nginx:1.27");
        assert_eq!(expand("nginx:${EMPTY:-2}"), "nginx:2");
        assert_eq!(expand("nginx:${NONE:-2}${NONE-}"), "nginx:2");
        assert_eq!(expand("nginx${TAG:+-x}"), "nginx-x");
        for unknown in ["$NONE", "${NONE}", "a$$b", "${", "$", "${TAG%x}", "${ä}"] {
            assert_eq!(expand(unknown), unknown);
        }
    }
}
