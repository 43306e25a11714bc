//! Layers: tar streams, compressed or not, read once from the uppermost to the lowest.

mod blob;
mod chunks;
mod compression;
mod layer_error;
mod overlay;
mod stack;
mod tar_stream;
mod unanchored;

pub(crate) use blob::Blob;
pub(crate) use chunks::Expected;
pub(crate) use compression::Hasher;
pub use layer_error::LayerError;
pub(crate) use stack::{FailedLayer, Layer, Stack};
pub(crate) use tar_stream::{MemberKind, TarStream};
