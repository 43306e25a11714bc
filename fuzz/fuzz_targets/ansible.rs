//! The cataloger `ansible`: collections and roles.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "ansible":
    "requirements.yml",
    "galaxy.yml",
    "ansible_collections/a/b/MANIFEST.json",
    "roles/a.b/meta/.galaxy_install_info",
}
