//! Whom a policy believes: a key, or a name that an authority of the trusted root vouches for.

use linchpin_trust::{ExpectedSigner, IdentityPattern, PredicateType, PublicKey, TextPattern};

use super::Wrong;
use super::fields::Fields;
use crate::policy::{SignerName, TrustedSigner};

const FIELDS: &[&str] = &[
    "name",
    "key",
    "key-file",
    "identity",
    "identity-pattern",
    "issuer",
    "issuer-pattern",
    "says",
];

pub(super) fn read(
    fields: &Fields<'_>,
    read_key: &dyn Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<TrustedSigner, Wrong> {
    fields.only(FIELDS)?;
    let key = match (
        fields.optional_text("key")?,
        fields.optional_text("key-file")?,
    ) {
        (Some((at, text)), None) => Some((at, text.as_bytes().to_vec())),
        (None, Some((at, path))) => {
            let content = read_key(path)
                .map_err(|why| (at, format!("the key `{path}` can not be read: {why}")))?;
            Some((at, content))
        }
        (None, None) => None,
        (Some((at, _)), Some(_)) => {
            let problem = "a signer has one key: `key` or `key-file`".to_owned();
            return Err((at, problem));
        }
    };
    let identity = pattern(fields, "identity", "identity-pattern")?;
    let issuer = pattern(fields, "issuer", "issuer-pattern")?;
    let expected = match (key, identity, issuer) {
        (Some((at, content)), None, None) => {
            let key = PublicKey::read(&content)
                .map_err(|error| (at, format!("the key can not be used: {error}")))?;
            ExpectedSigner::Key(key)
        }
        (None, Some(identity), Some(issuer)) => {
            ExpectedSigner::Identity(IdentityPattern { identity, issuer })
        }
        _ => {
            let problem = "a signer is known by a key (`key`, `key-file`), or by an `identity` together with the `issuer` who vouches for it";
            return Err((fields.start(), problem.to_owned()));
        }
    };
    let says = fields
        .get("says")
        .map(|node| {
            let words = super::fields::texts("says", node)?;
            words
                .iter()
                .map(|word| predicate_type(word).map_err(|problem| (node.start, problem)))
                .collect::<Result<Vec<_>, Wrong>>()
        })
        .transpose()?;
    Ok(TrustedSigner {
        name: SignerName(fields.text("name")?.to_owned()),
        expected,
        says,
    })
}

/// The type that a word or a URI means.
pub(super) fn predicate_type(word: &str) -> Result<PredicateType, String> {
    word.parse()
        .map_err(|error: linchpin_trust::InvalidPredicateType| error.to_string())
}

/// An exact text, or one that must match as a whole.
fn pattern(fields: &Fields<'_>, exact: &str, matching: &str) -> Result<Option<TextPattern>, Wrong> {
    match (
        fields.optional_text(exact)?,
        fields.optional_text(matching)?,
    ) {
        (None, None) => Ok(None),
        (Some((_, text)), None) => Ok(Some(TextPattern::Exact(text.to_owned()))),
        (None, Some((at, text))) => TextPattern::matching(text)
            .map(Some)
            .map_err(|error| (at, error.to_string())),
        (Some((at, _)), Some(_)) => {
            Err((at, format!("`{exact}` and `{matching}` exclude each other")))
        }
    }
}
