//! Walks the members of an archive of any form.

use std::io::{self, BufRead, BufReader, Read};

use super::bytes::{Bytes, Stretch};
use super::cpio::CpioStream;
use super::opener::{Parts, Place, Session};
use super::zip_content::ZipContent;
use super::zip_directory::ZipDirectory;
use super::{Form, ar, cpio, rpm};
use crate::Mode;
use crate::layer::{LayerError, MemberKind, Skip, TarStream, Unpacker, looks_like_tar};

/// Hands every member to the session.
pub(super) fn walk(
    session: &mut Session<'_>,
    place: &Place,
    bytes: &dyn Bytes,
    form: Form,
) -> Result<(), LayerError> {
    match form {
        Form::Zip => walk_zip(session, place, bytes),
        Form::Tar => walk_tar(session, place, Stretch::whole(bytes)),
        Form::Cpio => walk_cpio(
            session,
            place,
            BufReader::with_capacity(64 << 10, Stretch::whole(bytes)),
        ),
        Form::Compressed => walk_compressed(session, place, &mut Stretch::whole(bytes)),
        Form::Rpm => {
            let start = rpm::payload_start(bytes)?;
            let mut payload = Stretch::of(bytes, start, bytes.size());
            walk_compressed(session, place, &mut payload)
        }
        Form::Ar => walk_ar(session, place, bytes),
    }
}

fn walk_zip(session: &mut Session<'_>, place: &Place, bytes: &dyn Bytes) -> Result<(), LayerError> {
    let limits = session.options().limits;
    let mut directory = ZipDirectory::open(bytes, limits.path_bytes)?;
    while let Some(member) = directory.next_member()? {
        if !member.is_file() {
            continue;
        }
        let mode = Mode(member.mode.unwrap_or(0o644) & 0o7777);
        let mut content = ZipContent::new(bytes, &member);
        if place.parts == Parts::Conda && is_tar_name(&member.name) {
            session.part(place, &member.name, "", &mut content)?;
        } else {
            session.member(place, &member.name, mode, member.size, &mut content)?;
        }
    }
    Ok(())
}

fn walk_tar(session: &mut Session<'_>, place: &Place, reader: impl Skip) -> Result<(), LayerError> {
    let mut stream = TarStream::new(reader, session.options().limits);
    while let Some(member) = stream.next_member()? {
        if member.kind != MemberKind::File {
            continue;
        }
        let name = member.path.strip_prefix(b"./").unwrap_or(&member.path);
        let mode = Mode(member.mode);
        match (place.parts, name) {
            (Parts::Gem, b"metadata.gz") => {
                let mut metadata = Vec::new();
                let most = session.options().limits.document_bytes;
                let unpacked = Unpacker::new(&mut stream as &mut dyn Read).and_then(|unpacker| {
                    unpacker
                        .take(most)
                        .read_to_end(&mut metadata)
                        .map_err(LayerError::Unreadable)
                });
                unpacked?;
                let size = metadata.len() as u64;
                session.spend(size)?;
                session.member(place, b"metadata", mode, size, &mut metadata.as_slice())?;
            }
            (Parts::Gem, b"data.tar.gz") => session.part(place, name, "data/", &mut stream)?,
            (Parts::Debian, name) if name.starts_with(b"control.tar") => {
                session.part(place, name, "DEBIAN/", &mut stream)?;
            }
            (Parts::Debian, name) if name.starts_with(b"data.tar") => {
                session.part(place, name, "", &mut stream)?;
            }
            _ => session.member(place, name, mode, member.size, &mut stream)?,
        }
    }
    Ok(())
}

fn walk_cpio(
    session: &mut Session<'_>,
    place: &Place,
    reader: impl Read,
) -> Result<(), LayerError> {
    let mut stream = CpioStream::new(reader, session.options().limits);
    while let Some(member) = stream.next_member()? {
        if member.is_file() {
            let name = member.name.strip_prefix(b"./").unwrap_or(&member.name);
            let mode = Mode(member.mode & 0o7777);
            session.member(place, name, mode, member.size, &mut stream)?;
        }
    }
    Ok(())
}

fn walk_ar(session: &mut Session<'_>, place: &Place, bytes: &dyn Bytes) -> Result<(), LayerError> {
    let members = ar::members(bytes)?;
    for part in ["control.tar", "data.tar"] {
        let is_there = members.iter().any(|member| member.name.starts_with(part));
        if place.parts == Parts::Debian && !is_there {
            return Err(LayerError::Truncated {
                what: format!("a package, before `{part}`"),
            });
        }
    }
    for member in members {
        let mut content = Stretch::of(bytes, member.start, member.size);
        let name = member.name.as_bytes();
        if member.name.starts_with("control.tar") {
            session.part(place, name, "DEBIAN/", &mut content)?;
        } else if member.name.starts_with("data.tar") {
            session.part(place, name, "", &mut content)?;
        } else {
            session.member(place, name, Mode(0o644), member.size, &mut content)?;
        }
    }
    Ok(())
}

/// A stream that may be compressed, with a tar or a cpio archive in it.
fn walk_compressed(
    session: &mut Session<'_>,
    place: &Place,
    stored: &mut dyn Read,
) -> Result<(), LayerError> {
    let left = session.left();
    let unpacker = Metered {
        reader: Unpacker::new(stored)?,
        count: 0,
        most: left,
    };
    let mut reader = BufReader::with_capacity(64 << 10, unpacker);
    let mut start = Vec::new();
    (&mut reader)
        .take(512)
        .read_to_end(&mut start)
        .map_err(LayerError::Unreadable)?;
    let whole = start.as_slice().chain(&mut reader);
    let outcome = if looks_like_tar(&start) {
        walk_tar(session, place, Streamed(whole))
    } else if cpio::MAGICS.iter().any(|magic| start.starts_with(*magic)) {
        walk_cpio(session, place, whole)
    } else {
        Err(LayerError::UnknownArchive)
    };
    let meter = reader.get_ref();
    if meter.count > meter.most {
        let _ = session.spend(left);
        return Err(LayerError::TooLarge { most: left });
    }
    session.spend(meter.count.min(session.left()))?;
    outcome
}

impl Session<'_> {
    /// Walks an archive that is a part of a package's own format; its members belong to the
    /// package, below `folder`. What is wrong with it is remarked on.
    fn part(
        &mut self,
        place: &Place,
        name: &[u8],
        folder: &str,
        content: &mut dyn Read,
    ) -> Result<(), LayerError> {
        let inner = Place {
            prefix: format!("{}{folder}", place.prefix),
            archive: format!("{}{}", place.prefix, String::from_utf8_lossy(name)),
            depth: place.depth,
            parts: Parts::None,
        };
        match walk_compressed(self, &inner, content) {
            Err(error) if self.left() > 0 => {
                self.remark_on(&inner.archive, &error);
                Ok(())
            }
            outcome => outcome,
        }
    }
}

fn is_tar_name(name: &[u8]) -> bool {
    name.ends_with(b".tar.zst") || name.ends_with(b".tar.bz2")
}

/// Counts what is unpacked, and ends where it is too much.
struct Metered<R> {
    reader: R,
    count: u64,
    most: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.count += count as u64;
        if self.count > self.most {
            return Err(io::Error::other("it unpacks to too many bytes"));
        }
        Ok(count)
    }
}

/// A stream whose bytes are passed over by reading them.
struct Streamed<R>(R);

impl<R: Read> Read for Streamed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: BufRead> Skip for Streamed<R> {
    fn skip(&mut self, count: u64) -> io::Result<u64> {
        io::copy(&mut (&mut self.0).take(count), &mut io::sink())
    }
}
