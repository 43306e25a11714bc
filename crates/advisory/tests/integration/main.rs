//! Tests of the public interface of the advisory room, and comparisons with reference tools.

mod cvss;
mod reference_tools;
mod versions;
