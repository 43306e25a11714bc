//! One file per format of a comparison. A new one is a new file and its name in the list below.

use std::io::{self, Write};

use super::Changes;
use crate::WriteOptions;

/// A form in which a comparison can be written.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The word for it on the command line.
    pub id: &'static str,
    /// What it is good for, in one sentence.
    pub documentation: &'static str,
    /// Writes a comparison. It ends with a line feed.
    pub write: fn(&Changes<'_>, &WriteOptions, &mut dyn Write) -> io::Result<()>,
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

formats! { json, markdown, table }

mod words;

/// The format with this word.
pub fn find(id: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_registered_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/changes/formats");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let name = entry.unwrap().file_name();
                name.to_string_lossy().trim_end_matches(".rs").to_owned()
            })
            .filter(|name| name != "mod" && name != "words")
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
