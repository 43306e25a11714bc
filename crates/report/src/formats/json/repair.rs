//! Edits that remove a finding, as the format has them.

use linchpin_model::{Repair, TextEdit};

use super::wire;

pub(super) fn write(repair: Repair) -> wire::Repair {
    let edits = repair.edits.into_iter().map(|edit| wire::TextEdit {
        start_line: edit.start.0,
        start_column: edit.start.1,
        end_line: edit.end.0,
        end_column: edit.end.1,
        text: edit.text,
    });
    wire::Repair {
        safe: repair.may_break.is_none(),
        may_break: repair.may_break,
        edits: edits.collect(),
    }
}

pub(super) fn read(repair: wire::Repair) -> Repair {
    let edits = repair.edits.into_iter().map(|edit| TextEdit {
        start: (edit.start_line, edit.start_column),
        end: (edit.end_line, edit.end_column),
        text: edit.text,
    });
    Repair {
        edits: edits.collect(),
        may_break: repair.may_break,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for may_break in [None, Some("Much.".to_owned())] {
            let repair = Repair {
                edits: vec![TextEdit {
                    start: (1, 2),
                    end: (3, 4),
                    text: "x\n".to_owned(),
                }],
                may_break,
            };
            let written = serde_json::to_string(&write(repair.clone())).unwrap();
            assert_eq!(read(serde_json::from_str(&written).unwrap()), repair);
        }
    }
}
