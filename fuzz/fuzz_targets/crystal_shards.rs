//! The cataloger `crystal-shards`: the files of Crystal's shards.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "crystal-shards":
    "shard.lock",
    "shard.yml",
}
