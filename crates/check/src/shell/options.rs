//! What must be known of programs to tell their options from their operands: which options have a
//! value in the next word, and which programs have a word for what they do.

/// Options with a value in the next word, by program.
const VALUES: &[(&str, &str)] = &[
    ("add-apt-repository", "-k --keyserver"),
    (
        "apk",
        "-p --root -X --repository -t --virtual --keys-dir --arch --repositories-file \
         --cache-dir --wait",
    ),
    ("apt", "-o --option -c --config-file -t --target-release -a"),
    (
        "apt-get",
        "-o --option -c --config-file -t --target-release -a",
    ),
    ("apt-key", "--keyring --keyserver --keyserver-options"),
    (
        "bundle",
        "-j --jobs --path --without --gemfile --retry --with",
    ),
    (
        "cargo",
        "--version --git --rev --tag --branch --path --root --target --features -F -j \
         --profile --bin -p --package --manifest-path",
    ),
    ("chmod", "--reference"),
    ("composer", "-d --working-dir"),
    ("conda", "-c --channel -n --name -p --prefix -f --file"),
    (
        "curl",
        "-o --output -H --header -d --data --data-binary --data-raw -u --user -X --request -A \
         --user-agent -e --referer -x --proxy --cacert -E --cert --key --retry --retry-delay \
         --retry-max-time --connect-timeout -m --max-time -w --write-out -b --cookie -c -F \
         --form --output-dir -T --upload-file --url --proto --tls-max --ciphers -C -r \
         --resolve --max-redirs -D --pubkey --hash",
    ),
    (
        "dnf",
        "-c --config -x --exclude --enablerepo --disablerepo --repo",
    ),
    (
        "docker",
        "-v --volume -e --env --name -p --publish --network -w -t --tag -f --file --build-arg \
         -u --user --platform -H",
    ),
    ("env", "-u --unset -C --chdir -S"),
    (
        "gem",
        "-v --version -s --source -i --install-dir -n --bindir -P --trust-policy --document",
    ),
    (
        "git",
        "-c -C --git-dir --work-tree -b --branch --depth -o --origin -j --jobs --reference \
         --revision --filter --shallow-since",
    ),
    ("go", "-ldflags -tags -o -mod -modfile -C -gcflags"),
    (
        "gpg",
        "--keyserver --homedir --keyring -o --output -r --recipient --keyserver-options \
         --no-default-keyring-file --status-fd --passphrase --trust-model -u",
    ),
    ("nice", "-n --adjustment"),
    ("ionice", "-c -n"),
    (
        "npm",
        "--prefix --registry --tag -w --workspace --cache --loglevel --userconfig --omit \
         --include --network-timeout --fetch-timeout",
    ),
    (
        "pip",
        "-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t \
         --target --trusted-host --prefix --root --src -e --editable --cache-dir --timeout \
         --default-timeout --retries --proxy --cert --client-cert --platform --python-version \
         --no-binary --only-binary --global-option --install-option --config-settings -C -d \
         --dest -w --wheel-dir --progress-bar --upgrade-strategy --log --abi",
    ),
    (
        "pnpm",
        "--prefix --registry -C --dir --filter -F --store-dir",
    ),
    ("stdbuf", "-i -o -e"),
    ("sudo", "-u --user -g --group -h -p -C -r -t"),
    ("timeout", "-s --signal -k --kill-after"),
    (
        "useradd",
        "-u --uid -g --gid -G --groups -d --home --home-dir -s --shell -c --comment -p \
         --password -b --base-dir -e -f -k",
    ),
    (
        "adduser",
        "-u --uid -g --gid -G --ingroup -h --home -s --shell --gecos -k",
    ),
    ("usermod", "-p --password -G -g -s -u -d -c -l"),
    (
        "wget",
        "-O --output-document -o --output-file -P --directory-prefix --header -U --user-agent \
         -T --timeout -t --tries --user --password --http-user --http-password \
         --ca-certificate --post-data -e --execute -a --progress -w --wait",
    ),
    ("xargs", "-n -I -P -L -d -a -s -E --max-args --max-procs"),
    (
        "yarn",
        "--cwd --registry --network-timeout --cache-folder --modules-folder",
    ),
    ("yum", "-c --config -x --exclude --enablerepo --disablerepo"),
];

/// Programs whose first operand says what they do.
const WITH_A_SUBCOMMAND: &str = "\
    add-apt-key apk apt apt-get apt-key aptitude brew bundle cargo composer conda corepack \
    dnf docker dotnet gem git go helm kubectl mamba microdnf micromamba npm pdm pip pipx \
    pnpm podman poetry snap systemctl tdnf uv yarn yum zypper";

/// Other names of a program with the same options.
const SAME: &[(&str, &str)] = &[
    ("aptitude", "apt-get"),
    ("doas", "sudo"),
    ("gpg2", "gpg"),
    ("microdnf", "dnf"),
    ("tdnf", "dnf"),
    ("mamba", "conda"),
    ("micromamba", "conda"),
    ("podman", "docker"),
    ("buildah", "docker"),
];

/// The options of a program that have a value in the next word.
pub(super) fn value_options(program: &str) -> &'static str {
    let same = SAME.iter().find(|(name, _)| *name == program);
    let program = same.map_or(program, |(_, same)| same);
    let found = VALUES.iter().find(|(name, _)| *name == program);
    found.map_or("", |(_, options)| options)
}

/// Whether an option has its value in the next word. Of several letters in one word, the first one
/// that has a value has it there if nothing is behind it: `-fsSLo file`, but `-ofile`.
pub(super) fn takes_value(values: &str, option: &str) -> bool {
    if is_among(values, option) {
        return true;
    }
    let Some(letters) = letters(option) else {
        return false;
    };
    let count = letters.clone().count();
    let mut letters = letters.zip(1usize..);
    let first = letters.find(|(letter, _)| is_among(values, &format!("-{letter}")));
    first.is_some_and(|(_, place)| place == count)
}

/// Whether a word is among words between blanks.
pub(super) fn is_among(words: &str, word: &str) -> bool {
    words.split_ascii_whitespace().any(|known| known == word)
}

/// The letters of several options in one word: `-fsSL`.
pub(super) fn letters(option: &str) -> Option<std::str::Chars<'_>> {
    let letters = option.strip_prefix('-')?;
    let is_cluster = (2..=8).contains(&letters.len())
        && letters.bytes().all(|letter| letter.is_ascii_alphabetic());
    is_cluster.then(|| letters.chars())
}

/// Whether the first operand of a program says what it does.
pub(super) fn has_subcommand(program: &str) -> bool {
    is_among(WITH_A_SUBCOMMAND, program)
}
