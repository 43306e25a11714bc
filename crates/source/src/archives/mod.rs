//! Archives: what is in them is read as if they were folders.
//!
//! Packages of all ecosystems that are archives are opened wherever they lie, other archives on
//! request; the target itself always. A member has a path such as
//! `lib/app.war!/WEB-INF/lib/x.jar!/META-INF/MANIFEST.MF` and goes through the same table of wants
//! as any file. A zip is read by seeking, so of a large one only what is wanted is read at all.

mod ar;
mod bytes;
mod compressed_image;
mod contents;
mod cpio;
mod form;
mod names;
mod opener;
mod remarks;
mod rpm;
mod spool;
mod unnamed;
mod zip_content;
mod zip_directory;

pub use bytes::Bytes;
pub(crate) use bytes::{FileBytes, Stretch, start_of};
pub(crate) use compressed_image::spool_image;
pub(crate) use form::{Form, form_of};
pub use names::{ArchiveFamily, archive_family};
pub(crate) use opener::{Opener, Seen};
pub(crate) use spool::{spool, spool_file, unnamed_file};
pub(crate) use unnamed::unnamed_name;
