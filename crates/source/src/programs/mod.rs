//! Telling whether a program is worth looking into, without keeping it: images and folders of
//! builds hold gigabytes of programs, and nearly none is of interest to the readers that look for a
//! section or for certain bytes. Of a large one that is, they read what they need.

mod judge;
mod passing;
mod sections;

pub(crate) use judge::{judge_bytes, judge_content};
pub(crate) use passing::PassingProgram;

/// Programs up to this many bytes are kept while they are looked at; larger ones pass by, and are
/// read at the places where somebody looks.
pub(crate) const SMALL: u64 = 4 << 20;

/// Bytes that readers get of the beginning of a program that is not kept, if it has so many.
pub const PROGRAM_HEAD: usize = 64 << 10;
