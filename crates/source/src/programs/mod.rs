//! Telling whether a program is worth reading whole, without keeping it: images and folders of
//! builds hold gigabytes of programs, and nearly none is of interest to the readers that look for a
//! section or for certain bytes.

mod judge;
mod passing;
mod sections;

pub(crate) use judge::{judge_content, judge_file};
pub(crate) use passing::PassingProgram;

/// Programs up to this many bytes are kept while they are looked at; larger ones pass by.
pub(crate) const SMALL: u64 = 4 << 20;
