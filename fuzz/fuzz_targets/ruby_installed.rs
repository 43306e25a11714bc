//! The cataloger `ruby-installed`: the specifications of installed gems.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "ruby-installed":
    "specifications/a-1.0.gemspec",
}
