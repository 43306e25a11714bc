//! Reading common syntaxes into loose values, for formats whose files come from many hands: a value
//! of an unexpected shape counts as left out. Every reader caps nesting and the number of values.

pub(crate) mod binary;
pub(crate) mod code;
pub(crate) mod erlang;
pub(crate) mod json;
pub(crate) mod jsonc;
pub(crate) mod lua;
pub(crate) mod php_serialized;
pub(crate) mod property_list;
pub(crate) mod registry_hive;
pub(crate) mod registry_log;
pub(crate) mod sqlite;
pub(crate) mod xml;
pub(crate) mod yaml;
