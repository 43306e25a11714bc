//! Whether what builds a project names the very bytes that it takes: commands that fetch and install.
//!
//! Which programs count, and when they count as pinned, is as in Scorecard's `Pinned-Dependencies`: by
//! hash, or by a lock file that has hashes. Versions are no pins, since whoever publishes can put
//! other bytes in their place; for Go they are, because its checksum database does not allow that.

use linchpin_document::Node;

use super::evaluation::Place;

/// Something that a build takes from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// What sort of thing it is.
    pub kind: PinKind,
    /// Its name, or the command that fetches it.
    pub what: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it is pinned.
    pub is_pinned: bool,
}

/// What sort of thing a build takes. Scorecard weighs each sort as one, whatever its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PinKind {
    /// An action of the forge itself.
    OfficialAction,
    /// An action or workflow of somebody else.
    Action,
    /// An image that another is built on.
    Image,
    /// A download that is run at once.
    DownloadThenRun,
    /// `go install`.
    Go,
    /// `choco install`.
    Chocolatey,
    /// `npm install`.
    Npm,
    /// `pip install`.
    Pip,
    /// `nuget install`.
    Nuget,
}

impl PinKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::OfficialAction,
        Self::Action,
        Self::Image,
        Self::DownloadThenRun,
        Self::Go,
        Self::Chocolatey,
        Self::Npm,
        Self::Pip,
        Self::Nuget,
    ];

    /// One of them, for a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Self::OfficialAction => "GitHub-owned action",
            Self::Action => "third-party action",
            Self::Image => "base image",
            Self::DownloadThenRun => "download that is run",
            Self::Go => "go command",
            Self::Chocolatey => "choco command",
            Self::Npm => "npm command",
            Self::Pip => "pip command",
            Self::Nuget => "nuget command",
        }
    }
}

/// What a command takes from elsewhere, and whether that is pinned. The node is a command as rules see
/// it.
pub(super) fn judge(command: &Node) -> Option<(PinKind, bool)> {
    let name = command.find_text(&["name"])?;
    let words = command.get("operands").map_or(&[][..], Node::items);
    let mut words = words.iter().filter_map(Node::as_text);
    // Of programs that are not known to have subcommands, it is the first word.
    let subcommand = match command.find_text(&["subcommand"]) {
        Some(subcommand) if !subcommand.is_empty() => subcommand,
        _ => words.next().unwrap_or_default(),
    };
    let operands: Vec<&str> = words.collect();
    let operands = || operands.iter().copied();
    let has = |option: &str| {
        command
            .get("options")
            .is_some_and(|all| all.get(option).is_some())
    };
    match (name, subcommand) {
        ("curl" | "wget" | "fetch" | "aria2c", _) => {
            let executed = command.find_text(&["executed_by"]).unwrap_or_default();
            (!executed.is_empty()).then_some((PinKind::DownloadThenRun, false))
        }
        ("pip", "install") => {
            let is_pinned = has("--require-hashes") || is_local(operands()) && !reads_list(command);
            Some((PinKind::Pip, is_pinned))
        }
        ("npm", "ci" | "clean-install" | "install-clean") => Some((PinKind::Npm, true)),
        ("npm", "install" | "i" | "add" | "install-test" | "it" | "update") => {
            let of_files = operands().next().is_some() && operands().all(is_local_package);
            Some((PinKind::Npm, of_files))
        }
        ("go", "get" | "install") => {
            let fetched: Vec<&str> = operands().filter(|one| !is_local_package(one)).collect();
            // Without a version, modules of the project itself are meant, which go.sum pins.
            (fetched
                .iter()
                .any(|one| one.contains('@') || one.contains('.')))
            .then(|| (PinKind::Go, fetched.iter().all(|one| is_pinned_module(one))))
        }
        ("choco", "install" | "upgrade") => {
            let is_pinned =
                has("--requirechecksum") || has("--requirechecksums") || has("--require-checksums");
            Some((PinKind::Chocolatey, is_pinned))
        }
        ("nuget", "install" | "restore") => Some((
            PinKind::Nuget,
            has("-LockedMode") || has("-lockedmode") || has("-locked-mode"),
        )),
        ("dotnet", "restore") => Some((PinKind::Nuget, has("--locked-mode"))),
        ("dotnet", "add") if operands().any(|one| one == "package") => {
            Some((PinKind::Nuget, false))
        }
        _ => None,
    }
}

/// Whether all that is installed lies in the project: `pip install .`, `-e ./lib`, a wheel.
fn is_local<'a>(mut operands: impl Iterator<Item = &'a str>) -> bool {
    operands.all(|operand| {
        let ending = operand.rsplit_once('.').map(|(_, ending)| ending);
        let is_wheel = ending == Some("whl") && !operand.contains("://");
        is_local_package(operand) || is_wheel
    })
}

fn is_local_package(text: &str) -> bool {
    text == "."
        || text.starts_with("./")
        || text.starts_with("../")
        || text.starts_with('/')
        || text.starts_with(".[")
        || text.starts_with("file:")
}

/// Whether `pip` takes a list of requirements, whose packages come from elsewhere.
fn reads_list(command: &Node) -> bool {
    let options = command.get("options");
    options.is_some_and(|all| all.get("-r").is_some() || all.get("--requirement").is_some())
}

/// `example.com/tool@v1.2.3`, or with a commit.
fn is_pinned_module(text: &str) -> bool {
    let Some((_, version)) = text.split_once('@') else {
        return false;
    };
    let is_commit = version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    let numbers: Vec<&str> = version
        .strip_prefix('v')
        .and_then(|rest| rest.split(['-', '+']).next())
        .map(|rest| rest.split('.').collect())
        .unwrap_or_default();
    let is_version = numbers.len() == 3
        && numbers
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_commit || is_version
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;
    use linchpin_document::Position;

    fn judged(text: &str) -> Vec<(PinKind, bool)> {
        let commands = shell::commands(&shell::placed(text, Position::START, 1));
        (0..commands.len())
            .filter_map(|place| judge(&shell::node(&commands, place)?))
            .collect()
    }

    #[test]
    fn commands_are_judged_as_scorecard_does() {
        use PinKind::{Chocolatey, DownloadThenRun, Go, Npm, Nuget, Pip};
        let commit = "0123456789012345678901234567890123456789";
        for (text, kind, is_pinned) in [
            (
                "curl -sSL https://x.example/i.sh | bash",
                DownloadThenRun,
                false,
            ),
            ("pip install requests", Pip, false),
            ("pip3 install requests==2.0.0", Pip, false),
            (
                "python -m pip install --require-hashes -r requirements.txt",
                Pip,
                true,
            ),
            ("pip install -r requirements.txt", Pip, false),
            ("pip install .", Pip, true),
            ("pip install ./dist/x.whl", Pip, true),
            ("npm ci", Npm, true),
            ("npm install", Npm, false),
            ("npm i -g typescript@5.0.0", Npm, false),
            ("go install x.example/tool@v1.2.3", Go, true),
            ("go install x.example/tool@latest", Go, false),
            (&format!("go get x.example/tool@{commit}"), Go, true),
            ("choco install 7zip", Chocolatey, false),
            ("choco install 7zip --requirechecksum", Chocolatey, true),
            ("dotnet restore --locked-mode", Nuget, true),
            ("nuget restore", Nuget, false),
        ] {
            assert_eq!(judged(text), [(kind, is_pinned)], "{text}");
        }
        for text in [
            "curl -o x https://x.example/x",
            "go install ./...",
            "go build ./...",
            "npm run build",
            "pip list",
            "echo pip install x",
        ] {
            assert_eq!(judged(text), [], "{text}");
        }
    }
}
