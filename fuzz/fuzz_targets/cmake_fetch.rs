//! The cataloger `cmake-fetch`: what CMake files fetch.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "cmake-fetch":
    "CMakeLists.txt",
}
