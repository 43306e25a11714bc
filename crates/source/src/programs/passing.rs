//! A large program that passes by in a stream and that somebody may want to look into, of which only
//! its beginning and its end are kept: its table of sections lies in one of the two.

use object::ReadRef;

use super::judge::Search;
use super::{PROGRAM_HEAD, sections};
use crate::wants::{Wanted, Wants};

/// Bytes that are kept of its beginning. Go's linker puts the table of sections there.
const HEAD: usize = PROGRAM_HEAD;
/// Bytes that are kept of its end, at least. Other linkers put the table there, and a tool that
/// changes finished libraries adds some more behind it.
const TAIL: usize = 2 << 20;

/// A program while it passes by.
#[derive(Debug)]
pub(crate) struct PassingProgram<'a> {
    wants: &'a Wants,
    search: Search<'a>,
    size: u64,
    position: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl<'a> PassingProgram<'a> {
    /// A program of this size, which begins with these bytes.
    pub(crate) fn new(wants: &'a Wants, size: u64, start: &[u8]) -> Self {
        let mut program = Self {
            wants,
            search: Search::for_seeking(wants),
            size,
            position: 0,
            head: Vec::with_capacity(HEAD),
            tail: Vec::new(),
        };
        program.take_in(start);
        program
    }

    /// How many bytes of the beginning are needed before [`has_wanted_section`] can tell
    /// something.
    ///
    /// [`has_wanted_section`]: Self::has_wanted_section
    pub(crate) const HEAD: usize = HEAD;

    /// Takes in the next bytes.
    pub(crate) fn take_in(&mut self, bytes: &[u8]) {
        self.search.look_at(bytes);
        self.position += bytes.len() as u64;
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        self.tail.extend_from_slice(bytes);
        if self.tail.len() > 2 * TAIL {
            let surplus = self.tail.len() - TAIL;
            self.tail.drain(..surplus);
        }
    }

    /// Whether it has a wanted section, as far as what is kept so far can tell.
    pub(crate) fn has_wanted_section(&self) -> Option<bool> {
        let kept = Kept {
            size: self.size,
            head: &self.head,
            tail: &self.tail,
            tail_start: self.position - self.tail.len() as u64,
        };
        sections::has_one_of(kept, self.wants.program_sections())
    }

    /// Adds the readers that want it because of what is in it, now that it has passed.
    pub(crate) fn add_readers(&self, wanted: &mut Wanted) {
        self.search.add_readers(self.has_wanted_section(), wanted);
    }
}

/// What is kept of a file: its beginning and a later stretch.
#[derive(Debug, Clone, Copy)]
struct Kept<'a> {
    size: u64,
    head: &'a [u8],
    tail: &'a [u8],
    tail_start: u64,
}

impl<'a> Kept<'a> {
    /// The bytes from an offset on, as far as they are kept.
    fn from(self, offset: u64) -> Option<&'a [u8]> {
        let in_tail = offset
            .checked_sub(self.tail_start)
            .and_then(|start| self.tail.get(usize::try_from(start).ok()?..));
        in_tail.or_else(|| self.head.get(usize::try_from(offset).ok()?..))
    }
}

impl<'a> ReadRef<'a> for Kept<'a> {
    fn len(self) -> Result<u64, ()> {
        Ok(self.size)
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'a [u8], ()> {
        let size = usize::try_from(size).map_err(|_| ())?;
        if size == 0 {
            return Ok(&[]);
        }
        self.from(offset)
            .and_then(|rest| rest.get(..size))
            .ok_or(())
    }

    fn read_bytes_at_until(
        self,
        range: std::ops::Range<u64>,
        delimiter: u8,
    ) -> Result<&'a [u8], ()> {
        let rest = self.from(range.start).ok_or(())?;
        let most = usize::try_from(range.end.saturating_sub(range.start)).map_err(|_| ())?;
        let rest = &rest[..rest.len().min(most)];
        let end = memchr::memchr(delimiter, rest).ok_or(())?;
        Ok(&rest[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::super::judge::judge_content;
    use super::*;
    use crate::{Pattern, ReaderIndex};

    /// A marker that is in this program, as it is tested here.
    const MARKER: &[u8] = b"a marker of forty-two bytes, in the data: 42";

    #[test]
    fn what_passes_by_is_judged_as_what_is_kept() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        // Backwards, because a marker that is written here would be in this program.
        let backwards: Vec<u8> = MARKER.iter().rev().copied().collect();
        let absent: &'static [&'static [u8]] = vec![&*backwards.leak()].leak();
        let wants = Wants::compile([
            &[Pattern::ExecutableWith(&[".no-such-section"])][..],
            &[Pattern::ExecutableWith(&[".no-such-section", ".rodata"])][..],
            &[Pattern::ExecutableContaining(&[MARKER])][..],
            &[Pattern::ExecutableContaining(absent)][..],
        ])
        .unwrap();
        let mut kept = Wanted::default();
        judge_content(&wants, &program, &mut kept);
        for piece in [997, 65_536, usize::MAX] {
            let mut passing = PassingProgram::new(&wants, program.len() as u64, &program[..8]);
            for bytes in program[8..].chunks(piece) {
                passing.take_in(bytes);
            }
            let mut passed = Wanted::default();
            passing.add_readers(&mut passed);
            assert_eq!(passed, kept, "{piece}");
        }
        // The sections of all readers are looked for together; each sees for itself.
        assert_eq!(
            kept.seeking,
            [ReaderIndex(0), ReaderIndex(1), ReaderIndex(2)]
        );
    }

    #[test]
    fn a_table_that_is_not_kept_tells_nothing() {
        let mut program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let end = program.len();
        program.resize(end + 3 * TAIL, 0);
        let wants =
            Wants::compile([&[Pattern::ExecutableWith(&[".no-such-section"])][..]]).unwrap();
        let mut passing = PassingProgram::new(&wants, program.len() as u64, &[]);
        program
            .chunks(100_000)
            .for_each(|bytes| passing.take_in(bytes));
        assert_eq!(passing.has_wanted_section(), None);
    }
}
