//! The hive `COMPONENTS`: which packages hold each deployment of the component store.
//!
//! A key of `CanonicalData\Deployments` has a value for each package that owns it, `p!CBS_…` for
//! those that keep it, `s!CBS_…` for those that staged it, and `i!CBS_…` for those that installed it.
//! The name is cut; the value holds the length of the package's identity, a number, and the identity.
//! None of this is documented by its maker: it was measured by others, and what the letters mean is
//! their reading.

use super::manifest::{Update, number_in_name};
use crate::documents::binary::{bytes_at, u32_le};
use crate::documents::registry_hive::{Hive, Key};

const DEPLOYMENTS: &str = r"CanonicalData\Deployments";
/// What begins the name of a value for a package that installed the deployment.
const INSTALLED: &str = "i!CBS_";

/// Reads the updates that the hive knows as installed; what could not be read is a problem.
pub(super) fn read(content: &[u8]) -> Result<(Vec<Update>, Vec<String>), String> {
    let hive = Hive::open(content)?;
    let root = hive.root().ok_or("is a registry hive without a root")?;
    let deployments = root.descendant(DEPLOYMENTS);
    let mut updates: Vec<Update> = deployments
        .iter()
        .flat_map(Key::children)
        .flat_map(|deployment| deployment.binaries(|name| name.starts_with(INSTALLED)))
        .filter_map(|(_, data)| update(&data))
        .collect();
    updates.sort();
    updates.dedup();
    Ok((updates, hive.problem().into_iter().collect()))
}

/// The update in `CBS_Package_1_for_KB5034127~31bf3856ad364e35~amd64~~17763.5329.1.8.5034127-1_neutral`:
/// behind the four numbers of the version stands what distinguishes the deployment.
fn update(data: &[u8]) -> Option<Update> {
    let length = u32_le(data, 0)? as usize;
    let identity = std::str::from_utf8(bytes_at(data, 8, length)?).ok()?;
    let (number, rest) = number_in_name(identity.strip_prefix("CBS_").unwrap_or(identity))?;
    let end = rest
        .match_indices(|c: char| c != '.' && !c.is_ascii_digit())
        .map(|(place, _)| place)
        .next()
        .unwrap_or(rest.len());
    let numbers: Vec<&str> = rest.get(..end)?.split('.').take(4).collect();
    Some(Update {
        number: number.into(),
        version: numbers.join(".").into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(identity: &str) -> Option<(String, String)> {
        let mut data = (identity.len() as u32).to_le_bytes().to_vec();
        data.extend([0; 4]);
        data.extend(identity.as_bytes());
        update(&data).map(|update| (update.number.to_string(), update.version.to_string()))
    }

    #[test]
    fn identities_are_taken_apart() {
        let expected = Some(("KB5034127".to_owned(), "17763.5329.1.8".to_owned()));
        for identity in [
            "CBS_Package_1_for_KB5034127~31bf3856ad364e35~amd64~~17763.5329.1.8",
            "CBS_package_for_kb5034127~31bf3856ad364e35~amd64~~17763.5329.1.8.5034127-12_neutral",
            "Package_for_KB5034127_RTM~31bf3856ad364e35~amd64~~17763.5329.1.8_x",
        ] {
            assert_eq!(of(identity), expected, "{identity}");
        }
        assert_eq!(
            of("CBS_Microsoft-Windows-Foundation~31bf~amd64~~10.0.1.1"),
            None
        );
        assert_eq!(update(&[255, 0, 0, 0, 0, 0, 0, 0, b'x']), None);
        assert_eq!(update(b""), None);
    }
}
