//! Elements of DER, as far as the answer of a timestamp authority needs them: what lies in a
//! sequence, one after the other, and no deeper than is asked.

use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{Reader as _, SliceReader, Tag, Tagged as _};

/// The most elements that are looked at.
const MOST_ELEMENTS: usize = 64;

/// The elements that lie one after the other in these bytes.
pub(super) fn elements(bytes: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        if found.len() == MOST_ELEMENTS {
            return None;
        }
        found.push(reader.decode().ok()?);
    }
    Some(found)
}

/// The elements in a sequence.
pub(super) fn in_sequence<'a>(element: &AnyRef<'a>) -> Option<Vec<AnyRef<'a>>> {
    of_tag(element, Tag::Sequence).and_then(elements)
}

/// The bytes of an element, if it is of this sort.
pub(super) fn of_tag<'a>(element: &AnyRef<'a>, tag: Tag) -> Option<&'a [u8]> {
    (element.tag() == tag).then(|| element.value())
}

/// The one element in another that is marked with the number 0.
pub(super) fn in_marked<'a>(element: &AnyRef<'a>) -> Option<AnyRef<'a>> {
    let marked = matches!(
        element.tag(),
        Tag::ContextSpecific { constructed: true, number } if number.value() == 0
    );
    match elements(element.value())?.as_slice() {
        [one] if marked => Some(*one),
        _ => None,
    }
}
