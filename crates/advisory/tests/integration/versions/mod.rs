//! The orderings: their specifications' own cases, properties that every order has, and the
//! answers of the real tools, or of others who wrote the same, on thousands of pairs.

mod cases;
mod generated;
mod hackage;
mod independent;
mod nuget;
mod opam;
mod properties;
mod tools;
