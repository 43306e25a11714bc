//! File systems in a file: squashfs (also of snaps), and the images of Singularity and Apptainer,
//! which hold one.
//!
//! A file system is read as the tar that its files would make, so that links, caps and wants are
//! those of every other target. Disks of virtual machines are not read.

mod singularity;
mod squashfs;
mod tar_writer;
mod window;

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use linchpin_model::{Subject, SubjectKind};

use crate::layer::LayerError;
use crate::{Limits, SourceError, SourceOptions, TarSource};
use squashfs::SquashFs;
use window::Window;

/// Opens a file that holds a file system; gives nothing if it holds none.
pub(crate) fn open(
    target: &str,
    file: &File,
    options: &SourceOptions,
) -> Result<Option<TarSource>, SourceError> {
    let failed = |source| SourceError::Archive {
        target: target.to_owned(),
        source: LayerError::Unreadable(source),
    };
    let window = Window::whole(file).map_err(failed)?;
    let mut subject = Subject {
        name: target.to_owned(),
        kind: SubjectKind::Archive,
        digest: None,
        platform: None,
        layers: Vec::new(),
    };
    let window = if squashfs::is_squashfs(&window) {
        window
    } else if singularity::is_image(&window) {
        let partition = singularity::root_file_system(&window).map_err(failed)?;
        subject.kind = SubjectKind::Image;
        subject.platform = partition.platform;
        partition.window
    } else {
        return Ok(None);
    };
    // What is wrong with its beginning is said before anything is read.
    SquashFs::open(window.clone()).map_err(failed)?;
    let limits = options.limits;
    let begin = move || begin(&window, limits);
    Ok(Some(TarSource::new(subject, begin, options.clone())))
}

fn begin(window: &Window, limits: Limits) -> io::Result<Box<dyn Read + Send>> {
    let system = SquashFs::open(window.clone())?;
    Ok(Box::new(squashfs::SquashTar::new(system, limits)?))
}

/// Something that can not be.
fn broken(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

impl Window {
    /// All of a file.
    fn whole(file: &File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        Ok(Self::new(Arc::new(file.try_clone()?), 0, size))
    }
}
