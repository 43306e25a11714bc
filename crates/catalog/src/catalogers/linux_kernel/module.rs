//! The section `.modinfo` of a kernel module: `key=value`, each ended by a zero byte.

use linchpin_model::TargetPath;

use crate::executable_files::Executable;

/// What a module says of itself.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Module {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) description: Option<String>,
    pub(super) author: Option<String>,
    /// The release of the kernel that it is for, and words on how that was built.
    version_magic: String,
    /// Names with commas between them.
    pub(super) depends: String,
    /// Built with the kernel, from its source.
    is_in_tree: bool,
}

impl Module {
    /// Whether it is more than a part of the kernel.
    pub(super) fn is_package(&self) -> bool {
        self.version.is_some() || !self.is_in_tree
    }

    /// Its name, which old ones do not tell: then that of its file.
    pub(super) fn name_at(&self, path: &TargetPath) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None => {
                let name = path.name().split(".ko").next().unwrap_or_default();
                name.replace('-', "_")
            }
        }
    }

    /// The release of the kernel that it is for.
    pub(super) fn release(&self) -> Option<&str> {
        self.version_magic.split_ascii_whitespace().next()
    }
}

/// Reads a module; nothing if the file is none.
pub(super) fn read(content: &[u8]) -> Option<Module> {
    let programs = Executable::all_in(content);
    let information = programs.first()?.section(".modinfo")?;
    let mut module = Module::default();
    for entry in information.split(|&byte| byte == 0) {
        let Some((key, value)) = std::str::from_utf8(entry)
            .ok()
            .and_then(|entry| entry.split_once('='))
        else {
            continue;
        };
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match key {
            "name" => module.name = text(),
            "version" => module.version = text(),
            "description" => module.description = module.description.take().or_else(text),
            "author" => module.author = module.author.take().or_else(text),
            "vermagic" => value.clone_into(&mut module.version_magic),
            "depends" => value.clone_into(&mut module.depends),
            "intree" => module.is_in_tree = value == "Y",
            _ => {}
        }
    }
    Some(module)
}
