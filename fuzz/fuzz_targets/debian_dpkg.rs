//! The cataloger `debian-dpkg`: dpkg's database, lists of files, and copyright files.
//! The first byte chooses among the paths below, the rest is the file.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "debian-dpkg":
    "var/lib/dpkg/status",
    "var/lib/dpkg/diversions",
    "var/lib/dpkg/status.d/x",
    "var/lib/dpkg/info/x.list",
    "var/lib/dpkg/info/x:amd64.md5sums",
    "usr/share/doc/x/copyright",
    "var/lib/dpkg/status.d/x.md5sums",
}
