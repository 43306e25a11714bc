//! One file (or folder) per format. A new one is a new file and its name in the list below.

use std::io::{self, Write};

use crate::{Report, WriteOptions};

/// A form in which a report can be written.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The word for it on the command line.
    pub id: &'static str,
    /// What it is good for, in one sentence.
    pub documentation: &'static str,
    /// Writes a report. It ends with a line feed.
    pub write: fn(&Report<'_>, &WriteOptions, &mut dyn Write) -> io::Result<()>,
}

macro_rules! formats {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*

        /// All of them, in the order of their names.
        pub static ALL: &[Format] = &[$($name::FORMAT),*];

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

formats! { json, openvex, sarif, table }

/// The format with this word.
pub fn find(id: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_registered_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/formats");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let name = entry.unwrap().file_name();
                name.to_string_lossy().trim_end_matches(".rs").to_owned()
            })
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert_eq!(files, NAMES);
    }

    #[test]
    fn ids_are_unique_and_documented() {
        for format in ALL {
            assert!(format.documentation.len() > 20, "{}", format.id);
            let same = ALL.iter().filter(|other| other.id == format.id).count();
            assert_eq!(same, 1, "{}", format.id);
            assert!(find(format.id).is_some());
        }
    }
}
