//! What the formats of a report and those of a comparison have in common: each is a file with a
//! constant, in a folder with a list.
//!
//! The formats of SBOM documents are read as well and have versions; they are in the room `sbom`.

/// A form in which something can be written.
#[derive(Debug, Clone, Copy)]
pub struct Format<Write> {
    /// The word for it on the command line.
    pub id: &'static str,
    /// What it is good for, in one sentence.
    pub documentation: &'static str,
    /// Writes it. It ends with a line feed.
    pub write: Write,
}

/// The list of a folder: its modules, the table of their constants, and the test that every file is
/// in it. Files that are no formats are named after `beside`.
macro_rules! formats {
    (in $folder:literal: $($name:ident),*; beside $($other:ident),*) => {
        $(pub mod $name;)*
        $(mod $other;)*

        /// All of them, in the order of their names.
        pub static ALL: &[Format] = &[$($name::FORMAT),*];

        /// The format with this word.
        pub fn find(id: &str) -> Option<&'static Format> {
            ALL.iter().find(|format| format.id == id)
        }

        #[cfg(test)]
        mod tests {
            use super::{ALL, find};

            #[test]
            fn every_file_is_registered_in_order() {
                let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/", $folder);
                let beside: &[&str] = &["mod", $(stringify!($other)),*];
                let mut files: Vec<String> = std::fs::read_dir(folder)
                    .unwrap()
                    .map(|entry| {
                        let name = entry.unwrap().file_name();
                        name.to_string_lossy().trim_end_matches(".rs").to_owned()
                    })
                    .filter(|name| !beside.contains(&name.as_str()))
                    .collect();
                files.sort();
                assert_eq!(files, [$(stringify!($name)),*]);
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
    };
}

pub(crate) use formats;
