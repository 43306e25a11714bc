//! Layers: tar streams, compressed or not, read once each, several at a time, and taken in from the
//! uppermost to the lowest.

mod ahead;
mod blob;
mod chunks;
mod compression;
mod content;
mod copy;
mod fetched;
mod first_pass;
mod layer_error;
mod overlay;
mod reading;
mod second_pass;
mod stack;
mod tar_stream;
mod turns;
mod unanchored;
mod whereabouts;

pub(crate) use blob::{Blob, BlobFile};
pub(crate) use chunks::{Expected, Skip};
pub(crate) use compression::{Hasher, Unpacker};
pub(crate) use content::LayerContent;
pub(crate) use fetched::FetchedBlob;
pub use layer_error::LayerError;
pub(crate) use stack::{FailedLayer, Layer, Stack};
pub(crate) use tar_stream::{MemberKind, TarStream, looks_like_tar};
