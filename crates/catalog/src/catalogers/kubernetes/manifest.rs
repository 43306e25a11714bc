//! What the objects of a manifest name.

use linchpin_model::{OccurrenceKind, PackageUrl, Scope};

use crate::documents::json::Loose;
use crate::references::References;

/// Kinds whose objects are data or descriptions of other objects, and those that other readers
/// understand.
const PASSED_OVER: &[&str] = &[
    "ConfigMap",
    "CustomResourceDefinition",
    "Kustomization",
    "Component",
    "Secret",
];

/// Endings of pictures, which objects also call their image.
const PICTURES: &[&str] = &[".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"];

/// Reads one document.
pub(super) fn read(document: &Loose<'_>, references: &mut References) {
    let text = |name: &str| document.get(name).and_then(Loose::text);
    let (Some(_), Some(kind)) = (text("apiVersion"), text("kind")) else {
        return;
    };
    if PASSED_OVER.contains(&kind) {
        return;
    }
    if kind == "List" {
        for item in document.get("items").map(Loose::items).unwrap_or_default() {
            // A list in a list is none that any tool makes.
            if item.get("kind").and_then(Loose::text) != Some("List") {
                read(item, references);
            }
        }
        return;
    }
    if kind == "Application" || kind == "ApplicationSet" {
        read_argo_sources(document, references);
    }
    if kind == "HelmRelease" {
        let chart = document.get("spec").and_then(|spec| spec.get("chart"));
        if let Some(chart) = chart.and_then(|chart| chart.get("spec")) {
            add_chart(chart, ("chart", "version", ""), references);
        }
    }
    walk(document, references);
}

/// Looks for images in all members. The parser bounds how deep a document nests.
fn walk(value: &Loose<'_>, references: &mut References) {
    for item in value.items() {
        walk(item, references);
    }
    let text = |name: &str| value.get(name).and_then(Loose::text);
    for (key, member) in value.members() {
        match (key.as_ref(), member) {
            ("image" | "bundle", Loose::Text(name)) => add_image(name, references),
            ("image", Loose::Map(_)) => add_parts(member, references),
            // Operators name the images that they start in variables.
            ("value", Loose::Text(image))
                if text("name").is_some_and(|name| name.starts_with("RELATED_IMAGE_")) =>
            {
                add_image(image, references);
            }
            _ => walk(member, references),
        }
    }
}

fn add_image(name: &str, references: &mut References) {
    let lower = name.to_ascii_lowercase();
    if !PICTURES.iter().any(|ending| lower.ends_with(ending)) && !name.is_empty() {
        references.add_image_if_one(name, Scope::Runtime);
    }
}

/// An image in parts: `registry`, `repository`, `tag`, `digest`, as charts have it in their values.
pub(in crate::catalogers) fn add_parts(image: &Loose<'_>, references: &mut References) {
    let text = |name: &str| {
        image
            .get(name)
            .and_then(Loose::text)
            .filter(|text| !text.is_empty())
    };
    let Some(repository) = text("repository").or_else(|| text("name")) else {
        return;
    };
    let mut name = String::new();
    if let Some(registry) = text("registry") {
        name.push_str(registry);
        name.push('/');
    }
    name.push_str(repository);
    if let Some(tag) = text("tag") {
        name.push(':');
        name.push_str(tag);
    }
    if let Some(digest) = text("digest").or_else(|| text("sha")) {
        name.push('@');
        if !digest.contains(':') {
            name.push_str("sha256:");
        }
        name.push_str(digest);
    }
    add_image(&name, references);
}

/// The charts of an Argo CD application, which may have one source or several.
fn read_argo_sources(document: &Loose<'_>, references: &mut References) {
    let Some(mut spec) = document.get("spec") else {
        return;
    };
    if let Some(inner) = spec
        .get("template")
        .and_then(|template| template.get("spec"))
    {
        spec = inner;
    }
    let several = spec.get("sources").map(Loose::items).unwrap_or_default();
    for source in spec.get("source").into_iter().chain(several) {
        if source.get("chart").is_some() {
            add_chart(source, ("chart", "targetRevision", "repoURL"), references);
        }
    }
}

fn add_chart(chart: &Loose<'_>, keys: (&str, &str, &str), references: &mut References) {
    let text = |name: &str| chart.get(name).and_then(Loose::text);
    let Some(name) = text(keys.0).filter(|name| !name.starts_with('.') && !name.contains("{{"))
    else {
        return;
    };
    let purl = PackageUrl::with_qualifiers(
        "helm",
        None,
        name,
        text(keys.1).filter(|version| !version.contains("{{")),
        &[("repository_url", text(keys.2).unwrap_or_default())],
    );
    match purl {
        Ok(purl) => references.add(purl, OccurrenceKind::Declared, Scope::Runtime),
        Err(error) => references.problem(error.to_string()),
    }
}
