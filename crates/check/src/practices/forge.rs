//! What only a forge knows, asked through an interface that others bring: the protection of branches,
//! releases, webhooks, the badge.
//!
//! The questions are those of GitHub's API, <https://docs.github.com/en/rest>. What it does not answer
//! (most often because the token is not an administrator's) stays unknown.

use std::collections::BTreeMap;

use linchpin_document::Node;

use crate::syntax::json;

/// Most proposals that are asked for.
const MOST_PROPOSALS: usize = super::RECENT;

/// How many releases are looked at, as many as Scorecard does.
const RELEASES: usize = 5;

/// Answers questions.
pub trait Forge {
    /// What is at a path of the API, such as `repos/owner/name`. Nothing if it is not there, or not for
    /// us to see.
    ///
    /// # Errors
    /// Why there is no answer, a sentence without a full stop.
    fn get(&self, path: &str, query: &str) -> Result<Option<String>, String>;

    /// What the service of the best-practices badge says of an address.
    ///
    /// # Errors
    /// Why there is no answer.
    fn badge(&self, address: &str) -> Result<Option<String>, String>;
}

/// A repository of a forge: `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    owner: String,
    name: String,
}

/// A text names no repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no repository; write owner/name")]
pub struct InvalidRepository(String);

impl std::str::FromStr for Repository {
    type Err = InvalidRepository;

    fn from_str(text: &str) -> Result<Self, InvalidRepository> {
        let is_right = |part: &str| {
            !part.is_empty()
                && part.len() <= 100
                && !part.starts_with('.')
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        match text.split_once('/') {
            Some((owner, name)) if is_right(owner) && is_right(name) => Ok(Self {
                owner: owner.to_owned(),
                name: name.to_owned(),
            }),
            _ => Err(InvalidRepository(text.chars().take(200).collect())),
        }
    }
}

impl std::fmt::Display for Repository {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.owner, self.name)
    }
}

/// What a forge says of a project. What it did not answer is the reason why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgeFacts {
    /// Whether the project is closed for changes.
    pub is_archived: bool,
    /// The branch that counts, and how it is protected.
    pub protection: Result<(String, Protection), String>,
    /// The latest releases that have files.
    pub releases: Result<Vec<Release>, String>,
    /// Where the forge tells of changes, and whether it proves who tells.
    pub webhooks: Result<Vec<(String, bool)>, String>,
    /// The level of the badge: `passing`.
    pub badge: Result<Option<String>, String>,
    /// Whether somebody else approved of proposals or merged them, by their numbers. Those that the
    /// forge does not show are not here.
    pub reviews: BTreeMap<u64, bool>,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its tag.
    pub tag: String,
    /// The names of its files.
    pub files: Vec<String>,
}

/// How a branch is protected. Nothing is what the token may not see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Protection {
    /// Whether its history can be rewritten.
    pub allows_force_pushes: Option<bool>,
    /// Whether it can be deleted.
    pub allows_deletion: Option<bool>,
    /// How many people must approve of a change.
    pub reviewers: Option<u64>,
    /// Whether changes must come as proposals.
    pub requires_proposals: Option<bool>,
    /// The tests that must succeed.
    pub status_checks: usize,
    /// Whether a change must be up to date before it is taken.
    pub is_strict: Option<bool>,
    /// Whether an approval falls when something is added.
    pub dismisses_stale_reviews: Option<bool>,
    /// Whether owners of the code must approve.
    pub requires_code_owners: Option<bool>,
    /// Whether somebody else must approve of the last addition.
    pub requires_last_push_approval: Option<bool>,
    /// Whether it holds for administrators.
    pub holds_for_administrators: Option<bool>,
}

/// Asks a forge about a repository, and whether these proposals of it were reviewed.
///
/// # Errors
/// If it does not know the repository, or does not answer at all.
pub fn ask(
    forge: &dyn Forge,
    repository: &Repository,
    proposals: &[u64],
) -> Result<ForgeFacts, String> {
    let base = format!("repos/{repository}");
    let about = document(forge.get(&base, "")?)?.ok_or_else(|| {
        format!("the forge knows no repository `{repository}`, or does not show it")
    })?;
    let branch = about
        .find_text(&["default_branch"])
        .unwrap_or("main")
        .to_owned();
    let address = about
        .find_text(&["html_url"])
        .unwrap_or_default()
        .to_owned();
    Ok(ForgeFacts {
        is_archived: flag(&about, &["archived"]).unwrap_or_default(),
        protection: protection(forge, &base, &branch).map(|found| (branch, found)),
        releases: releases(forge, &base),
        webhooks: webhooks(forge, &base),
        badge: badge(forge, &address),
        reviews: proposals
            .iter()
            .take(MOST_PROPOSALS)
            .filter_map(|number| Some((*number, is_reviewed(forge, &base, *number)?)))
            .collect(),
    })
}

/// Whether somebody else merged a proposal, or approved of it. Nothing if the forge does not tell.
fn is_reviewed(forge: &dyn Forge, base: &str, number: u64) -> Option<bool> {
    let path = format!("{base}/pulls/{number}");
    let proposal = document(forge.get(&path, "").ok()?).ok()??;
    let author = proposal.find_text(&["user", "login"])?;
    let merged_by = proposal.find_text(&["merged_by", "login"]);
    let merged_by_bot = proposal.find_text(&["merged_by", "type"]) == Some("Bot");
    if merged_by.is_some_and(|login| login != author) && !merged_by_bot {
        return Some(true);
    }
    let path = format!("{path}/reviews");
    let reviews = document(forge.get(&path, "per_page=100").ok()?).ok()??;
    Some(reviews.items().iter().any(|review| {
        review.find_text(&["state"]) == Some("APPROVED")
            && review.find_text(&["user", "login"]) != Some(author)
    }))
}

fn document(text: Option<String>) -> Result<Option<Node>, String> {
    let Some(text) = text else {
        return Ok(None);
    };
    let mut read = json::read(&text);
    match read.documents.pop() {
        Some(document) => Ok(Some(document)),
        None => Err("the forge's answer is no JSON".to_owned()),
    }
}

fn flag(node: &Node, way: &[&str]) -> Option<bool> {
    match node.find(way)?.value {
        linchpin_document::NodeValue::Boolean(flag) => Some(flag),
        _ => None,
    }
}

fn number(node: &Node, way: &[&str]) -> Option<u64> {
    match node.find(way)?.value {
        linchpin_document::NodeValue::Integer(number) => u64::try_from(number).ok(),
        _ => None,
    }
}

/// What protects a branch: the older settings, which only administrators see whole, and rulesets.
fn protection(forge: &dyn Forge, base: &str, branch: &str) -> Result<Protection, String> {
    let mut found = Protection::default();
    let settings = document(forge.get(&format!("{base}/branches/{branch}/protection"), "")?)?;
    let of_branch = document(forge.get(&format!("{base}/branches/{branch}"), "")?)?
        .ok_or_else(|| format!("the forge does not show the branch `{branch}`"))?;
    if let Some(settings) = &settings {
        found.of_settings(settings);
    } else if flag(&of_branch, &["protected"]) == Some(false) {
        found.allows_force_pushes = Some(true);
        found.allows_deletion = Some(true);
    }
    let contexts = of_branch.find(&["protection", "required_status_checks", "contexts"]);
    let contexts = contexts.map_or(0, |contexts| contexts.items().len());
    found.status_checks = found.status_checks.max(contexts);
    let rules = document(forge.get(&format!("{base}/rules/branches/{branch}"), "per_page=100")?)?;
    for rule in rules.iter().flat_map(Node::items) {
        found.of_rule(rule);
    }
    Ok(found)
}

impl Protection {
    fn of_settings(&mut self, settings: &Node) {
        let enabled = |key: &str| flag(settings, &[key, "enabled"]);
        self.allows_force_pushes = enabled("allow_force_pushes");
        self.allows_deletion = enabled("allow_deletions");
        self.holds_for_administrators = enabled("enforce_admins");
        let reviews = settings.get("required_pull_request_reviews");
        self.requires_proposals = Some(reviews.is_some());
        if let Some(reviews) = reviews {
            self.reviewers = number(reviews, &["required_approving_review_count"]);
        }
        let of_reviews = |key: &str| {
            Some(
                reviews
                    .and_then(|reviews| flag(reviews, &[key]))
                    .unwrap_or_default(),
            )
        };
        self.dismisses_stale_reviews = of_reviews("dismiss_stale_reviews");
        self.requires_code_owners = of_reviews("require_code_owner_reviews");
        self.requires_last_push_approval = of_reviews("require_last_push_approval");
        let checks = settings.get("required_status_checks");
        let strict = checks.and_then(|checks| flag(checks, &["strict"]));
        self.is_strict = Some(strict.unwrap_or_default());
        let contexts = checks.and_then(|checks| checks.get("contexts"));
        self.status_checks = contexts.map_or(0, |contexts| contexts.items().len());
    }

    fn of_rule(&mut self, rule: &Node) {
        let parameters = |key: &str| rule.find(&["parameters", key]);
        let told = |key: &str| flag(rule, &["parameters", key]) == Some(true);
        match rule.find_text(&["type"]) {
            Some("deletion") => self.allows_deletion = Some(false),
            Some("non_fast_forward") => self.allows_force_pushes = Some(false),
            Some("required_status_checks") => {
                let checks = parameters("required_status_checks");
                let checks = checks.map_or(0, |checks| checks.items().len());
                self.status_checks = self.status_checks.max(checks);
                if told("strict_required_status_checks_policy") {
                    self.is_strict = Some(true);
                }
            }
            Some("pull_request") => {
                self.requires_proposals = Some(true);
                let count = number(rule, &["parameters", "required_approving_review_count"]);
                self.reviewers = self.reviewers.max(count);
                for (key, setting) in [
                    (
                        "dismiss_stale_reviews_on_push",
                        &mut self.dismisses_stale_reviews,
                    ),
                    ("require_code_owner_review", &mut self.requires_code_owners),
                    (
                        "require_last_push_approval",
                        &mut self.requires_last_push_approval,
                    ),
                ] {
                    *setting = Some(told(key) || *setting == Some(true));
                }
            }
            _ => {}
        }
    }
}

fn releases(forge: &dyn Forge, base: &str) -> Result<Vec<Release>, String> {
    let listed = document(forge.get(&format!("{base}/releases"), "per_page=30")?)?
        .ok_or("the forge does not show the releases")?;
    let mut releases = Vec::new();
    for release in listed.items() {
        let files = release.get("assets").map_or(&[][..], Node::items).iter();
        let files: Vec<String> = files
            .filter_map(|file| file.find_text(&["name"]))
            .map(str::to_owned)
            .collect();
        if !files.is_empty() && releases.len() < RELEASES {
            releases.push(Release {
                tag: release
                    .find_text(&["tag_name"])
                    .unwrap_or_default()
                    .to_owned(),
                files,
            });
        }
    }
    Ok(releases)
}

fn webhooks(forge: &dyn Forge, base: &str) -> Result<Vec<(String, bool)>, String> {
    let listed = document(forge.get(&format!("{base}/hooks"), "per_page=100")?)?
        .ok_or("the token does not show the webhooks; that of an administrator does")?;
    let hooks = listed.items().iter().map(|hook| {
        let id = number(hook, &["id"]).unwrap_or_default();
        (
            format!("webhook {id}"),
            hook.find(&["config", "secret"]).is_some(),
        )
    });
    Ok(hooks.collect())
}

fn badge(forge: &dyn Forge, address: &str) -> Result<Option<String>, String> {
    let listed = document(forge.badge(address)?)?;
    let first = listed.as_ref().and_then(|listed| listed.items().first());
    let level = first.and_then(|project| project.find_text(&["badge_level"]));
    Ok(level.map(str::to_owned))
}
