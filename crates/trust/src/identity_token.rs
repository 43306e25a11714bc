//! Tokens of identity: by what a provider, such as a system for continuous integration, tells an
//! authority who asks for a certificate.
//!
//! A token is a JSON Web Token, <https://www.rfc-editor.org/rfc/rfc7519>. Its signature is the
//! affair of whoever it is sent to. Here is only read whom it names, and whether sending it can
//! lead to anything. It is a secret: whoever has it can sign in that name until it expires.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use linchpin_model::Timestamp;
use serde::Deserialize;
use zeroize::Zeroizing;

/// The audience that Sigstore's public instance, and most others, want a token to be for.
pub const SIGSTORE_AUDIENCE: &str = "sigstore";

/// The most that is read of a token. Servers take headers of 8 to 16 KiB, and no token has more.
pub const MAX_TOKEN_BYTES: usize = 64 << 10;

/// How many letters of a part of a token make sure that it is one, and no other text.
const QUOTED: usize = 16;

/// The most by which the clocks of a provider and of this machine may differ, in seconds.
const CLOCKS_DIFFER: i64 = 60;

/// A token of identity. It is never shown.
#[derive(Clone)]
pub struct IdentityToken {
    text: Zeroizing<String>,
    issuer: String,
    subject: TokenSubject,
    audiences: Vec<String>,
    expires: Timestamp,
    valid_from: Option<Timestamp>,
}

/// Whom a token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSubject {
    /// A person, by an address of mail that the provider has verified.
    Mail(String),
    /// Anything else, such as a workflow, in the provider's own words.
    Other(String),
}

/// Why a token is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// It is larger than any.
    #[error("it has more than 64 KiB, which no token has")]
    TooLarge,
    /// It is no JSON Web Token.
    #[error(
        "it is no token of identity: {0}\nhint: a token is three parts of letters and digits with full stops between them, as OpenID Connect has it"
    )]
    Malformed(&'static str),
    /// What it says can not be read.
    #[error("what it says can not be read: {0}")]
    Claims(String),
    /// It names nobody.
    #[error("it names nobody: it has neither `email` nor `sub`")]
    Nobody,
    /// Its provider has not verified the address of mail.
    #[error("its provider has not verified the address `{0}`, and no authority takes it")]
    MailNotVerified(String),
    /// It is no longer valid.
    #[error("it expired at {0}\nhint: tokens are valid for some minutes; get a new one")]
    Expired(Timestamp),
    /// It is not valid yet.
    #[error("it is valid from {0} on\nhint: see whether the clock of this machine is right")]
    NotYet(Timestamp),
    /// It is for another service.
    #[error(
        "it is for {}, and the authority wants one for `{wanted}`\nhint: ask the provider for a token with the audience `{wanted}`",
        listed(.found)
    )]
    Audience {
        /// For whom it should be.
        wanted: String,
        /// For whom it is.
        found: Vec<String>,
    },
}

fn listed(audiences: &[String]) -> String {
    if audiences.is_empty() {
        return "nobody".to_owned();
    }
    let quoted: Vec<String> = audiences.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: Option<String>,
    email: Option<String>,
    email_verified: Option<Verified>,
    aud: Option<Audiences>,
    exp: Seconds,
    nbf: Option<Seconds>,
}

/// Some providers write it as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Verified {
    Value(bool),
    Text(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Several(Vec<String>),
}

/// Seconds since 1970, which may have a fraction.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Whole(i64),
    Fraction(f64),
}

impl Seconds {
    fn moment(&self) -> Result<Timestamp, InvalidToken> {
        let seconds = match self {
            Self::Whole(seconds) => *seconds,
            Self::Fraction(seconds) => *seconds as i64,
        };
        Timestamp::from_second(seconds)
            .map_err(|_| InvalidToken::Claims("its times are none".to_owned()))
    }
}

impl IdentityToken {
    /// Reads a token. White space around it is an editor's.
    pub fn read(text: &str) -> Result<Self, InvalidToken> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(InvalidToken::TooLarge);
        }
        let text = text.trim();
        let parts: Vec<&str> = text.split('.').collect();
        let [_, claims, _] = parts.as_slice() else {
            return Err(InvalidToken::Malformed("it has not three parts"));
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if parts
            .iter()
            .any(|part| part.is_empty() || !part.bytes().all(plain))
        {
            return Err(InvalidToken::Malformed("its parts are not base64"));
        }
        let claims = URL_SAFE_NO_PAD
            .decode(claims)
            .map(Zeroizing::new)
            .map_err(|_| InvalidToken::Malformed("its parts are not base64"))?;
        // What the reader of JSON says quotes a claim at most, and never the signature, without
        // which a token is worth nothing.
        let claims: Claims = serde_json::from_slice(&claims)
            .map_err(|error| InvalidToken::Claims(error.to_string().chars().take(200).collect()))?;
        let audiences = match claims.aud {
            None => Vec::new(),
            Some(Audiences::One(name)) => vec![name],
            Some(Audiences::Several(names)) => names,
        };
        Ok(Self {
            text: Zeroizing::new(text.to_owned()),
            issuer: claims.iss,
            subject: subject(claims.email, claims.email_verified, claims.sub)?,
            audiences,
            expires: claims.exp.moment()?,
            valid_from: claims.nbf.map(|moment| moment.moment()).transpose()?,
        })
    }

    /// Sees that sending it can lead to something: that it is for this audience, and valid now.
    pub fn check(&self, audience: &str, now: Timestamp) -> Result<(), InvalidToken> {
        if !self.audiences.iter().any(|name| name == audience) {
            return Err(InvalidToken::Audience {
                wanted: audience.to_owned(),
                found: self
                    .audiences
                    .iter()
                    .take(3)
                    .map(|name| name.chars().take(200).collect())
                    .collect(),
            });
        }
        if self.expires <= now {
            return Err(InvalidToken::Expired(self.expires));
        }
        match self.valid_from {
            Some(from) if from.as_second() > now.as_second().saturating_add(CLOCKS_DIFFER) => {
                Err(InvalidToken::NotYet(from))
            }
            _ => Ok(()),
        }
    }

    /// Whom it names.
    pub fn subject(&self) -> &TokenSubject {
        &self.subject
    }

    /// Who made it: the provider's URL.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// A text without the token in it, and without the beginnings of its parts: whoever quotes it
    /// may have cut it.
    pub(crate) fn removed_from(&self, text: &str) -> String {
        let is_token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let beginnings: Vec<&str> = self
            .text
            .split('.')
            .filter_map(|part| part.get(..QUOTED))
            .collect();
        let (mut left, mut rest) = (String::new(), text);
        let next = |rest: &str| beginnings.iter().filter_map(|part| rest.find(part)).min();
        while let Some((before, quoted)) = next(rest).and_then(|at| rest.split_at_checked(at)) {
            left.push_str(before);
            left.push_str("(secret)");
            rest = quoted.trim_start_matches(is_token);
        }
        left + rest
    }

    /// The token itself, for the one authority that it is sent to.
    pub(crate) fn reveal(&self) -> &str {
        &self.text
    }
}

/// Whom a token names, as authorities see it: by a verified address of mail, else by what the
/// provider calls the subject. <https://github.com/sigstore/fulcio/blob/main/docs/oidc.md>
fn subject(
    mail: Option<String>,
    verified: Option<Verified>,
    subject: Option<String>,
) -> Result<TokenSubject, InvalidToken> {
    let named = |text: Option<String>| text.filter(|text| !text.is_empty());
    let Some(mail) = named(mail) else {
        return named(subject)
            .map(TokenSubject::Other)
            .ok_or(InvalidToken::Nobody);
    };
    match verified {
        Some(Verified::Value(true)) => Ok(TokenSubject::Mail(mail)),
        Some(Verified::Text(text)) if text == "true" => Ok(TokenSubject::Mail(mail)),
        _ => Err(InvalidToken::MailNotVerified(
            mail.chars().take(200).collect(),
        )),
    }
}

impl TokenSubject {
    /// The name, over which the possession of a key is proved.
    pub fn name(&self) -> &str {
        match self {
            Self::Mail(name) | Self::Other(name) => name,
        }
    }
}

impl fmt::Debug for IdentityToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IdentityToken")
            .field("issuer", &self.issuer)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
