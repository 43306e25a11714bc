//! Finding out what a target is, and opening it.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::archive::ArchiveSource;
use crate::directory::DirectorySource;
use crate::file::FileSource;
use crate::image::{BlobStore, ImageForm, ImageSource};
use crate::layer::{Blob, LayerError};
use crate::{Source, SourceError, SourceOptions};

/// Opens a target: a folder, an OCI layout (folder or tar), a docker archive, a tar of files, or a
/// single file. Where a layout or archive holds several images, `PATH:NAME` chooses one.
pub fn open(target: &str, options: SourceOptions) -> Result<Box<dyn Source>, SourceError> {
    let (path, reference) = split_reference(target)?;
    let unreadable = |source| SourceError::Unreadable {
        path: path.display().to_string(),
        source,
    };
    let metadata = std::fs::metadata(&path).map_err(unreadable)?;
    if metadata.is_dir() {
        let store = BlobStore::Folder(path.clone());
        if ImageForm::of(&store) == Some(ImageForm::OciLayout) {
            let image = ImageSource::open(
                &store,
                ImageForm::OciLayout,
                &path,
                reference.as_deref(),
                options,
            )?;
            return Ok(Box::new(image));
        }
        return Ok(Box::new(DirectorySource::open(&path, options)?));
    }
    if !metadata.is_file() {
        return Err(SourceError::Unrecognised {
            target: target.to_owned(),
        });
    }

    let blob = Blob::whole(&path).map_err(unreadable)?;
    if blob.size == 0 {
        return Err(SourceError::Empty {
            target: target.to_owned(),
        });
    }
    let start = start_of(&blob).map_err(unreadable)?;
    if looks_like_tar(&start) {
        let store =
            BlobStore::of_tar(&path, options.limits).map_err(|source| SourceError::Archive {
                target: target.to_owned(),
                source,
            })?;
        if let Some(form) = ImageForm::of(&store) {
            return Ok(Box::new(ImageSource::open(
                &store,
                form,
                &path,
                reference.as_deref(),
                options,
            )?));
        }
        return Ok(Box::new(ArchiveSource::open(&path, blob, options)));
    }
    match start.as_slice() {
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            Ok(Box::new(ArchiveSource::open(&path, blob, options)))
        }
        [0xfd, b'7', b'z', b'X', b'Z', ..] => Err(SourceError::Archive {
            target: target.to_owned(),
            source: LayerError::UnsupportedCompression { name: "xz" },
        }),
        [b'B', b'Z', b'h', ..] => Err(SourceError::Archive {
            target: target.to_owned(),
            source: LayerError::UnsupportedCompression { name: "bzip2" },
        }),
        _ => Ok(Box::new(FileSource::open(&path, &blob, options)?)),
    }
}

/// A path that exists, or one that exists and the name of an image in it.
fn split_reference(target: &str) -> Result<(PathBuf, Option<String>), SourceError> {
    // A transport in front, as skopeo and other tools of the field write it, is understood.
    let target = ["oci-archive:", "docker-archive:", "oci:", "dir:"]
        .into_iter()
        .find_map(|transport| target.strip_prefix(transport))
        .unwrap_or(target);
    let whole = Path::new(target);
    if whole.symlink_metadata().is_ok() {
        return Ok((whole.to_path_buf(), None));
    }
    for (place, _) in target.match_indices(':') {
        let (path, reference) = (Path::new(&target[..place]), &target[place + 1..]);
        if !reference.is_empty() && path.symlink_metadata().is_ok() {
            return Ok((path.to_path_buf(), Some(reference.to_owned())));
        }
    }
    Err(SourceError::NotFound {
        target: target.to_owned(),
    })
}

fn start_of(blob: &Blob) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::new();
    blob.open()?.take(512).read_to_end(&mut start)?;
    Ok(start)
}

/// Whether these are the first bytes of a tar: the magic of POSIX and GNU archives, or a header
/// of the old form with a right checksum.
fn looks_like_tar(start: &[u8]) -> bool {
    let Ok(block) = <&[u8; 512]>::try_from(start) else {
        return false;
    };
    if &block[257..262] == b"ustar" {
        return true;
    }
    let sum: u32 = block[..148]
        .iter()
        .chain(&block[156..])
        .map(|byte| u32::from(*byte))
        .sum::<u32>()
        + 8 * 32;
    let mut header = tar::Header::new_old();
    header.as_mut_bytes().copy_from_slice(block);
    block[0] != 0 && header.cksum().ok() == Some(sum)
}
