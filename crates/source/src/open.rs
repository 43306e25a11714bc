//! Finding out what a target is, and opening it.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use linchpin_model::TargetPath;

use crate::archive::ArchiveSource;
use crate::archives::{
    ArchiveFamily, FileBytes, Form, archive_family, form_of, spool_file, spool_image, unnamed_name,
};
use crate::directory::DirectorySource;
use crate::file::FileSource;
use crate::file_systems;
use crate::image::{BlobStore, ImageForm, ImageSource};
use crate::layer::{Blob, BlobFile, LayerError};
use crate::{Mode, Source, SourceError, SourceOptions};

/// Opens a target: a folder, an OCI layout (folder or tar), a docker archive, an archive of any
/// form, or a single file; `-` is standard input. Where a layout or archive holds several images,
/// `PATH:NAME` chooses one.
pub fn open(target: &str, options: SourceOptions) -> Result<Box<dyn Source>, SourceError> {
    let (path, reference) = if target == "-" {
        return open_stream(&mut io::stdin().lock(), options);
    } else {
        split_reference(target)?
    };
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
    let name = path.file_name().unwrap_or(path.as_os_str());
    let opened = OpenedFile {
        shown: path.display().to_string(),
        path: TargetPath::from_bytes(name.as_bytes()),
        file: File::open(&path).map_err(unreadable)?,
        blob_file: BlobFile::Named(path.clone()),
        size: metadata.len(),
        mode: Mode(metadata.permissions().mode()),
    };
    opened.into_source(reference.as_deref(), options)
}

/// Opens what comes as a stream, such as standard input. It is kept in a temporary file without a
/// name, because archives must be read at any place.
pub fn open_stream(
    stream: &mut dyn io::Read,
    options: SourceOptions,
) -> Result<Box<dyn Source>, SourceError> {
    let unreadable = |source| SourceError::Unreadable {
        path: "-".to_owned(),
        source,
    };
    let most = options.limits.spooled_bytes;
    let folder = options.spool_folder.as_deref();
    let (file, size) = spool_file(stream, most, folder)
        .map_err(unreadable)?
        .ok_or_else(|| SourceError::Archive {
            target: "-".to_owned(),
            source: LayerError::TooLarge { most },
        })?;
    let bytes = FileBytes {
        file: file.try_clone().map_err(unreadable)?,
        size,
    };
    let opened = OpenedFile {
        shown: "-".to_owned(),
        path: TargetPath::new(unnamed_name(&bytes)),
        file: file.try_clone().map_err(unreadable)?,
        blob_file: BlobFile::Unnamed(Arc::new(file)),
        size,
        mode: Mode(0o644),
    };
    opened.into_source(None, options)
}

/// A file that is about to be looked at.
struct OpenedFile {
    /// How the user named it.
    shown: String,
    /// Its path in the inventory: its name.
    path: TargetPath,
    file: File,
    blob_file: BlobFile,
    size: u64,
    mode: Mode,
}

impl OpenedFile {
    fn into_source(
        self,
        reference: Option<&str>,
        options: SourceOptions,
    ) -> Result<Box<dyn Source>, SourceError> {
        if self.size == 0 {
            return Err(SourceError::Empty { target: self.shown });
        }
        if let Some(source) = file_systems::open(&self.shown, &self.file, &options)? {
            return Ok(source);
        }
        let failed = |source| SourceError::Archive {
            target: self.shown.clone(),
            source,
        };
        let bytes = FileBytes {
            file: self.file,
            size: self.size,
        };
        let name = self.path.name();
        let form =
            form_of(&bytes, name).map_err(|source| failed(LayerError::Unreadable(source)))?;
        let is_package = archive_family(name) == Some(ArchiveFamily::Package);
        match form {
            Some(Form::Tar) if !is_package => {
                if let Some(image) = open_image(&self.blob_file, &self.shown, reference, &options)?
                {
                    return Ok(Box::new(image));
                }
            }
            Some(Form::Compressed) if !is_package => {
                if let Some(unpacked) = spool_image(&bytes, &options).map_err(failed)? {
                    let unpacked = BlobFile::Unnamed(Arc::new(unpacked));
                    if let Some(image) = open_image(&unpacked, &self.shown, reference, &options)? {
                        return Ok(Box::new(image));
                    }
                }
            }
            Some(form @ (Form::Zip | Form::Cpio)) if !is_package => {
                return Ok(Box::new(ArchiveSource::open_other(
                    &self.shown,
                    bytes,
                    form,
                    options,
                )));
            }
            _ => {
                let file = (bytes, self.mode);
                let source = FileSource::open(&self.shown, self.path.clone(), file, form, options)?;
                return Ok(Box::new(source));
            }
        }
        let blob = Blob {
            file: self.blob_file,
            offset: 0,
            size: self.size,
        };
        Ok(Box::new(ArchiveSource::open_tar(
            &self.shown,
            blob,
            options,
        )))
    }
}

/// The image in a tar, if there is one.
fn open_image(
    tar: &BlobFile,
    target: &str,
    reference: Option<&str>,
    options: &SourceOptions,
) -> Result<Option<ImageSource>, SourceError> {
    let store = BlobStore::of_tar(tar, options.limits).map_err(|source| SourceError::Archive {
        target: target.to_owned(),
        source,
    })?;
    let Some(form) = ImageForm::of(&store) else {
        return Ok(None);
    };
    ImageSource::open(&store, form, Path::new(target), reference, options.clone()).map(Some)
}

/// A path that exists, or one that exists and the name of an image in it.
pub(crate) fn split_reference(target: &str) -> Result<(PathBuf, Option<String>), SourceError> {
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
