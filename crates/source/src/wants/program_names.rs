//! Which files may be programs, told by their names and first bytes.

/// Whether these are the first bytes of an ELF, Mach-O or PE file.
pub(crate) fn is_executable(start: &[u8]) -> bool {
    matches!(
        start,
        [0x7f, b'E', b'L', b'F', ..]
            | [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..]
            | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..]
            | [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0..=20, ..]
            | [b'M', b'Z', ..]
    )
}

pub(super) fn is_library_name(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let ending = |wanted: &str| {
        name.rsplit_once('.')
            .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case(wanted))
    };
    name.contains(".so.")
        || ["so", "dll", "dylib", "node", "exe"]
            .into_iter()
            .any(ending)
}

/// Endings of files that are never programs, whatever their mode says. Installed projects are
/// made of tens of thousands of these.
pub(super) fn may_name_a_program(path: &str) -> bool {
    const NEVER: &[&str] = &[
        "c", "cc", "cjs", "conf", "cpp", "css", "csv", "cts", "d", "flow", "gif", "gz", "h", "hpp",
        "htm", "html", "ico", "jpg", "js", "json", "json5", "jsx", "less", "lock", "map",
        "markdown", "md", "mjs", "mo", "mts", "pem", "pl", "pm", "png", "po", "ps1", "py", "pyc",
        "pyi", "pyx", "rb", "rs", "rst", "scss", "sh", "snap", "svg", "toml", "ts", "tsx", "ttf",
        "txt", "typed", "vue", "wasm", "woff", "woff2", "xml", "yaml", "yml", "zip",
    ];
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    match name.rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 8 => {
            let lower;
            let ending = if ending.bytes().any(|byte| byte.is_ascii_uppercase()) {
                lower = ending.to_ascii_lowercase();
                &lower
            } else {
                ending
            };
            NEVER.binary_search(&ending).is_err()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_endings_is_sorted() {
        assert!(
            !may_name_a_program("x.c")
                && !may_name_a_program("x.zip")
                && !may_name_a_program("x.mts")
        );
    }
}
