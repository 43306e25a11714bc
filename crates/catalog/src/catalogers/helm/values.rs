//! Images in the values of a chart. There is no rule how they are written; two habits cover nearly
//! all charts: `image: nginx:1.27`, and an object with `repository` and `tag`.

use crate::documents::json::Loose;

/// An image as its values have it.
#[derive(Debug)]
pub(in crate::catalogers) enum ImageInValues {
    /// In one text.
    Whole(String),
    Parts {
        repository: String,
        tag: Option<String>,
        digest: Option<String>,
    },
}

impl ImageInValues {
    /// The whole name. Where the tag is left open, charts take the version of their application.
    pub(super) fn name(&self, app_version: Option<&str>) -> String {
        match self {
            Self::Whole(name) => name.clone(),
            Self::Parts {
                repository,
                tag,
                digest,
            } => {
                let tag = match digest {
                    Some(_) => tag.as_deref(),
                    None => tag.as_deref().or(app_version),
                };
                let tag = tag.map(|tag| format!(":{tag}"));
                let digest = digest.as_ref().map(|digest| format!("@{digest}"));
                format!(
                    "{repository}{}{}",
                    tag.unwrap_or_default(),
                    digest.unwrap_or_default()
                )
            }
        }
    }
}

/// All images in a document. The parser bounds how deep it nests.
pub(super) fn images(document: &Loose<'_>) -> Vec<ImageInValues> {
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found
}

fn walk(value: &Loose<'_>, name: &str, found: &mut Vec<ImageInValues>) {
    let is_image = name.to_ascii_lowercase().ends_with("image");
    let text = |name: &str| {
        value
            .get(name)
            .and_then(Loose::text)
            .filter(|text| !text.is_empty())
    };
    if is_image && let Some(text) = value.text().filter(|text| text.contains([':', '@', '/'])) {
        found.push(ImageInValues::Whole(text.to_owned()));
        return;
    }
    if let Some(repository) = text("repository").or_else(|| text("name").filter(|_| is_image)) {
        let has_sign = ["tag", "digest", "pullPolicy", "registry"]
            .iter()
            .any(|sign| value.get(sign).is_some());
        if is_image || has_sign {
            let registry = text("registry").map(|registry| format!("{registry}/"));
            found.push(ImageInValues::Parts {
                repository: format!("{}{repository}", registry.unwrap_or_default()),
                tag: text("tag").map(str::to_owned),
                digest: text("digest").map(str::to_owned),
            });
            return;
        }
    }
    for item in value.items() {
        walk(item, name, found);
    }
    for (key, member) in value.members() {
        walk(member, key, found);
    }
}
