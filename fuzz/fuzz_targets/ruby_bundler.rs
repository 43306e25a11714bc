//! The cataloger `ruby-bundler`: Bundler's files and the gemspecs of projects.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "ruby-bundler":
    "Gemfile.lock",
    "Gemfile",
    "a.gemspec",
}
