//! Images from registries, archives of advisories, and what services of Sigstore give, from servers
//! that behave well, badly, and as an enemy would.

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
mod sigstore;
mod sockets;
mod writable;
