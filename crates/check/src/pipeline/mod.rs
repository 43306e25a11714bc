//! What the kinds of pipelines (GitHub Actions, GitLab, Jenkins, ...) have in common: places inside
//! of texts, scripts, names of images. What only one of them has is in its kind; GitHub's workflows
//! and actions share the folder `github/`.

pub(crate) mod dependencies;
pub(crate) mod github;
pub(crate) mod image;
pub(crate) mod members;
pub(crate) mod places;
pub(crate) mod scripts;
pub(crate) mod things;
pub(crate) mod views;
