//! What the fuzz targets share. A target is a file in `fuzz_targets/`; it says which bytes it
//! feeds to which entry, and what must hold of the answer besides that there is one.

pub use libfuzzer_sys;

pub mod advisories;
pub mod catalogers;
pub mod checking;
pub mod damage;
pub mod exploitability;
pub mod layers;
pub mod memory_source;
pub mod remote_image;
pub mod tar_headers;
pub mod visiting;
