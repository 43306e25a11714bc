//! `META-INF/maven/GROUP/ARTIFACT/pom.xml`: the project as it was built.

use crate::documents::xml::{Element, read_document};

/// Largest file that is read.
const MOST_BYTES: usize = 4 << 20;
/// Most steps from one property to the next.
const MOST_STEPS: usize = 8;

/// What identifies an artifact of Maven.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::catalogers) struct Coordinates {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: Option<String>,
}

/// What a project says of itself.
#[derive(Debug)]
pub(in crate::catalogers) struct Pom {
    pub(super) coordinates: Coordinates,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) organization: Option<String>,
    /// Names or addresses of licences.
    pub(super) licenses: Vec<String>,
}

/// Reads a project.
pub(super) fn parse(content: &[u8]) -> Result<Pom, String> {
    if content.len() > MOST_BYTES {
        return Err(format!("is larger than {} MiB", MOST_BYTES >> 20));
    }
    let root = read_document(content)?;
    let parent = root.child("parent");
    let of = |key: &str| {
        let own = root.text_of(key);
        let inherited = || parent.and_then(|parent| parent.text_of(key));
        own.or_else(|| inherited().filter(|_| key != "artifactId"))
            .and_then(|text| filled_in(text, &root))
    };
    let (Some(group), Some(artifact)) = (of("groupId"), of("artifactId")) else {
        return Err("names no groupId and artifactId".to_owned());
    };
    let licenses = root.child("licenses").map_or_else(Vec::new, |licenses| {
        licenses
            .children_named("license")
            .filter_map(|license| license.text_of("name").or_else(|| license.text_of("url")))
            .map(str::to_owned)
            .collect()
    });
    let text = |text: Option<&str>| text.and_then(|text| filled_in(text, &root));
    Ok(Pom {
        coordinates: Coordinates {
            group,
            artifact,
            version: of("version"),
        },
        name: text(root.text_of("name")),
        description: text(root.text_of("description")),
        organization: text(
            root.child("organization")
                .and_then(|organization| organization.text_of("name")),
        ),
        licenses,
    })
}

/// A text with its properties filled in, as far as the project itself says them. Nothing if one
/// stays open.
fn filled_in(text: &str, root: &Element) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..MOST_STEPS {
        let Some(start) = text.find("${") else {
            return Some(text);
        };
        let end = start + text.get(start..)?.find('}')?;
        let key = text.get(start + 2..end)?;
        let value = property(key, root)?;
        if value.len() > 1000 {
            return None;
        }
        text.replace_range(start..=end, &value);
        if text.len() > 4000 {
            return None;
        }
    }
    None
}

fn property(key: &str, root: &Element) -> Option<String> {
    let parent = |key: &str| root.child("parent").and_then(|parent| parent.text_of(key));
    let own = key
        .strip_prefix("project.")
        .or_else(|| key.strip_prefix("pom."));
    let found = match own {
        Some(own) => match own.strip_prefix("parent.") {
            Some(of_parent) => parent(of_parent),
            None => root.text_of(own).or_else(|| parent(own)),
        },
        None => root
            .child("properties")
            .and_then(|properties| properties.text_of(key)),
    };
    found.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_comes_from_the_parent_and_properties() {
        let pom = parse(
            b"<project><parent><groupId>g.p</groupId><artifactId>p</artifactId><version>2</version></parent>\
              <artifactId>a-${kind}</artifactId><version>${project.parent.version}.1</version>\
              <properties><kind>core</kind><loop>${loop}</loop></properties>\
              <name>${loop}</name><licenses><license><name>MIT</name></license></licenses></project>",
        )
        .unwrap();
        assert_eq!(
            pom.coordinates,
            Coordinates {
                group: "g.p".into(),
                artifact: "a-core".into(),
                version: Some("2.1".into())
            }
        );
        assert_eq!(pom.name, None);
        assert_eq!(pom.licenses, ["MIT"]);
        assert!(parse(b"<project/>").is_err());
    }
}
