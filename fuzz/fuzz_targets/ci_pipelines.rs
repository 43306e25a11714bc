//! The cataloger `ci-pipelines`: pipelines of continuous integration.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "ci-pipelines":
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    ".drone.yml",
    "Jenkinsfile",
}
