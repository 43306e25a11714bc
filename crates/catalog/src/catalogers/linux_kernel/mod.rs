//! Linux kernels and their modules, for images and disks without a package manager's word on them.
//!
//! A kernel is known by the version in the header of its boot image, a module by the section
//! `.modinfo`. Modules of the kernel's own source that have no version of their own are parts of
//! the kernel and no packages. Licences of modules (`GPL`) do not say which versions of it hold,
//! and are left out. Boot images of processors other than x86 have no header with a version, and
//! compressed modules are not unpacked.

mod boot_image;
mod module;

use std::collections::HashMap;

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageId, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use self::module::Module;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};

pub(super) static CATALOGER: LinuxKernel = LinuxKernel;

pub(super) struct LinuxKernel;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    /// The release of a kernel: `6.1.0-18-amd64`.
    Kernel(String),
    Module(Module),
}

/// The header of a boot image, and the code that the version's text stands behind.
const HEAD: u32 = 64 << 10;

impl Cataloger for LinuxKernel {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("linux-kernel");
    const DOCUMENTATION: &'static str = "Reads boot images of Linux (`vmlinuz`, `bzImage` of x86) and kernel modules \
        (`*.ko`): the kernel by its release, modules that have a version of their own or were built outside of the \
        kernel, the modules that they depend on and the kernel that they are for. Leaves out modules that are parts \
        of the kernel without a version, compressed modules, and boot images of other processors.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Head(&Pattern::Glob("boot/vmlinuz*"), HEAD),
        Pattern::Head(&Pattern::Name("vmlinuz"), HEAD),
        Pattern::Head(&Pattern::Name("bzImage"), HEAD),
        Pattern::Suffix(".ko"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if entry.path.ending() == Some("ko") {
            return match module::read(entry.content) {
                Some(module) => Parsed::clean(Fragment::Module(module)),
                None if entry.content.starts_with(b"\x7fELF") => {
                    Parsed::failed("is a kernel module without a readable `.modinfo`")
                }
                None => Parsed::not_mine(),
            };
        }
        match boot_image::release(entry.content) {
            Some(release) => Parsed::clean(Fragment::Kernel(release)),
            None if boot_image::has_header(entry.content) => {
                Parsed::failed("is a kernel whose header names no version")
            }
            None => Parsed::not_mine(),
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
