//! Git's settings of one repository: where it came from. <https://git-scm.com/docs/git-config>.

use crate::repository::Repository;

/// The address of the remote that a clone begins with, unless another is the only one.
pub(super) fn origin(text: &str) -> Option<Repository> {
    let mut section = "";
    let mut remotes = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix('[') {
            section = rest.trim_end_matches(']');
        } else if let (Some(remote), Some((key, value))) =
            (section.strip_prefix("remote \""), line.split_once('='))
            && key.trim().eq_ignore_ascii_case("url")
        {
            remotes.push((remote.trim_end_matches('"'), value.trim()));
        }
    }
    let named = remotes.iter().find(|(name, _)| *name == "origin");
    let (_, address) = named.or(match remotes.as_slice() {
        [only] => Some(only),
        _ => None,
    })?;
    Repository::parse(address.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submodules_are_reckoned_from_the_origin() {
        let text = "[core]\n\tbare = false\n[remote \"fork\"]\n\turl = https://fork.example/x\n\
            [remote \"origin\"]\n\turl = https://user:secret@git.example/team/app.git\n\tfetch = +x\n";
        let origin = origin(text).unwrap();
        let location = |path: &str| Some(origin.relative(path)?.location(None));
        for (path, expected) in [
            ("../part.git", Some("git+https://git.example/team/part")),
            (
                "../../other/part",
                Some("git+https://git.example/other/part"),
            ),
            ("./part", Some("git+https://git.example/team/app/part")),
            ("../../..", None),
            ("../../../x", None),
        ] {
            assert_eq!(location(path).as_deref(), expected, "{path}");
        }
        assert_eq!(super::origin("[remote \"a\"]\nurl = /srv/x\n"), None);
    }
}
