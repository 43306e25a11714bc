//! The systems that build for others, by what they say in the environment of their jobs: who builds,
//! which run it is, and what is built.
//!
//! What a job says of itself is as good as whoever can change the job. What makes it worth more is who
//! signs it: a certificate names the job as its system knows it.

use linchpin_remote::repository_uri;

/// A run of a build system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BuildRun {
    /// What the system is called.
    pub(crate) system: &'static str,
    /// The builder's id.
    pub(crate) builder: String,
    /// What the system calls this run.
    pub(crate) invocation: Option<String>,
    /// The URI of the repository.
    pub(crate) repository: Option<String>,
    /// The commit.
    pub(crate) commit: Option<String>,
    /// The branch or tag.
    pub(crate) reference: Option<String>,
    /// What defines the job, from the root of the repository.
    pub(crate) workflow: Option<String>,
}

/// How a system is known, and where it says what. In texts, `${NAME}` stands for a variable; of
/// several, the first counts whose variables are all there.
struct System {
    name: &'static str,
    /// A variable that only it sets, and its value if any value will not do.
    known_by: (&'static str, Option<&'static str>),
    builder: &'static [&'static str],
    invocation: &'static [&'static str],
    repository: &'static [&'static str],
    commit: &'static [&'static str],
    reference: &'static [&'static str],
    workflow: &'static [&'static str],
}

/// What each of them documents for its jobs.
static SYSTEMS: &[System] = &[
    // https://docs.github.com/actions/reference/workflows-and-actions/variables
    System {
        name: "github-actions",
        known_by: ("GITHUB_ACTIONS", Some("true")),
        // What GitHub's own provenance names.
        builder: &["https://github.com/actions/runner/${RUNNER_ENVIRONMENT}"],
        invocation: &[
            "${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/attempts/${GITHUB_RUN_ATTEMPT}",
        ],
        repository: &["${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}"],
        commit: &["${GITHUB_SHA}"],
        reference: &["${GITHUB_REF}"],
        workflow: &["${GITHUB_WORKFLOW_REF}"],
    },
    // https://docs.gitlab.com/ci/variables/predefined_variables/
    System {
        name: "gitlab-ci",
        known_by: ("GITLAB_CI", Some("true")),
        builder: &["${CI_PROJECT_URL}/-/runners/${CI_RUNNER_ID}"],
        invocation: &["${CI_JOB_URL}"],
        repository: &["${CI_PROJECT_URL}"],
        commit: &["${CI_COMMIT_SHA}"],
        reference: &[
            "refs/tags/${CI_COMMIT_TAG}",
            "refs/heads/${CI_COMMIT_BRANCH}",
        ],
        workflow: &["${CI_CONFIG_PATH}"],
    },
    // https://circleci.com/docs/reference/variables/
    System {
        name: "circleci",
        known_by: ("CIRCLECI", Some("true")),
        builder: &["https://circleci.com"],
        invocation: &["${CIRCLE_BUILD_URL}"],
        repository: &["${CIRCLE_REPOSITORY_URL}"],
        commit: &["${CIRCLE_SHA1}"],
        reference: &["refs/tags/${CIRCLE_TAG}", "refs/heads/${CIRCLE_BRANCH}"],
        workflow: &[".circleci/config.yml"],
    },
    // https://buildkite.com/docs/pipelines/configure/environment-variables
    System {
        name: "buildkite",
        known_by: ("BUILDKITE", Some("true")),
        builder: &["https://buildkite.com/${BUILDKITE_ORGANIZATION_SLUG}"],
        invocation: &["${BUILDKITE_BUILD_URL}#${BUILDKITE_JOB_ID}"],
        repository: &["${BUILDKITE_REPO}"],
        commit: &["${BUILDKITE_COMMIT}"],
        reference: &[
            "refs/tags/${BUILDKITE_TAG}",
            "refs/heads/${BUILDKITE_BRANCH}",
        ],
        workflow: &["${BUILDKITE_PIPELINE_SLUG}"],
    },
    // https://learn.microsoft.com/azure/devops/pipelines/build/variables
    System {
        name: "azure-pipelines",
        known_by: ("TF_BUILD", Some("True")),
        builder: &["${SYSTEM_COLLECTIONURI}${SYSTEM_TEAMPROJECT}"],
        invocation: &[
            "${SYSTEM_COLLECTIONURI}${SYSTEM_TEAMPROJECT}/_build/results?buildId=${BUILD_BUILDID}",
        ],
        repository: &["${BUILD_REPOSITORY_URI}"],
        commit: &["${BUILD_SOURCEVERSION}"],
        reference: &["${BUILD_SOURCEBRANCH}"],
        workflow: &["${BUILD_DEFINITIONNAME}"],
    },
    // https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
    System {
        name: "bitbucket-pipelines",
        known_by: ("BITBUCKET_BUILD_NUMBER", None),
        builder: &["https://bitbucket.org/${BITBUCKET_REPO_FULL_NAME}"],
        invocation: &[
            "https://bitbucket.org/${BITBUCKET_REPO_FULL_NAME}/pipelines/results/${BITBUCKET_BUILD_NUMBER}",
        ],
        repository: &["${BITBUCKET_GIT_HTTP_ORIGIN}"],
        commit: &["${BITBUCKET_COMMIT}"],
        reference: &[
            "refs/tags/${BITBUCKET_TAG}",
            "refs/heads/${BITBUCKET_BRANCH}",
        ],
        workflow: &["bitbucket-pipelines.yml"],
    },
    // https://woodpecker-ci.org/docs/usage/environment
    System {
        name: "woodpecker",
        known_by: ("CI", Some("woodpecker")),
        builder: &["${CI_SYSTEM_URL}"],
        invocation: &["${CI_STEP_URL}", "${CI_PIPELINE_URL}"],
        repository: &["${CI_REPO_URL}"],
        commit: &["${CI_COMMIT_SHA}"],
        reference: &["${CI_COMMIT_REF}"],
        workflow: &["${CI_WORKFLOW_NAME}"],
    },
    // https://docs.drone.io/pipeline/environment/reference/
    System {
        name: "drone",
        known_by: ("DRONE", Some("true")),
        builder: &["${DRONE_SYSTEM_PROTO}://${DRONE_SYSTEM_HOST}"],
        invocation: &["${DRONE_BUILD_LINK}"],
        repository: &["${DRONE_REPO_LINK}"],
        commit: &["${DRONE_COMMIT_SHA}"],
        reference: &["${DRONE_COMMIT_REF}"],
        workflow: &[".drone.yml"],
    },
    // https://docs.travis-ci.com/user/environment-variables/
    System {
        name: "travis-ci",
        known_by: ("TRAVIS", Some("true")),
        builder: &["https://app.travis-ci.com"],
        invocation: &["${TRAVIS_JOB_WEB_URL}"],
        repository: &["https://github.com/${TRAVIS_REPO_SLUG}"],
        commit: &["${TRAVIS_COMMIT}"],
        reference: &["refs/tags/${TRAVIS_TAG}", "refs/heads/${TRAVIS_BRANCH}"],
        workflow: &[".travis.yml"],
    },
    // https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables
    System {
        name: "jenkins",
        known_by: ("JENKINS_URL", None),
        builder: &["${JENKINS_URL}"],
        invocation: &["${BUILD_URL}"],
        repository: &["${GIT_URL}"],
        commit: &["${GIT_COMMIT}"],
        reference: &["refs/tags/${TAG_NAME}", "refs/heads/${BRANCH_NAME}"],
        workflow: &["${JOB_NAME}"],
    },
];

/// The run that this is a part of, by what the environment says.
pub(crate) fn detect(variable: &dyn Fn(&str) -> Option<String>) -> Option<BuildRun> {
    let is_here = |system: &&System| {
        let (name, value) = system.known_by;
        let set = variable(name);
        set.is_some_and(|set| value.is_none_or(|value| set == value))
    };
    let system = SYSTEMS.iter().find(is_here)?;
    let said = |texts: &[&str]| texts.iter().find_map(|text| filled(text, variable));
    let repository = said(system.repository).as_deref().map(repository_uri);
    let workflow = said(system.workflow).map(|workflow| {
        // GitHub says `owner/name/path@ref`: the path alone is no news of the repository.
        let path = workflow.split('@').next().unwrap_or_default();
        let within = variable("GITHUB_REPOSITORY").map(|repository| format!("{repository}/"));
        let within = within.and_then(|within| path.strip_prefix(&within).map(str::to_owned));
        within.unwrap_or_else(|| path.to_owned())
    });
    Some(BuildRun {
        system: system.name,
        builder: said(system.builder)
            .unwrap_or_else(|| format!("urn:linchpin:builder:{}", system.name)),
        invocation: said(system.invocation),
        repository,
        commit: said(system.commit),
        reference: said(system.reference),
        workflow,
    })
}

/// A text with its variables; nothing if one is not there.
fn filled(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut parts = text.split("${");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        filled.push_str(&variable(name).filter(|value| !value.is_empty())?);
        filled.push_str(rest);
    }
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(set: &[(&str, &str)]) -> Option<BuildRun> {
        detect(&|name| {
            let value = set.iter().find(|(known, _)| *known == name)?;
            Some(value.1.to_owned())
        })
    }

    #[test]
    fn a_job_of_github_says_where_and_what() {
        let run = detected(&[
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("RUNNER_ENVIRONMENT", "github-hosted"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "example/shop"),
            ("GITHUB_RUN_ID", "1"),
            ("GITHUB_RUN_ATTEMPT", "2"),
            ("GITHUB_SHA", "abc"),
            ("GITHUB_REF", "refs/heads/main"),
            (
                "GITHUB_WORKFLOW_REF",
                "example/shop/.github/workflows/release.yml@refs/heads/main",
            ),
        ])
        .unwrap();
        assert_eq!(
            run,
            BuildRun {
                system: "github-actions",
                builder: "https://github.com/actions/runner/github-hosted".to_owned(),
                invocation: Some(
                    "https://github.com/example/shop/actions/runs/1/attempts/2".to_owned()
                ),
                repository: Some("https://github.com/example/shop".to_owned()),
                commit: Some("abc".to_owned()),
                reference: Some("refs/heads/main".to_owned()),
                workflow: Some(".github/workflows/release.yml".to_owned()),
            }
        );
    }

    #[test]
    fn what_a_system_does_not_say_is_not_there() {
        let run = detected(&[
            ("GITLAB_CI", "true"),
            ("CI_PROJECT_URL", "https://gitlab.example/shop"),
            ("CI_RUNNER_ID", "7"),
            ("CI_COMMIT_TAG", ""),
            ("CI_COMMIT_BRANCH", "main"),
        ])
        .unwrap();
        assert_eq!(run.builder, "https://gitlab.example/shop/-/runners/7");
        assert_eq!(run.reference.as_deref(), Some("refs/heads/main"));
        assert_eq!(run.invocation, None);
        let bare = detected(&[("GITHUB_ACTIONS", "true")]).unwrap();
        assert_eq!(bare.builder, "urn:linchpin:builder:github-actions");
        assert_eq!(detected(&[("CI", "true")]), None);
        assert_eq!(detected(&[]), None);
    }

    #[test]
    fn every_system_is_known_by_what_it_sets() {
        for system in SYSTEMS {
            let (name, value) = system.known_by;
            let run = detected(&[(name, value.unwrap_or("x"))]).unwrap();
            assert_eq!(run.system, system.name);
        }
    }
}
