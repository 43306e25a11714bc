//! The record of a row: a header that says the type of each value, and the values:
//! <https://www.sqlite.org/fileformat2.html#record_format>.

use std::borrow::Cow;

use super::TextEncoding;

/// Most values of a row; SQLite's own bound is 32767.
const MOST_VALUES: usize = 32767;

#[derive(Debug)]
enum Value<'a> {
    /// Nothing, or a number with a fraction, which no format here asks for.
    Other,
    Integer(i64),
    Text(Cow<'a, str>),
    Blob(&'a [u8]),
}

/// A row of a table, its values in the order of the columns.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// The number that identifies it, which a column `INTEGER PRIMARY KEY` has too.
    pub(crate) id: i64,
    values: Vec<Value<'a>>,
}

impl<'a> Row<'a> {
    pub(super) fn decode(id: i64, record: &'a [u8], text: TextEncoding) -> Option<Self> {
        let mut header = record;
        let length = usize::try_from(number(&mut header)?).ok()?;
        let taken = record.len() - header.len();
        let mut types = record.get(taken..length)?;
        let mut body = record.get(length..)?;
        let mut values = Vec::new();
        while !types.is_empty() && values.len() < MOST_VALUES {
            let kind = number(&mut types)?;
            values.push(value(kind, &mut body, text)?);
        }
        Some(Self { id, values })
    }

    /// A whole number.
    pub(crate) fn integer(&self, column: usize) -> Option<i64> {
        match self.values.get(column)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// A text; bytes where they are one, since SQLite takes either in any column.
    pub(crate) fn text(&self, column: usize) -> Option<&str> {
        match self.values.get(column)? {
            Value::Text(text) => Some(text),
            Value::Blob(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// Bytes.
    pub(crate) fn blob(&self, column: usize) -> Option<&[u8]> {
        match self.values.get(column)? {
            Value::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }
}

/// A number of one to nine bytes, which is cut off the front.
pub(super) fn number(bytes: &mut &[u8]) -> Option<i64> {
    let mut value: u64 = 0;
    for index in 0..9 {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if index == 8 {
            value = value << 8 | u64::from(byte);
            break;
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value.cast_signed())
}

fn value<'a>(kind: i64, body: &mut &'a [u8], encoding: TextEncoding) -> Option<Value<'a>> {
    let mut take = |length: usize| {
        let (taken, rest) = body.split_at_checked(length)?;
        *body = rest;
        Some(taken)
    };
    Some(match kind {
        1..=6 => {
            let bytes = take([1, 2, 3, 4, 6, 8][usize::try_from(kind - 1).ok()?])?;
            let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
            let start = if negative { -1_i64 } else { 0 };
            Value::Integer(
                bytes
                    .iter()
                    .fold(start, |number, &byte| number << 8 | i64::from(byte)),
            )
        }
        7 => {
            take(8)?;
            Value::Other
        }
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        12.. if kind % 2 == 0 => Value::Blob(take(usize::try_from((kind - 12) / 2).ok()?)?),
        13.. => Value::Text(text(
            take(usize::try_from((kind - 13) / 2).ok()?)?,
            encoding,
        )),
        0 => Value::Other,
        _ => return None,
    })
}

fn text(bytes: &[u8], encoding: TextEncoding) -> Cow<'_, str> {
    let from = match encoding {
        TextEncoding::Utf8 => return String::from_utf8_lossy(bytes),
        TextEncoding::Utf16Le => u16::from_le_bytes,
        TextEncoding::Utf16Be => u16::from_be_bytes,
    };
    let units = bytes.chunks_exact(2).map(|pair| match *pair {
        [first, second] => from([first, second]),
        _ => 0,
    });
    Cow::Owned(
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_to_nine_bytes() {
        let read = |bytes: &[u8]| {
            let mut rest = bytes;
            number(&mut rest).map(|number| (number, rest.len()))
        };
        assert_eq!(read(&[0x7f, 1]), Some((127, 1)));
        assert_eq!(read(&[0x81, 0x00]), Some((128, 0)));
        assert_eq!(read(&[0xff; 9]), Some((-1, 0)));
        assert_eq!(read(&[0x81]), None);
    }

    #[test]
    fn values_of_all_types_are_read() {
        // Header of eight bytes: null, an integer of one, of three and of no byte, a fraction,
        // a blob of two bytes, a text of three.
        let mut record = vec![8, 0, 1, 3, 9, 7, 16, 19];
        record.extend([0xfe, 0x01, 0x00, 0x00]);
        record.extend(1.5_f64.to_be_bytes());
        record.extend(b"\x00\x01abc");
        let row = Row::decode(7, &record, TextEncoding::Utf8).unwrap();
        assert_eq!(row.integer(0), None);
        assert_eq!(row.integer(1), Some(-2));
        assert_eq!(row.integer(2), Some(65536));
        assert_eq!(row.integer(3), Some(1));
        assert_eq!(row.integer(4), None);
        assert_eq!(row.blob(5), Some(&[0, 1][..]));
        assert_eq!(row.text(6), Some("abc"));
        assert_eq!(row.text(7), None);
        for length in 0..record.len() {
            drop(Row::decode(7, &record[..length], TextEncoding::Utf16Le));
        }
    }
}
