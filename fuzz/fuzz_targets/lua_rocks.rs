//! The cataloger `lua-rocks`: rockspecs and LuaRocks' lockfile.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "lua-rocks":
    "a-1-1.rockspec",
    "luarocks.lock",
    "lib/luarocks/rocks-5.4/a/1-1/a-1-1.rockspec",
}
