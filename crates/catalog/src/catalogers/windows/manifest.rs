//! The manifest of a servicing package: its identity, and the KB number of the update that it
//! belongs to.

use crate::documents::xml;

/// An update.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::catalogers) struct Update {
    /// `KB5034127`.
    pub(super) number: Box<str>,
    /// `17763.5329.1.8`.
    pub(super) version: Box<str>,
}

/// Reads a manifest; nothing if the package is a part of Windows and no update.
pub(super) fn read(content: &[u8]) -> Result<Option<Update>, String> {
    let root = xml::read_document(content)?;
    let identity = root.child("assemblyIdentity");
    let attribute = |name: &str| identity.and_then(|identity| identity.attribute(name));
    let version = attribute("version").unwrap_or_default();
    let identifier = root
        .child("package")
        .and_then(|package| package.attribute("identifier"));
    let number = identifier
        .and_then(number)
        .or_else(|| number_in_name(attribute("name")?).map(|(number, _)| number));
    Ok(number.map(|number| Update {
        number: number.into(),
        version: version.into(),
    }))
}

/// A text that is a KB number and nothing else.
fn number(text: &str) -> Option<String> {
    let digits = text.get(2..)?;
    let is_number = text.get(..2)?.eq_ignore_ascii_case("kb")
        && (6..=8).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("KB{digits}"))
}

/// The KB number and the version in `Package_for_KB5034127~31bf3856ad364e35~amd64~~17763.1.1.0`.
pub(super) fn number_in_name(name: &str) -> Option<(String, &str)> {
    let mut parts = name.split('~');
    let first = parts.next()?;
    // Parts of an update have a number before or the name of a component behind.
    let found = first.split('_').find_map(number)?;
    Some((found, parts.next_back().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_names() {
        assert_eq!(
            number_in_name("package_2_for_kb5034127~31bf3856ad364e35~amd64~~10.0.1.8"),
            Some(("KB5034127".to_owned(), "10.0.1.8"))
        );
        assert_eq!(
            number_in_name("Microsoft-Windows-Foundation-Package~31bf3856ad364e35~amd64~~10.0.1"),
            None
        );
        assert_eq!(number("kb12"), None);
        assert_eq!(number("é"), None);
    }
}
