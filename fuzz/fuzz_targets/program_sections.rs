//! The section table of a program in a folder: it decides whether the program is read at all, and
//! is looked at on the disk, not in memory. A program that is handed out must be whole.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::visiting::visit_program;

fuzz_target!(|bytes: &[u8]| {
    let mut program = b"\x7fELF".to_vec();
    program.extend(bytes);
    visit_program(&program);
});
