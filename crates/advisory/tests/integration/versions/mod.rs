//! The orderings: their specifications' own cases, properties that every order has, and the
//! answers of the real tools on thousands of pairs.

mod cases;
mod generated;
mod properties;
mod tools;
