//! Tokens of identity: whom they name, and which are not sent.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use linchpin_model::Timestamp;
use linchpin_trust::{IdentityToken, InvalidToken, MAX_TOKEN_BYTES, SIGSTORE_AUDIENCE};
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;

pub(crate) fn token(claims: &Value) -> String {
    let body = URL_SAFE_NO_PAD.encode(claims.to_string());
    format!("e30.{body}.c2ln")
}

/// The claims of a job, with some changed.
fn claims(changed: Value) -> Value {
    let mut all = json!({"iss": "https://issuer.example", "sub": "a job", "aud": "sigstore", "exp": NOW + 300});
    for (name, value) in changed.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

fn read(changed: Value) -> Result<IdentityToken, InvalidToken> {
    IdentityToken::read(&token(&claims(changed)))
}

fn check(changed: Value) -> Result<(), InvalidToken> {
    let now = Timestamp::from_second(NOW).unwrap();
    read(changed).unwrap().check(SIGSTORE_AUDIENCE, now)
}

#[test]
fn a_token_names_a_person_by_mail_and_all_else_by_its_subject() {
    let named = |changed| read(changed).map(|token| token.subject().name().to_owned());
    assert_eq!(named(json!({})).unwrap(), "a job");
    for verified in [json!(true), json!("true")] {
        let mail = json!({"email": "me@example.org", "email_verified": verified});
        assert_eq!(named(mail).unwrap(), "me@example.org");
    }
    for verified in [json!(false), json!("false"), json!("yes"), Value::Null] {
        let mail = json!({"email": "me@example.org", "email_verified": verified});
        let mail = named(mail);
        assert_eq!(
            mail,
            Err(InvalidToken::MailNotVerified("me@example.org".to_owned()))
        );
    }
    assert_eq!(named(json!({"email": ""})).unwrap(), "a job");
    assert_eq!(named(json!({"sub": ""})), Err(InvalidToken::Nobody));
    assert_eq!(named(json!({"sub": null})), Err(InvalidToken::Nobody));
}

#[test]
fn what_is_of_no_use_is_not_sent() {
    assert_eq!(check(json!({})), Ok(()));
    assert_eq!(check(json!({"aud": ["other", "sigstore"]})), Ok(()));
    for wrong in [
        json!("sigstore.example"),
        json!([]),
        json!(["a", "b"]),
        Value::Null,
    ] {
        let refused = check(json!({"aud": wrong}));
        assert!(
            matches!(refused, Err(InvalidToken::Audience { .. })),
            "{refused:?}"
        );
    }
    for expired in [json!(NOW), json!(NOW - 1), json!(0), json!(1.5e9)] {
        let refused = check(json!({"exp": expired}));
        assert!(
            matches!(refused, Err(InvalidToken::Expired(_))),
            "{refused:?}"
        );
    }
    // Clocks differ a little.
    assert_eq!(check(json!({"nbf": NOW + 30})), Ok(()));
    let early = check(json!({"nbf": NOW + 300}));
    assert!(matches!(early, Err(InvalidToken::NotYet(_))), "{early:?}");
}

#[test]
fn what_is_no_token_is_told_and_not_shown() {
    for wrong in [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "a..c",
        "ä.b.c",
        "e30.e30",
        "e30.{}.c",
        "e30.e3.x y",
    ] {
        let refused = IdentityToken::read(wrong);
        assert!(
            matches!(refused, Err(InvalidToken::Malformed(_))),
            "{wrong}: {refused:?}"
        );
    }
    for wrong in [
        json!([]),
        json!({}),
        json!({"iss": "i", "sub": "s", "aud": "sigstore"}),
        json!({"iss": "i", "sub": "s", "exp": "soon"}),
        json!({"iss": "i", "sub": "s", "exp": 1e300}),
        json!({"iss": "i", "sub": "s", "exp": i64::MAX}),
        json!({"iss": "i", "sub": 5, "exp": NOW}),
    ] {
        let refused = IdentityToken::read(&token(&wrong));
        assert!(
            matches!(refused, Err(InvalidToken::Claims(_))),
            "{wrong}: {refused:?}"
        );
    }
    let large = "a".repeat(MAX_TOKEN_BYTES + 1);
    assert_eq!(
        IdentityToken::read(&large).unwrap_err(),
        InvalidToken::TooLarge
    );
    let text = token(&claims(json!({})));
    let read = IdentityToken::read(&format!(" {text}\r\n")).unwrap();
    let shown = format!("{read:?}");
    assert!(
        shown.contains("a job") && !shown.contains("c2ln"),
        "{shown}"
    );
}
