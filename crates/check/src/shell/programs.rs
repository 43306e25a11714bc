//! Which program a command runs, behind those that only start it: `sudo -E env A=1 pip3 install`.

use super::Word;
use super::options::{takes_value, value_options};

/// Programs that start another one, which is named in their words.
const STARTERS: &[&str] = &[
    "sudo",
    "doas",
    "env",
    "exec",
    "nohup",
    "time",
    "command",
    "nice",
    "ionice",
    "timeout",
    "gosu",
    "su-exec",
    "setpriv",
    "eatmydata",
    "xvfb-run",
    "xargs",
    "stdbuf",
    "builtin",
    "busybox",
    "tini",
    "dumb-init",
    "retry",
];

/// Those whose first word is not the program yet: how long it may run, and for whom.
const WITH_AN_OPERAND: &[&str] = &["timeout", "gosu", "su-exec"];

/// Most programs that start one another.
const MOST_STARTERS: usize = 8;

/// Shells.
const SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh"];

/// Other programs that take a program as input.
const INTERPRETERS: &[&str] = &[
    "python",
    "perl",
    "ruby",
    "node",
    "php",
    "pwsh",
    "powershell",
    "lua",
    "iex",
    "bun",
    "deno",
];

/// What a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program<'w> {
    /// Its name without folder and without version: `pip` of `/usr/bin/pip3.11`.
    pub(crate) name: String,
    /// The programs that start it, by their names: `sudo`.
    pub(crate) starters: Vec<&'w str>,
    /// The word that names it.
    pub(crate) word: &'w Word,
    /// The words behind that one.
    pub(crate) arguments: &'w [Word],
}

impl<'w> Program<'w> {
    /// The program of a command's words.
    pub(crate) fn of(words: &'w [Word]) -> Option<Self> {
        let mut rest = words;
        let mut starters = Vec::new();
        loop {
            let (word, arguments) = rest.split_first()?;
            let name = name_of(&word.text);
            let started = (starters.len() < MOST_STARTERS)
                .then(|| started_by(name, arguments))
                .flatten();
            if let Some(started) = started {
                starters.push(name);
                rest = started;
                continue;
            }
            let name = without_version(name);
            // `python -m pip` is pip.
            if let ("python", [flag, module, after @ ..]) = (name, arguments)
                && flag.text == "-m"
            {
                return Some(Self {
                    name: without_version(&module.text).to_owned(),
                    starters,
                    word: module,
                    arguments: after,
                });
            }
            return Some(Self {
                name: name.to_owned(),
                starters,
                word,
                arguments,
            });
        }
    }

    /// Whether it is a shell.
    pub(crate) fn is_shell(&self) -> bool {
        SHELLS.contains(&self.name.as_str())
    }

    /// Whether it runs what it is given as input.
    pub(crate) fn runs_its_input(&self) -> bool {
        if !self.is_shell() && !INTERPRETERS.contains(&self.name.as_str()) {
            return false;
        }
        if self.is_shell()
            && self
                .arguments
                .iter()
                .any(|word| is_script_option(&word.text))
        {
            return false;
        }
        let mut arguments = self.arguments.iter().map(|word| word.text.as_str());
        while let Some(argument) = arguments.next() {
            match argument {
                "-" | "/dev/stdin" => return true,
                "-s" if self.is_shell() => return true,
                "-c" | "-e" | "-m" | "-r" if !self.is_shell() => return false,
                "-o" | "-O" | "+o" => {
                    arguments.next();
                }
                "--" => return arguments.next().is_none(),
                _ if argument.starts_with('-') || argument.starts_with('+') => {}
                _ => return false,
            }
        }
        true
    }

    /// Whether it runs the files, or the words, that it is given.
    pub(crate) fn runs_its_words(&self) -> bool {
        let is_script = |word: &Word| is_script_option(&word.text);
        match self.name.as_str() {
            "eval" | "source" | "." | "iex" => true,
            _ if self.is_shell() => self.arguments.iter().any(is_script),
            _ if INTERPRETERS.contains(&self.name.as_str()) => self
                .arguments
                .iter()
                .any(|word| matches!(word.text.as_str(), "-c" | "-e" | "-r")),
            _ => false,
        }
    }

    /// Whether it runs a file that is given as a word: `bash <(…)`.
    pub(crate) fn runs_its_files(&self) -> bool {
        self.is_shell()
            || matches!(self.name.as_str(), "source" | ".")
            || INTERPRETERS.contains(&self.name.as_str())
    }
}

/// The word that a shell runs as a script, as in `bash -lc 'a && b'` or `su user -c 'a'`.
pub(super) fn script_word(words: &[Word]) -> Option<usize> {
    let program = Program::of(words)?;
    if !program.is_shell() && !matches!(program.name.as_str(), "su" | "runuser") {
        return None;
    }
    let option = program
        .arguments
        .iter()
        .position(|word| is_script_option(&word.text))?;
    let before = words.len().checked_sub(program.arguments.len())?;
    let script = before.checked_add(option)?.checked_add(1)?;
    (script < words.len()).then_some(script)
}

/// Whether an option of a shell says that a script is the next word: `-c`, `-ec`, `-lc`.
fn is_script_option(option: &str) -> bool {
    option.strip_prefix('-').is_some_and(|letters| {
        letters.ends_with('c') && letters.bytes().all(|letter| letter.is_ascii_lowercase())
    }) || option == "--command"
}

/// The name without the folders before it.
fn name_of(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// The name without a version: `python3.11` is `python`.
fn without_version(name: &str) -> &str {
    const VERSIONED: &[&str] = &[
        "python",
        "pip",
        "ruby",
        "perl",
        "php",
        "gem",
        "easy_install",
    ];
    let base =
        name.trim_end_matches(|last: char| last.is_ascii_digit() || matches!(last, '.' | '-'));
    if VERSIONED.contains(&base) {
        base
    } else {
        name
    }
}

/// The words of the program that one starts, if it does.
fn started_by<'w>(name: &str, arguments: &'w [Word]) -> Option<&'w [Word]> {
    if !STARTERS.contains(&name) {
        return None;
    }
    let values = value_options(name);
    let mut operands = usize::from(WITH_AN_OPERAND.contains(&name));
    let mut rest = arguments;
    loop {
        let (word, after) = rest.split_first()?;
        let text = word.text.as_str();
        if text == "--" {
            return Some(after);
        }
        let is_variable = name != "xargs"
            && text.split_once('=').is_some_and(|(name, _)| {
                !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            });
        if text.len() > 1 && text.starts_with('-') {
            rest = match after.split_first() {
                Some((_, beyond)) if takes_value(values, text) => beyond,
                _ => after,
            };
        } else if is_variable {
            rest = after;
        } else if operands > 0 {
            operands -= 1;
            rest = after;
        } else {
            return Some(rest);
        }
    }
}
