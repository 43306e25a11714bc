//! The policy to begin with: what `linchpin policy init` writes, and what a gate goes by if it is given
//! none.

use crate::policy::Policy;
use crate::reading::{InvalidPolicy, read};

/// Its text.
pub const STARTER: &str = include_str!("../policies/starter.yaml");

/// The policy by which a gate goes if it is given none. It believes nobody: whoever asks says whom to
/// believe.
pub fn starter() -> Result<Policy, InvalidPolicy> {
    read("the built-in policy", STARTER, &|_| {
        Err("the built-in policy has no keys".to_owned())
    })
}
