//! `linchpin fix`: plans, and real clients that make them, each with a registry of its own on this
//! machine, so that nothing depends on what the world publishes.

mod bench;
mod bundler;
mod cargo;
mod edits;
mod go;
mod image;
mod npm;
mod plans;
mod python;
mod served;
