//! How both generations of SPDX name a component: the group stands before the name where the
//! package URL tells the two apart again.

use linchpin_model::PackageUrl;

use crate::document::Component;

/// The name as people write it, and the group where the package URL does not tell it from the
/// name.
pub(crate) fn joined(found: &Component) -> (String, Option<String>) {
    let Some(group) = &found.group else {
        return (found.name.clone(), None);
    };
    let purl = found
        .purl
        .as_deref()
        .and_then(|purl| purl.parse::<PackageUrl>().ok());
    let separator = match &purl {
        Some(purl) if purl.kind() == "maven" => ':',
        _ => '/',
    };
    if purl.is_some_and(|purl| purl.namespace() == Some(group)) {
        (format!("{group}{separator}{}", found.name), None)
    } else {
        (found.name.clone(), Some(group.clone()))
    }
}

/// A name that is the group and the name of the package URL is split like those.
pub(crate) fn split(component: &mut Component) {
    let Some(purl) = component
        .purl
        .as_deref()
        .and_then(|purl| purl.parse::<PackageUrl>().ok())
    else {
        return;
    };
    if let Some(namespace) = purl.namespace()
        && let Some(rest) = component.name.strip_prefix(namespace)
        && let Some(name) = rest.strip_prefix(['/', ':'])
        && !name.is_empty()
    {
        component.name = name.to_owned();
        component.group = Some(namespace.to_owned());
    }
}
