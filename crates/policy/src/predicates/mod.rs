//! What statements of the known types say, as far as rules ask. A statement that was verified and can
//! not be read is not passed over in silence: whoever decides is told, since its signer meant
//! something by it.

pub(crate) mod exception;
pub(crate) mod summary;
pub(crate) mod test_result;
pub(crate) mod vulnerabilities;

use linchpin_model::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use crate::evidence::Testimony;

pub use exception::EXCEPTION;

/// Reads the predicate of a statement.
fn read<T: DeserializeOwned>(testimony: &Testimony) -> Result<T, String> {
    let text = testimony.predicate.as_deref().unwrap_or("null");
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// A moment, if it is there.
fn optional_moment<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let moment = text.parse().map(Some);
    moment.map_err(|_| D::Error::custom("a time in it is none"))
}

/// How many days lie between a moment and a later one. What comes from the future is of today.
pub(crate) fn days(since: Timestamp, now: Timestamp) -> f64 {
    const SECONDS: f64 = 86_400.0;
    ((now.as_millisecond() - since.as_millisecond()) as f64 / 1000.0 / SECONDS).max(0.0)
}

/// The age of what nobody dates: so old that no rule about ages is content.
pub(crate) const AGELESS: f64 = 1e6;
