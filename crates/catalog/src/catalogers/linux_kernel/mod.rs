//! Linux kernels and their modules, for images and disks without a package manager's word on them.
//!
//! A kernel is known by the version in the header of its boot image, or by the sentence with which
//! it says who it is; a module by the section `.modinfo`, compressed or not. Modules of the
//! kernel's own source that have no version of their own are parts of the kernel and no packages.
//! Licences of modules (`GPL`) do not say which versions of it hold, and are left out.

mod banner;
mod boot_image;
mod module;

use std::collections::HashMap;

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageId, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use self::boot_image::BootImage;
use self::module::Module;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::packed_stream::unpack;

pub(super) static CATALOGER: LinuxKernel = LinuxKernel;

pub(super) struct LinuxKernel;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    /// The release of a kernel: `6.1.0-18-amd64`.
    Kernel(String),
    Module(Module),
}

/// Most bytes that a compressed module may unpack to; the largest real ones have some thirty
/// million.
const MOST_MODULE_BYTES: u64 = 128 << 20;

impl Cataloger for LinuxKernel {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("linux-kernel");
    const DOCUMENTATION: &'static str = "Reads boot images of Linux (`vmlinuz`, `bzImage`, `Image`, `zImage`, `uImage`, \
        `vmlinux`, EFI's zboot and unified images, of all processors, plain or compressed) and kernel modules (`*.ko`, also \
        with gzip, xz or zstd): the kernel by its release, modules that have a version of their own or were built outside \
        of the kernel, the modules that they depend on and the kernel that they are for. Leaves out modules that are parts \
        of the kernel without a version. Kernels compressed with lz4 or lzo are told, except those of x86, whose header \
        is not compressed.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Glob("boot/vmlinu[xz]*"),
        Pattern::Glob("boot/{Image,zImage,uImage,kernel}*"),
        Pattern::Glob("lib/modules/*/vmlinu[xz]*"),
        Pattern::Glob("usr/lib/modules/*/vmlinu[xz]*"),
        Pattern::Glob("**/EFI/Linux/*.efi"),
        Pattern::Name("vmlinuz"),
        Pattern::Name("vmlinux"),
        Pattern::Name("bzImage"),
        Pattern::Name("zImage"),
        Pattern::Name("Image"),
        Pattern::Name("Image.gz"),
        Pattern::Suffix(".ko"),
        Pattern::Suffix(".ko.gz"),
        Pattern::Suffix(".ko.xz"),
        Pattern::Suffix(".ko.zst"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if entry.path.ending() == Some("ko") {
            return read_module(entry.content);
        }
        if entry.path.name().contains(".ko.") {
            return match unpack(entry.content, MOST_MODULE_BYTES) {
                Ok(content) => read_module(&content),
                Err(problem) => Parsed::failed(problem),
            };
        }
        match boot_image::read(entry.content) {
            BootImage::Release(release) => Parsed::clean(Fragment::Kernel(release)),
            BootImage::Unknown(problem) => Parsed::failed(problem),
            BootImage::Other => Parsed::not_mine(),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut kernels: HashMap<String, PackageId> = HashMap::new();
        let mut modules: Vec<(Module, PackageId)> = Vec::new();
        for fragment in fragments {
            let occurrence = fragment.occurrence(OccurrenceKind::Installed, Self::ID);
            let purl = match &fragment.value {
                Fragment::Kernel(release) => {
                    PackageUrl::new("generic", None, "linux-kernel", Some(release))
                }
                Fragment::Module(module) => PackageUrl::new(
                    "generic",
                    Some("linux-kernel-module"),
                    &module.name_at(&fragment.path),
                    module.version.as_deref(),
                ),
            };
            let purl = match purl {
                Ok(purl) => purl,
                Err(error) => {
                    assembly.inventory.note(fragment.note(error.to_string()));
                    continue;
                }
            };
            let mut package = Package::new(purl, occurrence);
            match fragment.value {
                Fragment::Kernel(release) => {
                    let id = assembly.inventory.add(package);
                    kernels.insert(release, id);
                }
                Fragment::Module(mut module) => {
                    if !module.is_package() {
                        continue;
                    }
                    module.name = Some(module.name_at(&fragment.path));
                    package.description.clone_from(&module.description);
                    package.supplier.clone_from(&module.author);
                    let id = assembly.inventory.add(package);
                    modules.push((module, id));
                }
            }
        }
        // A module is for one release, and so are those that it depends on.
        let by_name: HashMap<(&str, Option<&str>), PackageId> = modules
            .iter()
            .map(|(module, id)| {
                let name = module.name.as_deref().unwrap_or_default();
                ((name, module.release()), *id)
            })
            .collect();
        for (module, id) in &modules {
            if let Some(kernel) = module.release().and_then(|release| kernels.get(release)) {
                assembly.inventory.depend(*id, *kernel, Scope::Runtime);
            }
            for name in module.depends.split(',') {
                if let Some(on) = by_name.get(&(name.trim(), module.release())) {
                    assembly.inventory.depend(*id, *on, Scope::Runtime);
                }
            }
        }
    }
}

fn read_module(content: &[u8]) -> Parsed<Fragment> {
    match module::read(content) {
        Some(module) => Parsed::clean(Fragment::Module(module)),
        None if content.starts_with(b"\x7fELF") => {
            Parsed::failed("is a kernel module without a readable `.modinfo`")
        }
        None => Parsed::not_mine(),
    }
}
