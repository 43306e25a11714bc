//! Only its manifest matters.
