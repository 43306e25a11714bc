//! A file that was compressed as a whole, by the compression that its first bytes tell: gzip, xz,
//! lzma, zstd, bzip2. What stands behind the stream does not matter. Archives, and files with names
//! that say that they are compressed, are the room `source`'s; this is for parts of a format.

use std::io::{self, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::Stream;

/// Most memory that a stream of xz or lzma may ask for; the strongest preset needs 65 MiB.
const XZ_MEMORY: u64 = 128 << 20;
/// Largest window that a zstd frame may ask for, as a power of two.
const ZSTD_WINDOW_LOG: u32 = 27;

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Xz,
    Lzma,
    Zstd,
    Bzip2,
}

impl Packing {
    /// What the first bytes tell.
    pub(crate) fn of(content: &[u8]) -> Option<Self> {
        match content {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => Some(Self::Bzip2),
            // The usual properties, a window of a power of two, and a length that is not known or
            // has fewer than six bytes.
            [
                0x5d,
                0,
                0,
                _,
                _,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                ..,
            ]
            | [0x5d, 0, 0, _, _, _, _, _, _, _, 0, 0, 0, ..] => Some(Self::Lzma),
            _ => None,
        }
    }

    /// Unpacks what begins here.
    pub(crate) fn reader(self, content: &[u8]) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::Gzip => Box::new(GzDecoder::new(content)),
            Self::Xz => {
                let stream = Stream::new_stream_decoder(XZ_MEMORY, 0)?;
                Box::new(XzDecoder::new_stream(content, stream))
            }
            Self::Lzma => {
                let stream = Stream::new_lzma_decoder(XZ_MEMORY)?;
                Box::new(XzDecoder::new_stream(content, stream))
            }
            Self::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(content)?.single_frame();
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Box::new(decoder)
            }
            Self::Bzip2 => Box::new(BzDecoder::new(content)),
        })
    }
}

/// All of a compressed file, if it is no longer than this.
pub(crate) fn unpack(content: &[u8], most: u64) -> Result<Vec<u8>, String> {
    let packing = Packing::of(content).ok_or("is not compressed as its name says")?;
    let mut unpacked = Vec::new();
    packing
        .reader(content)
        .and_then(|reader| reader.take(most + 1).read_to_end(&mut unpacked))
        .map_err(|error| format!("can not be unpacked: {error}"))?;
    if unpacked.len() as u64 > most {
        return Err(format!(
            "unpacks to more than {} MiB, which are not read",
            most >> 20
        ));
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_compression_is_told_and_unpacked() {
        let mut text = b"a text that is not too short, ".repeat(50);
        text.extend(b"and its end");
        let written: [Vec<u8>; 4] = [
            {
                let mut out =
                    flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
                std::io::Write::write_all(&mut out, &text).unwrap();
                out.finish().unwrap()
            },
            {
                let mut out = liblzma::write::XzEncoder::new(Vec::new(), 6);
                std::io::Write::write_all(&mut out, &text).unwrap();
                out.finish().unwrap()
            },
            zstd::encode_all(&*text, 19).unwrap(),
            {
                let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
                std::io::Write::write_all(&mut out, &text).unwrap();
                out.finish().unwrap()
            },
        ];
        for mut packed in written {
            assert_eq!(unpack(&packed, 1 << 20).unwrap(), text);
            assert!(unpack(&packed, 100).is_err());
            let half = packed.len() / 2;
            assert!(unpack(&packed[..half], 1 << 20).is_err());
            packed.extend(b"what follows");
            assert_eq!(unpack(&packed, 1 << 20).unwrap(), text);
        }
        assert!(unpack(b"plain", 100).is_err());
    }
}
