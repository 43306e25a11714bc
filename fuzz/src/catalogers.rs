//! One cataloger, fed with one file: read, and made an inventory.

use linchpin_catalog::read_with;
use linchpin_model::{PackageUrl, TargetPath};
use linchpin_source::{Entry, Mode};

/// A fuzz target for a cataloger: its id and the paths at which it wants files.
#[macro_export]
macro_rules! cataloger_target {
    ($id:literal: $($path:literal),+ $(,)?) => {
        use $crate::libfuzzer_sys;
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
            $crate::catalogers::read($id, &[$($path),+], bytes);
        });
    };
}

/// Feeds bytes to a cataloger. Where it reads several formats, the first byte chooses the path.
/// What it finds must have package URLs that are read as they were written.
pub fn read(id: &str, paths: &[&str], bytes: &[u8]) {
    let (path, content) = match (paths, bytes) {
        ([path], content) => (path, content),
        (paths, [first, content @ ..]) => (&paths[usize::from(*first) % paths.len()], content),
        (_, []) => return,
    };
    assert!(
        linchpin_catalog::catalogers().any(|facts| facts.id.0 == id),
        "there is no cataloger `{id}`"
    );
    let path = TargetPath::new(path);
    let inventory = read_with(id, &Entry::whole(&path, None, Mode(0o755), content));
    for package in &inventory.packages {
        let again = package.purl.as_str().parse::<PackageUrl>();
        assert_eq!(again.as_ref(), Ok(&package.purl));
    }
}
