//! How the blocks of a squashfs are compressed. A block never unpacks to more than it may have.

use std::io::{self, Read};

use super::super::broken;

/// How blocks are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Zlib,
    Xz,
    Lz4,
    Zstd,
}

/// Memory for unpacking a block with xz; its dictionaries are no larger than blocks.
const XZ_MEMORY: u64 = 64 << 20;
/// Largest window of zstd, as a power of two: 8 MiB, more than any block.
const ZSTD_WINDOW_LOG: u32 = 23;

impl Compression {
    pub(super) fn of(number: u16) -> io::Result<Self> {
        match number {
            1 => Ok(Self::Zlib),
            4 => Ok(Self::Xz),
            5 => Ok(Self::Lz4),
            6 => Ok(Self::Zstd),
            2 => Err(broken("it is compressed with lzma, which is not read")),
            3 => Err(broken("it is compressed with lzo, which is not read")),
            _ => Err(broken("it is compressed in a way that is not known")),
        }
    }

    /// Unpacks a block of at most this many bytes.
    pub(super) fn unpack(self, bytes: &[u8], most: usize, into: &mut Vec<u8>) -> io::Result<()> {
        into.clear();
        let limit = most as u64 + 1;
        match self {
            Self::Zlib => {
                flate2::read::ZlibDecoder::new(bytes)
                    .take(limit)
                    .read_to_end(into)?;
            }
            Self::Xz => {
                let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, 0)
                    .map_err(io::Error::other)?;
                liblzma::read::XzDecoder::new_stream(bytes, stream)
                    .take(limit)
                    .read_to_end(into)?;
            }
            Self::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(bytes)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                decoder.take(limit).read_to_end(into)?;
            }
            Self::Lz4 => {
                into.resize(most, 0);
                let count = lz4_flex::block::decompress_into(bytes, into)
                    .map_err(|_| broken("a block that can not be unpacked"))?;
                into.truncate(count);
            }
        }
        if into.len() > most {
            return Err(broken("a block that unpacks to too much"));
        }
        Ok(())
    }
}
