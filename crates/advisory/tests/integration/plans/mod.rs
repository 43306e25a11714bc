//! Plans: cases as folders, and what must be true of every plan.

mod case;
mod cases;
mod properties;
mod ranges;
