//! Unpacking a layer while its digest is computed and its growth is watched.

use std::io::{self, BufRead, BufReader, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use linchpin_model::{Digest, DigestAlgorithm};
use lz4_flex::frame::FrameDecoder;
use sha2::{Digest as _, Sha256, Sha512};

use super::layer_error::LayerError;

/// Bytes that are read from the disk at a time.
const READ_AHEAD: usize = 256 << 10;

/// Largest window that a zstd frame may ask for, as a power of two: 128 MiB, as `zstd` itself.
const ZSTD_WINDOW_LOG: u32 = 27;

/// Most memory that an xz stream may ask for; its strongest preset needs 65 MiB.
const XZ_MEMORY: u64 = 256 << 20;

/// Computes a digest of everything that passes.
#[derive(Debug)]
pub(crate) enum Hasher {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    /// A hasher for checking this digest.
    pub(crate) fn checking(digest: &Digest) -> Result<Self, LayerError> {
        match digest.algorithm() {
            DigestAlgorithm::Sha256 => Ok(Self::Sha256(Sha256::new())),
            DigestAlgorithm::Sha512 => Ok(Self::Sha512(Sha512::new())),
            _ => Err(LayerError::UnsupportedDigest {
                digest: digest.to_string(),
            }),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    /// Compares what passed with the digest that it should have.
    pub(crate) fn check(self, expected: &Digest) -> Result<(), LayerError> {
        let found = match self {
            Self::Sha256(hasher) => Digest::from_bytes(DigestAlgorithm::Sha256, &hasher.finalize()),
            Self::Sha512(hasher) => Digest::from_bytes(DigestAlgorithm::Sha512, &hasher.finalize()),
        };
        match found {
            Ok(found) if found == *expected => Ok(()),
            Ok(found) => Err(LayerError::WrongDigest {
                expected: expected.to_string(),
                found: found.to_string(),
            }),
            Err(_) => Err(LayerError::UnsupportedDigest {
                digest: expected.to_string(),
            }),
        }
    }
}

/// A reader that hashes and counts what passes through it.
#[derive(Debug)]
pub(crate) struct Metered<R> {
    reader: R,
    pub(crate) hasher: Option<Hasher>,
    pub(crate) count: u64,
}

impl<R: Read> Metered<R> {
    pub(crate) fn new(reader: R, hasher: Option<Hasher>) -> Self {
        Self {
            reader,
            hasher,
            count: 0,
        }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..count]);
        }
        self.count += count as u64;
        Ok(count)
    }
}

/// A stream that is unpacked on the way, by the compression that its first bytes tell.
pub(crate) enum Unpacker<R: Read> {
    Plain(BufReader<R>),
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<R>>>),
    Xz(Box<XzDecoder<BufReader<R>>>),
    Bzip2(Box<MultiBzDecoder<BufReader<R>>>),
    Lz4(Box<FrameDecoder<BufReader<R>>>),
}

impl<R: Read> Unpacker<R> {
    pub(crate) fn new(reader: R) -> Result<Self, LayerError> {
        let mut reader = BufReader::with_capacity(READ_AHEAD, reader);
        let start = reader.fill_buf().map_err(LayerError::Unreadable)?;
        match start {
            [0x1f, 0x8b, ..] => Ok(Self::Gzip(Box::new(MultiGzDecoder::new(reader)))),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                let mut decoder =
                    zstd::Decoder::with_buffer(reader).map_err(LayerError::Unreadable)?;
                decoder
                    .window_log_max(ZSTD_WINDOW_LOG)
                    .map_err(LayerError::Unreadable)?;
                Ok(Self::Zstd(Box::new(decoder)))
            }
            [0xfd, b'7', b'z', b'X', b'Z', ..] => {
                let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)
                    .map_err(|error| LayerError::Unreadable(error.into()))?;
                Ok(Self::Xz(Box::new(XzDecoder::new_stream(reader, stream))))
            }
            // The format before xz has no magic: the usual properties, and a dictionary.
            [0x5d, 0, 0, low, high, ..] if low | high != 0 => {
                let stream = Stream::new_lzma_decoder(XZ_MEMORY)
                    .map_err(|error| LayerError::Unreadable(error.into()))?;
                Ok(Self::Xz(Box::new(XzDecoder::new_stream(reader, stream))))
            }
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => {
                Ok(Self::Bzip2(Box::new(MultiBzDecoder::new(reader))))
            }
            [0x04, 0x22, 0x4d, 0x18, ..] => Ok(Self::Lz4(Box::new(FrameDecoder::new(reader)))),
            _ => Ok(Self::Plain(reader)),
        }
    }

    /// Whether the stream is unpacked at all.
    pub(crate) fn is_compressed(&self) -> bool {
        !matches!(self, Self::Plain(_))
    }

    /// The stream as it is stored.
    pub(crate) fn stored(&mut self) -> &mut BufReader<R> {
        match self {
            Self::Plain(reader) => reader,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut(),
            Self::Xz(decoder) => decoder.get_mut(),
            Self::Bzip2(decoder) => decoder.get_mut(),
            Self::Lz4(decoder) => decoder.get_mut(),
        }
    }
}

impl<R: Read> Read for Unpacker<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
            Self::Xz(decoder) => decoder.read(buffer),
            Self::Bzip2(decoder) => decoder.read(buffer),
            Self::Lz4(decoder) => decoder.read(buffer),
        }
    }
}
