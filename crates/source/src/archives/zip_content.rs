//! The content of a zip's member: unpacked when somebody reads it, and checked at its end. Read are
//! the methods that today's programs write: stored, deflate, deflate64, bzip2, lzma, zstd and xz.
//! Those of the eighties and nineties (shrink, reduce, implode), PPMd and WavPack are not.

use std::io::{self, BufReader, Read};

use bzip2::bufread::BzDecoder;
use deflate64::Deflate64Decoder;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::Stream;

use super::bytes::{Bytes, Stretch};
use super::zip_directory::{Method, ZipMember};

/// Most memory that a member packed with xz may ask for.
const XZ_MEMORY: u64 = 128 << 20;
/// Largest window that a member packed with zstd may ask for, as a power of two.
const ZSTD_WINDOW_LOG: u32 = 27;

/// The kind of error by which an encrypted member is told from a damaged one.
pub(super) const ENCRYPTED: io::ErrorKind = io::ErrorKind::PermissionDenied;

/// Unpacks a member when it is first read. Lies about its size or sum are errors.
pub(super) struct ZipContent<'a> {
    bytes: &'a dyn Bytes,
    member: &'a ZipMember,
    unpacking: Option<Box<dyn Read + 'a>>,
    crc: Crc,
    count: u64,
}

impl<'a> ZipContent<'a> {
    pub(super) fn new(bytes: &'a dyn Bytes, member: &'a ZipMember) -> Self {
        Self {
            bytes,
            member,
            unpacking: None,
            crc: Crc::new(),
            count: 0,
        }
    }

    fn begin(&self) -> io::Result<Box<dyn Read + 'a>> {
        if self.member.is_encrypted {
            return Err(io::Error::new(ENCRYPTED, "it is encrypted"));
        }
        let packed: Stretch<'a> = self.member.packed(self.bytes)?;
        let packed = BufReader::with_capacity(32 << 10, packed);
        match self.member.method {
            Method(0) => Ok(Box::new(packed)),
            Method(8) => Ok(Box::new(DeflateDecoder::new(packed))),
            Method(9) => Ok(Box::new(Deflate64Decoder::with_buffer(packed))),
            Method(12) => Ok(Box::new(BzDecoder::new(packed))),
            Method(14) => self.begin_lzma(packed),
            Method(20 | 93) => {
                let mut decoder = zstd::Decoder::with_buffer(packed)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Ok(Box::new(decoder))
            }
            Method(95) => {
                let stream = Stream::new_stream_decoder(XZ_MEMORY, 0)?;
                Ok(Box::new(XzDecoder::new_stream(packed, stream)))
            }
            Method(method) => Err(io::Error::other(format!(
                "it is packed by method {method}, which is not read"
            ))),
        }
    }
}

/// The properties that begin a stream of lzma, in a zip behind the version that wrote them.
const LZMA_PROPERTIES: usize = 5;

impl<'a> ZipContent<'a> {
    /// In a zip the stream lacks the length that it has in a file of its own.
    fn begin_lzma(&self, mut packed: BufReader<Stretch<'a>>) -> io::Result<Box<dyn Read + 'a>> {
        let mut version = [0; 4];
        packed.read_exact(&mut version)?;
        if usize::from(u16::from_le_bytes([version[2], version[3]])) != LZMA_PROPERTIES {
            return Err(io::Error::other("its properties of lzma can not be"));
        }
        let mut header = Vec::with_capacity(LZMA_PROPERTIES + 8);
        (&mut packed)
            .take(LZMA_PROPERTIES as u64)
            .read_to_end(&mut header)?;
        let size = if self.member.has_end_mark {
            u64::MAX
        } else {
            self.member.size
        };
        header.extend(size.to_le_bytes());
        let stream = Stream::new_lzma_decoder(XZ_MEMORY)?;
        let packed = BufReader::with_capacity(32 << 10, io::Cursor::new(header).chain(packed));
        Ok(Box::new(XzDecoder::new_stream(packed, stream)))
    }
}

impl Read for ZipContent<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.unpacking.is_none() {
            self.unpacking = Some(self.begin()?);
        }
        let Some(unpacking) = &mut self.unpacking else {
            return Ok(0);
        };
        let count = unpacking.read(buffer)?;
        self.count += count as u64;
        if self.count > self.member.size {
            return Err(io::Error::other("it is longer than the directory says"));
        }
        self.crc.update(&buffer[..count]);
        if count == 0 && self.count < self.member.size {
            return Err(io::Error::other("it is shorter than the directory says"));
        }
        if count == 0 && self.crc.sum() != self.member.crc {
            return Err(io::Error::other("its checksum is wrong"));
        }
        Ok(count)
    }
}
