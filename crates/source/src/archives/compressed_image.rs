//! Image archives that were compressed as a whole: `docker save x | gzip`, a `.tar.zst` of an OCI
//! layout.
//!
//! Layers are read from the uppermost to the lowest and checked against documents that stand at
//! the archive's end, so the archive is needed at any place. It is unpacked once, into a file
//! without a name: reading the compressed stream anew for each layer would cost as many passes as
//! there are layers. Whether it is an image the names of the members tell, while it is unpacked;
//! at the first other name the attempt ends, so that it costs nothing for other archives.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

use linchpin_model::TargetPath;

use super::bytes::{Bytes, Stretch};
use super::spool::unnamed_file;
use crate::SourceOptions;
use crate::layer::{LayerError, Skip, TarStream, Unpacker};

/// Unpacks an image archive. Gives nothing if it is another archive, or one that can not be read.
pub(crate) fn spool_image(
    bytes: &dyn Bytes,
    options: &SourceOptions,
) -> Result<Option<File>, LayerError> {
    let limits = options.limits;
    let folder = options.spool_folder.as_deref();
    let file = unnamed_file(folder).map_err(LayerError::Unreadable)?;
    let mut copying = Copying {
        reader: Unpacker::new(Stretch::whole(bytes))?,
        file: BufWriter::with_capacity(256 << 10, file),
        count: 0,
        most: limits.spooled_bytes.min(
            limits
                .ratio_starts_at
                .max(bytes.size().saturating_mul(limits.ratio)),
        ),
    };
    let mut stream = TarStream::new(&mut copying, limits);
    let mut members = 0;
    loop {
        match stream.next_member() {
            Ok(Some(member)) if is_of_an_image(&TargetPath::from_bytes(&member.path)) => {
                members += 1;
            }
            Ok(None) if members > 0 => break,
            // Another archive, or a broken one: whoever reads it in earnest says so.
            Ok(_) | Err(_) => {
                return if copying.count > copying.most {
                    Err(LayerError::TooLarge { most: copying.most })
                } else {
                    Ok(None)
                };
            }
        }
    }
    copying.skip(u64::MAX).map_err(LayerError::Unreadable)?;
    let file = copying
        .file
        .into_inner()
        .map_err(|error| LayerError::Unreadable(error.into_error()))?;
    Ok(Some(file))
}

/// Whether a docker archive or an OCI layout may have a member of this name. Programs that write
/// docker archives choose the names of layers and configurations themselves.
fn is_of_an_image(path: &TargetPath) -> bool {
    let mut parts = path.parts();
    match (parts.next(), parts.next(), parts.next()) {
        (None | Some("blobs"), ..)
        | (Some("oci-layout" | "repositories"), None, _)
        | (Some(_), Some("layer.tar" | "json" | "VERSION"), None) => true,
        (Some(name), None, _) => {
            let digits = name.strip_prefix("sha256:").unwrap_or(name);
            let is_digest = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let ending = name.split_once('.').map_or("", |(_, ending)| ending);
            is_digest || matches!(ending, "json" | "tar" | "tar.gz")
        }
        _ => false,
    }
}

/// Writes down all that is read and passed over.
struct Copying<R> {
    reader: R,
    file: BufWriter<File>,
    count: u64,
    most: u64,
}

impl<R: Read> Read for Copying<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.count += count as u64;
        if self.count > self.most {
            return Err(io::Error::other("it unpacks to too many bytes"));
        }
        self.file.write_all(&buffer[..count])?;
        Ok(count)
    }
}

impl<R: Read> Skip for Copying<R> {
    fn skip(&mut self, count: u64) -> io::Result<u64> {
        io::copy(&mut self.take(count), &mut io::sink())
    }
}

impl<S: Skip> Skip for &mut S {
    fn skip(&mut self, count: u64) -> io::Result<u64> {
        (**self).skip(count)
    }
}
