//! File systems in a file: squashfs (also of snaps), ext2 to ext4, the images of Singularity and
//! Apptainer, which hold one, and disks of machines, as they are or in the formats of virtual ones,
//! with their partitions.
//!
//! A file system is read as the tar that its files would make, so that links, caps and wants are
//! those of every other target.

mod disk_source;
mod disks;
mod ext4;
mod partitions;
mod singularity;
mod squashfs;
mod tar_sink;
mod tar_writer;
mod volumes;
mod window;

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use linchpin_model::{Subject, SubjectKind};

use crate::layer::LayerError;
use crate::{Limits, Source, SourceError, SourceOptions, TarSource};
use squashfs::SquashFs;
use window::Window;

/// Opens a file that holds a file system; gives nothing if it holds none.
pub(crate) fn open(
    target: &str,
    file: &File,
    options: &SourceOptions,
) -> Result<Option<Box<dyn Source>>, SourceError> {
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
        let disk = disk_source::open(&window, subject, options).map_err(failed)?;
        return Ok(disk.map(|disk| Box::new(disk) as Box<dyn Source>));
    };
    // What is wrong with its beginning is said before anything is read.
    SquashFs::open(window.clone()).map_err(failed)?;
    let limits = options.limits;
    let begin = move || begin(&window, limits);
    let source = TarSource::new(subject, begin, options.clone());
    Ok(Some(Box::new(source)))
}

fn begin(window: &Window, limits: Limits) -> io::Result<Box<dyn Read + Send>> {
    let system = SquashFs::open(window.clone())?;
    let tar = squashfs::SquashTar::below(b"", system, limits)?;
    Ok(Box::new(tar.chain(&tar_writer::END[..])))
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
