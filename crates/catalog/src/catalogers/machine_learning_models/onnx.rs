//! ONNX: a message of Protocol Buffers, whose first fields say who made the model:
//! <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.

use super::{Model, line};

pub(super) fn read(head: &[u8]) -> Result<Model, String> {
    let no_model = || "it is no ONNX model".to_owned();
    let mut model = Model::default();
    let mut producer = String::new();
    let mut rest = head;
    let mut has_version = false;
    while !rest.is_empty() {
        let Some((field, kind)) = varint(&mut rest).map(|tag| (tag >> 3, tag & 7)) else {
            break;
        };
        match kind {
            0 => {
                let Some(number) = varint(&mut rest) else {
                    break;
                };
                match field {
                    1 => has_version = (1..1000).contains(&number),
                    5 if number > 0 => model.version = Some(number.to_string()),
                    _ => {}
                }
            }
            2 => {
                let length = varint(&mut rest).and_then(|length| usize::try_from(length).ok());
                // The graph is larger than what was read, and the last thing of interest.
                let Some((bytes, after)) = length.and_then(|length| rest.split_at_checked(length))
                else {
                    break;
                };
                rest = after;
                let text = std::str::from_utf8(bytes).ok().and_then(line);
                match (field, text) {
                    (2, Some(text)) => producer = text,
                    (3, Some(text)) => producer = format!("{producer} {text}"),
                    _ => {}
                }
            }
            1 => rest = rest.get(8..).unwrap_or_default(),
            5 => rest = rest.get(4..).unwrap_or_default(),
            _ => return Err(no_model()),
        }
    }
    if !has_version {
        return Err(no_model());
    }
    model.description = Some(match producer.trim() {
        "" => "ONNX model".to_owned(),
        producer => format!("ONNX model made by {producer}"),
    });
    Ok(model)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
