//! Whether a policy takes a build: the builder is one that it believes, who speaks for it may do so, and
//! the source, the type of build and the parameters are those that it allows. What it does not know
//! is a no.

use linchpin_trust::Provenance;

use crate::policy::{SignerName, TrustedBuild, fits};

/// Which of the policy's builds a provenance is of, or why none.
pub(crate) fn judge<'a>(
    provenance: &Provenance,
    signer: &SignerName,
    builds: &'a [TrustedBuild],
) -> Result<&'a TrustedBuild, String> {
    let mut why = None;
    for build in builds {
        if build.builder != provenance.builder {
            continue;
        }
        match fault(provenance, signer, build) {
            None => return Ok(build),
            // The first one says what is to be changed; others are for other sources.
            Some(fault) => why = why.or(Some(fault)),
        }
    }
    Err(why.unwrap_or_else(|| {
        format!(
            "the builder `{}` is none that the policy takes",
            provenance.builder
        )
    }))
}

fn fault(provenance: &Provenance, signer: &SignerName, build: &TrustedBuild) -> Option<String> {
    if let Some(speakers) = &build.signers
        && !speakers.contains(signer)
    {
        return Some(format!("{} may not speak for the builder", signer.0));
    }
    let allowed = |patterns: &[String], value: &str| {
        patterns.is_empty() || patterns.iter().any(|pattern| fits(pattern, value))
    };
    if !allowed(&build.build_types, &provenance.build_type) {
        return Some(format!(
            "the type of build `{}` is not allowed",
            provenance.build_type
        ));
    }
    let source = provenance.source.as_ref();
    let uri = source.map_or("", |source| source.uri.as_str());
    if !allowed(&build.sources, uri) {
        return Some(match uri {
            "" => "it does not say where the source is".to_owned(),
            uri => format!("it was built from `{uri}`"),
        });
    }
    let reference = source.and_then(|source| source.reference.as_deref());
    if !allowed(&build.refs, reference.unwrap_or_default()) {
        return Some(match reference {
            None => "it does not say of which branch or tag it was built".to_owned(),
            Some(reference) => format!("it was built of `{reference}`"),
        });
    }
    let unknown = provenance.parameters.iter().find(|(name, value)| {
        !build
            .parameters
            .iter()
            .any(|(known, values)| fits(known, name) && allowed(values, value))
    });
    unknown.map(|(name, value)| {
        let value: String = value.chars().take(100).collect();
        format!("the parameter `{name}` with the value `{value}` is not allowed")
    })
}

#[cfg(test)]
mod tests {
    use linchpin_trust::SourceRevision;

    use super::*;

    type Change = fn(&mut Provenance);

    fn provenance() -> Provenance {
        Provenance {
            builder: "https://example.com/builder".to_owned(),
            build_type: "https://example.com/type/v1".to_owned(),
            source: Some(SourceRevision {
                uri: "https://example.com/shop".to_owned(),
                reference: Some("refs/heads/main".to_owned()),
                commit: None,
            }),
            parameters: vec![("inputs.version".to_owned(), "1.2".to_owned())],
            materials: Vec::new(),
            started: None,
            finished: None,
        }
    }

    fn build() -> TrustedBuild {
        TrustedBuild {
            builder: "https://example.com/builder".to_owned(),
            signers: Some(vec![SignerName("ci".to_owned())]),
            level: 3,
            build_types: vec!["https://example.com/type/*".to_owned()],
            sources: vec!["https://example.com/shop".to_owned()],
            refs: vec!["refs/heads/main".to_owned(), "refs/tags/v*".to_owned()],
            parameters: vec![("inputs.*".to_owned(), vec!["1.*".to_owned()])],
        }
    }

    #[test]
    fn a_build_is_taken_only_as_it_should_be() {
        let ci = SignerName("ci".to_owned());
        let builds = [build()];
        assert_eq!(judge(&provenance(), &ci, &builds).unwrap().level, 3);
        let changes: [(Change, &str); 7] = [
            (|p| p.builder.push('s'), "is none that the policy takes"),
            (|p| p.build_type = "x:y".to_owned(), "the type of build"),
            (|p| p.source = None, "where the source is"),
            (
                |p| p.source.as_mut().unwrap().uri.push_str("-evil"),
                "it was built from",
            ),
            (
                |p| p.source.as_mut().unwrap().reference = Some("refs/heads/x".to_owned()),
                "it was built of",
            ),
            (
                |p| p.parameters.push(("debug".to_owned(), "true".to_owned())),
                "the parameter `debug`",
            ),
            (
                |p| p.parameters[0].1 = "2.0".to_owned(),
                "with the value `2.0`",
            ),
        ];
        for (change, reason) in changes {
            let mut changed = provenance();
            change(&mut changed);
            let why = judge(&changed, &ci, &builds).unwrap_err();
            assert!(why.contains(reason), "{why}");
        }
        let why = judge(&provenance(), &SignerName("other".to_owned()), &builds).unwrap_err();
        assert!(why.contains("may not speak"), "{why}");
    }
}
