//! GitHub Actions: what workflows and actions have in common.
//!
//! [`workflow`] and [`action`] turn a document into the view that rules look at, in which steps,
//! references, scripts and expressions are things of their own; [`Found`] goes over them.

mod contexts;
mod expression;
mod expressions;
mod found;
mod known_actions;
mod permissions;
mod steps;
mod tokens;
mod triggers;
mod uses;
mod view;

pub(crate) use found::{find_action, find_workflow};
pub(crate) use view::{action, workflow};
