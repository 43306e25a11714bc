//! JSON whose shape nobody checked: authors write lists where objects belong, repeat keys and put
//! numbers into text fields. npm takes such files, so they must not fail here either: a value of
//! the wrong shape counts as left out, and of a repeated key the last one counts, as in JavaScript.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Any value, as far as package metadata uses them.
#[derive(Debug, Default)]
pub(crate) enum Loose<'a> {
    Text(Cow<'a, str>),
    Flag(bool),
    List(Vec<Loose<'a>>),
    Map(Vec<(Cow<'a, str>, Loose<'a>)>),
    /// Null, a number: nothing that the formats here ask for.
    #[default]
    Other,
}

impl<'a> Loose<'a> {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Self::Flag(true))
    }

    /// The members of an object; none if it is something else.
    pub(crate) fn members(&self) -> &[(Cow<'a, str>, Loose<'a>)] {
        match self {
            Self::Map(members) => members,
            _ => &[],
        }
    }

    /// The text of a member, unless it is empty.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name)?.text().filter(|text| !text.is_empty())
    }

    /// The items of a list that is a member, or the member itself where only one is written.
    pub(crate) fn texts_of(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Self::List(items)) => items.iter().filter_map(Self::text).collect(),
            Some(single) => single.text().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The members of an object that is a member.
    pub(crate) fn members_of(&self, name: &str) -> &[(Cow<'a, str>, Loose<'a>)] {
        self.get(name).map(Self::members).unwrap_or_default()
    }

    pub(crate) fn items(&self) -> &[Loose<'a>] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// A member of an object; the last one of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Loose<'a>> {
        self.members()
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Loose<'de>, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose<'de>, E> {
        Ok(Loose::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Loose<'de>, E> {
        Ok(Loose::Text(Cow::Owned(text)))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Loose<'de>, E> {
        Ok(Loose::Flag(flag))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Loose<'de>, E> {
        Ok(Loose::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Loose<'de>, E> {
        Ok(Loose::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Loose<'de>, E> {
        Ok(Loose::Other)
    }

    fn visit_unit<E>(self) -> Result<Loose<'de>, E> {
        Ok(Loose::Other)
    }

    fn visit_none<E>(self) -> Result<Loose<'de>, E> {
        Ok(Loose::Other)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Loose<'de>, D::Error> {
        Loose::deserialize(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Loose<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Loose::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Word(key)) = map.next_key()? {
            members.push((key, map.next_value()?));
        }
        Ok(Loose::Map(members))
    }
}

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Word<'a>(#[serde(borrow)] Cow<'a, str>);

/// Something that is read from an object, member by member. Members that it does not know must be
/// passed over with [`skip`].
pub(crate) trait FromMembers<'de>: Default {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// Passes over a member's value.
pub(crate) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// An object read by its members; nothing if something else is in its place.
pub(crate) struct Object<T>(pub(crate) Option<T>);

impl<'de, T: FromMembers<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: FromMembers<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, _: &str) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_unit<E>(self) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Object<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Object(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<T>, A::Error> {
        let mut value = T::default();
        while let Some(Word(key)) = map.next_key()? {
            value.member(&key, &mut map)?;
        }
        Ok(Object(Some(value)))
    }
}

/// An object whose members are alike, in the order of the file.
pub(crate) struct Members<T>(pub(crate) Vec<(Box<str>, T)>);

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: FromMembers<'de>> FromMembers<'de> for Members<T> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if let Object(Some(value)) = map.next_value()? {
            self.0.push((key.into(), value));
        }
        Ok(())
    }
}

/// Reads a document of any shape.
pub(crate) fn read_loose(text: &str) -> Result<Loose<'_>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    serde_json::from_str(text).map_err(|error| format!("is no valid JSON: {error}"))
}

/// Reads a document that must be an object.
pub(crate) fn read_document<T: for<'de> FromMembers<'de>>(content: &[u8]) -> Result<T, String> {
    let text = String::from_utf8_lossy(content);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    match serde_json::from_str::<Object<T>>(text) {
        Ok(Object(Some(value))) => Ok(value),
        Ok(Object(None)) => Err("is no JSON object".to_owned()),
        Err(error) => Err(format!("is no valid JSON: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Debug)]
    struct Thing(Option<String>);

    impl<'de> FromMembers<'de> for Thing {
        fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
            if key == "name" {
                self.0 = map.next_value::<Loose<'_>>()?.text().map(str::to_owned);
                return Ok(());
            }
            skip(map)
        }
    }

    #[test]
    fn what_npm_takes_is_taken() {
        let name = |text: &str| read_document::<Thing>(text.as_bytes()).unwrap().0;
        assert_eq!(
            name("{\"name\":\"a\",\"name\":\"b\"}").as_deref(),
            Some("b")
        );
        assert_eq!(
            name("\u{feff}{\"n\\u0061me\":\"a\\n\"}").as_deref(),
            Some("a\n")
        );
        assert_eq!(name("{\"name\":[1,{\"x\":null}],\"y\":-1.5e300}"), None);
    }

    #[test]
    fn what_is_no_object_is_told() {
        let problem = |text: &str| read_document::<Thing>(text.as_bytes()).unwrap_err();
        assert_eq!(problem(" "), "is empty");
        assert_eq!(problem("[1]"), "is no JSON object");
        assert!(problem("{\"a\":").starts_with("is no valid JSON"));
        assert!(problem(&"{\"name\":".repeat(100_000)).contains("recursion limit"));
    }
}
