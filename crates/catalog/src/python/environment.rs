//! The interpreter that packages are installed for, as far as the target tells.

use super::marker::Variable;

/// What markers are evaluated with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Environment {
    major: u32,
    minor: u32,
    /// `3.11.7`, where `pyvenv.cfg` says it.
    full: Option<Box<str>>,
    system: System,
    implementation: Implementation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Linux,
    Windows,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Implementation {
    CPython,
    PyPy,
}

impl Environment {
    /// `CPython` on Linux.
    pub(crate) fn linux(major: u32, minor: u32, full: Option<&str>) -> Self {
        Self {
            major,
            minor,
            full: full.map(Into::into),
            system: System::Linux,
            implementation: Implementation::CPython,
        }
    }

    /// The environment of a folder of packages: its path names the version
    /// (`lib/python3.11/site-packages`), or the `pyvenv.cfg` above it does, or nothing, and then
    /// it is the version given last.
    pub(crate) fn of_folder(folder: &str, full: Option<&str>, otherwise: (u32, u32)) -> Self {
        let named = folder.rsplit('/').find_map(|part| {
            let version = part
                .strip_prefix("python")
                .or_else(|| part.strip_prefix("pypy"))?;
            Some((major_and_minor(version)?, part.starts_with("pypy")))
        });
        let told = full.and_then(major_and_minor);
        let (major, minor) = named
            .map(|(version, _)| version)
            .or(told)
            .unwrap_or(otherwise);
        let mut environment =
            Self::linux(major, minor, full.filter(|_| told == Some((major, minor))));
        if folder.ends_with("Lib/site-packages") {
            environment.system = System::Windows;
        }
        if named.is_some_and(|(_, is_pypy)| is_pypy) {
            environment.implementation = Implementation::PyPy;
        }
        environment
    }

    /// The value of a variable. An extra is none of the environment's.
    pub(super) fn value(&self, variable: Variable) -> Option<String> {
        let windows = self.system == System::Windows;
        let pypy = self.implementation == Implementation::PyPy;
        let either = |is: bool, yes: &str, no: &str| Some(if is { yes } else { no }.to_owned());
        match variable {
            Variable::OsName => either(windows, "nt", "posix"),
            Variable::SysPlatform => either(windows, "win32", "linux"),
            Variable::PlatformSystem => either(windows, "Windows", "Linux"),
            Variable::PlatformMachine => either(windows, "AMD64", "x86_64"),
            Variable::PlatformPythonImplementation => either(pypy, "PyPy", "CPython"),
            Variable::ImplementationName => either(pypy, "pypy", "cpython"),
            Variable::PlatformRelease | Variable::PlatformVersion => Some(String::new()),
            Variable::PythonVersion => Some(format!("{}.{}", self.major, self.minor)),
            // Where the last number is not told, a late one is likelier than an early one.
            Variable::PythonFullVersion | Variable::ImplementationVersion => {
                Some(self.full.as_deref().map_or_else(
                    || format!("{}.{}.99", self.major, self.minor),
                    str::to_owned,
                ))
            }
            Variable::Extra => None,
        }
    }
}

/// `3.11` of `3.11`, `3.11.7` or `3.11.7.final.0`.
pub(crate) fn major_and_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers
        .next()?
        .trim_end_matches(|next: char| !next.is_ascii_digit())
        .parse()
        .ok()?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_or_the_configuration_tells_the_version() {
        let version = |folder: &str, full: Option<&str>| {
            Environment::of_folder(folder, full, (3, 13)).value(Variable::PythonFullVersion)
        };
        let told = |text: &str| Some(text.to_owned());
        assert_eq!(
            version("v/lib/python3.11/site-packages", None),
            told("3.11.99")
        );
        assert_eq!(
            version("v/lib/python3.11/site-packages", Some("3.11.7")),
            told("3.11.7")
        );
        assert_eq!(
            version("v/Lib/site-packages", Some("3.12.1")),
            told("3.12.1")
        );
        assert_eq!(
            version("usr/lib/python3/dist-packages", None),
            told("3.13.99")
        );
    }
}
