//! The program from the outside.

mod command_line;
mod database;
mod hostile;
mod program;
mod real_image;
