//! The hive `SOFTWARE`: release, programs, and the states of servicing packages.

use crate::documents::registry_hive::{Hive, Key};

/// What the hive tells.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Software {
    /// `Windows Server 2022 Datacenter`.
    pub(super) product: Option<String>,
    /// `20348`.
    pub(super) build: Option<String>,
    /// The number of the last cumulative update: `2340`.
    pub(super) revision: Option<u32>,
    /// `21H2`.
    pub(super) display_version: Option<String>,
    /// `ServerDatacenter`.
    pub(super) edition: Option<String>,
    /// `10` and `0`; older releases have them in one text.
    number: Option<String>,
    pub(super) programs: Vec<Program>,
    /// Servicing packages in lower case, and their states.
    pub(super) packages: Vec<(Box<str>, u32)>,
}

/// A program that can be uninstalled.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) is_32_bit: bool,
}

/// Where programs are listed; the second is for those of 32 bits.
const UNINSTALL: [(&str, bool); 2] = [
    (r"Microsoft\Windows\CurrentVersion\Uninstall", false),
    (
        r"Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
        true,
    ),
];

impl Software {
    /// `10.0.20348.2340`
    pub(super) fn full_version(&self) -> Option<String> {
        let build = self.build.as_deref()?;
        let number = self.number.as_deref().unwrap_or("10.0");
        Some(match self.revision {
            Some(revision) => format!("{number}.{build}.{revision}"),
            None => format!("{number}.{build}"),
        })
    }
}

/// Reads the hive; what of it could not be read is a problem.
pub(super) fn read(content: &[u8]) -> Result<(Software, Vec<String>), String> {
    let hive = Hive::open(content)?;
    let root = hive.root().ok_or("is a registry hive without a root")?;
    let mut software = Software::default();
    if let Some(key) = root.descendant(r"Microsoft\Windows NT\CurrentVersion") {
        software.product = key.text("ProductName");
        software.build = key
            .text("CurrentBuild")
            .or_else(|| key.text("CurrentBuildNumber"));
        software.revision = key.number("UBR");
        software.display_version = key.text("DisplayVersion").or_else(|| key.text("ReleaseId"));
        software.edition = key.text("EditionID");
        software.number = match key.number("CurrentMajorVersionNumber") {
            Some(major) => Some(format!(
                "{major}.{}",
                key.number("CurrentMinorVersionNumber").unwrap_or_default()
            )),
            None => key.text("CurrentVersion"),
        };
    }
    for (path, is_32_bit) in UNINSTALL {
        let children = root.descendant(path).map(|key| key.children());
        let programs = children.into_iter().flatten();
        software
            .programs
            .extend(programs.filter_map(|key| program(&key, is_32_bit)));
    }
    let servicing = r"Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages";
    if let Some(packages) = root.descendant(servicing) {
        for key in packages.children() {
            if let Some(state) = key.number("CurrentState") {
                let name = key.name().to_ascii_lowercase().into_boxed_str();
                software.packages.push((name, state));
            }
        }
    }
    let problems = hive.problem().into_iter().collect();
    Ok((software, problems))
}

/// A program; nothing for updates of programs.
fn program(key: &Key<'_, '_>, is_32_bit: bool) -> Option<Program> {
    if key.text("ParentKeyName").is_some() {
        return None;
    }
    Some(Program {
        name: key.text("DisplayName")?,
        version: key.text("DisplayVersion"),
        publisher: key.text("Publisher"),
        is_32_bit,
    })
}
