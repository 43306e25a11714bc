//! The whole way from files to an inventory. Reading is fuzzed by each cataloger's own target;
//! this one is for assembling, where references between files can be hostile: circles, links,
//! packages that name each other.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::memory_source::MemorySource;
use linchpin_model::{PackageUrl, Routes};

fuzz_target!(|bytes: &[u8]| {
    let source = MemorySource::parse(bytes);
    let inventory = linchpin_catalog::take_inventory(&source).expect("memory can be read");
    let routes = Routes::new(&inventory);
    for (id, package) in inventory.iter() {
        let again: PackageUrl = package
            .purl
            .as_str()
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", package.purl));
        assert_eq!(again, package.purl);
        for dependency in inventory.dependencies_of(id) {
            assert!(dependency.on.index() < inventory.packages.len());
        }
        let _ = routes.to(id);
    }
});
