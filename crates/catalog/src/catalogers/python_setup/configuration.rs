//! `setup.cfg`: <https://setuptools.pypa.io/en/latest/userguide/declarative_config.html>. The form is
//! that of Python's `configparser`: sections, keys, and values that go on in indented lines.

/// A key with its value, by its section.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) section: String,
    pub(super) key: String,
    pub(super) value: String,
}

/// Most settings of one file.
const MOST_SETTINGS: usize = 10_000;

/// Reads all settings.
pub(super) fn read(text: &str) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    let mut section = String::new();
    let mut is_open = false;
    for line in text.lines() {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let Some(last) = settings.last_mut().filter(|_| is_open) {
                last.value.push('\n');
                last.value.push_str(content);
            }
            continue;
        }
        is_open = false;
        if let Some(name) = content.strip_prefix('[') {
            name.trim_end_matches(']').trim().clone_into(&mut section);
        } else if let Some((key, value)) = content.split_once(['=', ':'])
            && settings.len() < MOST_SETTINGS
        {
            is_open = true;
            settings.push(Setting {
                section: section.clone(),
                key: key.trim().to_lowercase().replace('-', "_"),
                value: value.trim().to_owned(),
            });
        }
    }
    settings
}

/// The lines of a value that lists something.
pub(super) fn lines(value: &str) -> impl Iterator<Item = &str> {
    value
        .split('\n')
        .map(|line| line.split_once(" #").map_or(line, |(line, _)| line).trim())
        .filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_on_in_indented_lines() {
        let settings = read(
            "[options]\ninstall-requires =\n    a>=1  # why\n\n    # no\n    b\n[options.extras_require]\nx = c\n",
        );
        assert_eq!(settings.len(), 2);
        assert_eq!(settings[0].key, "install_requires");
        assert_eq!(lines(&settings[0].value).collect::<Vec<_>>(), ["a>=1", "b"]);
        assert_eq!(settings[1].section, "options.extras_require");
    }
}
