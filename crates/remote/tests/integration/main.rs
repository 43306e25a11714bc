//! Images from registries, and archives of advisories, from servers that behave well, badly, and as
//! an enemy would.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod attached;
mod attaching;
mod credentials;
mod downloads;
mod hostile;
mod image;
mod registries;
mod server;
mod sockets;
mod writable;
