//! SBOM documents: one file per format.
