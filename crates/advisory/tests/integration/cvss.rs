//! Scores of CVSS vectors.
