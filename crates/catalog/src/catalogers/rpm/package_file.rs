//! A package file: a lead of fixed size, the signatures, the header, and the compressed files,
//! which are not looked into: <https://rpm-software-management.github.io/rpm/manual/format_v4.html>.

use super::Fragment;
use super::header::{Header, Tag};
use super::package::RpmPackage;
use crate::cataloger::Parsed;

const MAGIC: &[u8] = &[0xed, 0xab, 0xee, 0xdb];
const LEAD: usize = 96;

pub(super) fn read(content: &[u8]) -> Parsed<Fragment> {
    if !content.starts_with(MAGIC) {
        // Test data and pointers to large files are called so, too.
        return Parsed::not_mine();
    }
    match package(content) {
        Ok(package) => Parsed::clean(Fragment::Loose(Box::new(package))),
        Err(problem) => Parsed::failed(problem),
    }
}

fn package(content: &[u8]) -> Result<RpmPackage, String> {
    let signatures = content.get(LEAD..).unwrap_or_default();
    let (_, length) = Header::read_in_file(signatures)?;
    // The header starts at a multiple of eight bytes; the lead is one.
    let start = length.next_multiple_of(8);
    let (header, _) = Header::read_in_file(signatures.get(start..).unwrap_or_default())?;
    let mut package = RpmPackage::from_header(&header)?;
    // A source package names none that it is made from; its architecture is the builder's.
    if !header.has(Tag::SourcePackage) {
        package.architecture = "src".into();
    }
    // What is in it is not installed.
    package.files = Box::default();
    package.other_files = Box::default();
    Ok(package)
}
