//! What is known of certain actions: data, no code. Names are in lower case.

/// Inputs whose text is run as code.
pub(super) const CODE_INPUTS: &[(&str, &[&str])] = &[
    ("actions/github-script", &["script"]),
    ("addnab/docker-run-action", &["run"]),
    ("amadevus/pwsh-script", &["script"]),
    ("appleboy/ssh-action", &["script"]),
    ("azure/cli", &["inlinescript"]),
    ("azure/powershell", &["inlinescript"]),
    ("cardinalby/js-eval-action", &["expression"]),
    ("google-github-actions/ssh-compute", &["command"]),
    ("jannekem/run-python-script-action", &["script"]),
    ("mikefarah/yq", &["cmd"]),
    ("nick-fields/retry", &["command"]),
    ("nick-invision/retry", &["command"]),
    ("reactivecircus/android-emulator-runner", &["script"]),
    ("sergeysova/jq-action", &["cmd"]),
    ("uraimo/run-on-arch-action", &["run", "install", "setup"]),
    ("vmactions/freebsd-vm", &["run", "prepare"]),
    ("vmactions/netbsd-vm", &["run", "prepare"]),
    ("vmactions/openbsd-vm", &["run", "prepare"]),
    ("wandalen/wretry.action", &["command"]),
];

/// Actions whose outputs hold names of files or branches, which the author of a pull request chooses;
/// with the outputs, or `*` for all.
pub(super) const OUTSIDE_OUTPUTS: &[(&str, &[&str])] = &[
    ("ahmadnassri/action-changed-files", &["*"]),
    ("alessbell/pull-request-comment-branch", &["head_ref"]),
    ("dorny/paths-filter", &["*_files"]),
    ("jitterbit/get-changed-files", &["*"]),
    ("peter-evans/find-comment", &["comment-body"]),
    ("potiuk/get-workflow-origin", &["sourceheadbranch"]),
    ("the-coding-turtle/ga-file-changes", &["*"]),
    (
        "tj-actions/branch-names",
        &["current_branch", "head_ref_branch", "ref_branch"],
    ),
    ("tj-actions/changed-files", &["*_files", "*_keys"]),
    ("tj-actions/verify-changed-files", &["changed_files"]),
    ("trilom/file-changes-action", &["*"]),
    ("xt0rted/pull-request-comment-branch", &["head_ref"]),
];

/// Actions that publish something: to a registry, as a release, as a site.
pub(super) const PUBLISHERS: &[&str] = &[
    "actions/create-release",
    "actions/deploy-pages",
    "actions/upload-release-asset",
    "changesets/action",
    "cycjimmy/semantic-release-action",
    "goreleaser/goreleaser-action",
    "js-devtools/npm-publish",
    "katyo/publish-crates",
    "ncipollo/release-action",
    "peaceiris/actions-gh-pages",
    "pypa/gh-action-pypi-publish",
    "rubygems/release-gem",
    "softprops/action-gh-release",
    "svenstaro/upload-release-action",
];

/// Actions that attest or sign what was built.
pub(super) const ATTESTERS: &[&str] = &[
    "actions/attest",
    "actions/attest-build-provenance",
    "actions/attest-sbom",
    "sigstore/cosign-installer",
    "sigstore/gh-action-sigstore-python",
    "slsa-framework/slsa-github-generator",
];

/// Actions that restore a cache, with the input that has to be set for it; empty if none.
pub(super) const CACHES: &[(&str, &str)] = &[
    ("actions/cache", ""),
    ("actions/cache/restore", ""),
    ("actions/setup-go", "cache"),
    ("actions/setup-java", "cache"),
    ("actions/setup-node", "cache"),
    ("actions/setup-python", "cache"),
    ("buildjet/cache", ""),
    ("gradle/actions/setup-gradle", ""),
    ("mozilla-actions/sccache-action", ""),
    ("ruby/setup-ruby", "bundler-cache"),
    ("swatinem/rust-cache", ""),
];

/// Actions that nobody maintains any more: their repositories are archived or say so.
pub(super) const ARCHIVED: &[&str] = &[
    "actions-rs/audit-check",
    "actions-rs/cargo",
    "actions-rs/clippy-check",
    "actions-rs/components-nightly",
    "actions-rs/grcov",
    "actions-rs/install",
    "actions-rs/tarpaulin",
    "actions-rs/toolchain",
    "actions/create-release",
    "actions/setup-elixir",
    "actions/setup-haskell",
    "actions/setup-ruby",
    "actions/upload-release-asset",
    "azure/container-scan",
    "gaurav-nelson/github-action-markdown-link-check",
    "google-github-actions/release-please-action",
    "repo-sync/github-sync",
    "repo-sync/pull-request",
    "returntocorp/semgrep-action",
];

/// An action that attackers had in their hands.
pub(super) struct Compromised {
    /// Its name.
    pub(super) name: &'static str,
    /// Which references pointed to their code.
    pub(super) references: References,
    /// What happened.
    pub(super) what: &'static str,
}

/// References of an action.
pub(super) enum References {
    /// Versions before this one, by tag; its parts are major, minor, patch.
    Before([u32; 3]),
    /// These tags and commits.
    These(&'static [&'static str]),
}

/// Actions that attackers had in their hands, by what was published about it.
pub(super) const COMPROMISED: &[Compromised] = &[
    Compromised {
        name: "tj-actions/changed-files",
        references: References::Before([46, 0, 1]),
        what: "in March 2025 all tags pointed to code that printed secrets (CVE-2025-30066)",
    },
    Compromised {
        name: "tj-actions/changed-files",
        references: References::These(&["0e58ed8671d6b60d0890c21b07f8835ace038e67"]),
        what: "this commit prints secrets (CVE-2025-30066)",
    },
    Compromised {
        name: "reviewdog/action-setup",
        references: References::These(&["v1", "f0d342d24037bb11d26b9bd8496e0808ba32e9ec"]),
        what: "in March 2025 the tag v1 pointed to code that printed secrets (CVE-2025-30154)",
    },
    Compromised {
        name: "aquasecurity/trivy-action",
        references: References::Before([0, 35, 0]),
        what: "in March 2026 all tags before 0.35.0 pointed to code that stole credentials (CVE-2026-33634)",
    },
    Compromised {
        name: "aquasecurity/trivy-action",
        references: References::These(&["ddb9da4475c1cef7d5389062bdfdfbdbd1394648"]),
        what: "this commit steals credentials (CVE-2026-33634)",
    },
    Compromised {
        name: "xygeni/xygeni-action",
        references: References::These(&["v5"]),
        what: "in March 2026 the tag v5 was moved to code of an attacker, and was then removed",
    },
];

/// Names that attackers imitate.
pub(super) const POPULAR: &[&str] = &[
    "actions/attest-build-provenance",
    "actions/cache",
    "actions/checkout",
    "actions/configure-pages",
    "actions/create-github-app-token",
    "actions/deploy-pages",
    "actions/download-artifact",
    "actions/github-script",
    "actions/labeler",
    "actions/setup-dotnet",
    "actions/setup-go",
    "actions/setup-java",
    "actions/setup-node",
    "actions/setup-python",
    "actions/stale",
    "actions/upload-artifact",
    "actions/upload-pages-artifact",
    "aquasecurity/trivy-action",
    "astral-sh/setup-uv",
    "aws-actions/amazon-ecr-login",
    "aws-actions/configure-aws-credentials",
    "azure/login",
    "changesets/action",
    "codecov/codecov-action",
    "docker/build-push-action",
    "docker/login-action",
    "docker/metadata-action",
    "docker/setup-buildx-action",
    "docker/setup-qemu-action",
    "dorny/paths-filter",
    "dtolnay/rust-toolchain",
    "github/codeql-action",
    "golangci/golangci-lint-action",
    "google-github-actions/auth",
    "goreleaser/goreleaser-action",
    "gradle/actions",
    "hashicorp/setup-terraform",
    "peaceiris/actions-gh-pages",
    "peter-evans/create-pull-request",
    "pnpm/action-setup",
    "pypa/gh-action-pypi-publish",
    "ruby/setup-ruby",
    "shivammathur/setup-php",
    "sigstore/cosign-installer",
    "softprops/action-gh-release",
    "swatinem/rust-cache",
    "taiki-e/install-action",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_in_lower_case() {
        let lists: [Vec<&str>; 7] = [
            CODE_INPUTS.iter().map(|(name, _)| *name).collect(),
            OUTSIDE_OUTPUTS.iter().map(|(name, _)| *name).collect(),
            PUBLISHERS.to_vec(),
            ATTESTERS.to_vec(),
            CACHES.iter().map(|(name, _)| *name).collect(),
            ARCHIVED.to_vec(),
            POPULAR.to_vec(),
        ];
        for list in lists {
            assert!(list.is_sorted(), "{list:?}");
            for name in list {
                assert!(
                    name.contains('/') && *name == name.to_ascii_lowercase(),
                    "{name}"
                );
            }
        }
    }
}
