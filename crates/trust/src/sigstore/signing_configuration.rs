//! Signing configurations, as the crate reads them.

use sigstore_verify::trust_root::{
    SIGSTORE_PRODUCTION_SIGNING_CONFIG, ServiceConfiguration, ServiceEndpoint, ServiceSelector,
    SigningConfig,
};

use crate::services::{
    Endpoint, Endpoints, InvalidSigningConfiguration, Selector, SigningConfiguration,
};

/// The configuration of Sigstore's production instance.
pub(crate) const PRODUCTION_SIGNING_CONFIGURATION: &str = SIGSTORE_PRODUCTION_SIGNING_CONFIG;

/// Reads a signing configuration.
pub(crate) fn read(text: &str) -> Result<SigningConfiguration, InvalidSigningConfiguration> {
    let malformed =
        |what: String| InvalidSigningConfiguration::Malformed(what.chars().take(300).collect());
    let config = SigningConfig::from_json(text).map_err(|error| malformed(error.to_string()))?;
    let endpoints = |urls: Vec<ServiceEndpoint>, how: ServiceConfiguration, field: &str| {
        let selector = match (how.selector, how.count) {
            (ServiceSelector::Any, _) => Selector::Any,
            (ServiceSelector::All, _) => Selector::All,
            (ServiceSelector::Exact, Some(count)) if count > 0 => Selector::Exactly(count as usize),
            (ServiceSelector::Exact, _) => {
                return Err(malformed(format!(
                    "`{field}` does not say how many it wants"
                )));
            }
            (other, _) => {
                return Err(malformed(format!("`{field}` has the selector {other:?}")));
            }
        };
        let all = urls.into_iter().map(endpoint).collect();
        Ok(Endpoints { all, selector })
    };
    let one = ServiceConfiguration::default();
    Ok(SigningConfiguration {
        authorities: endpoints(config.ca_urls, one, "caUrls")?,
        logs: endpoints(
            config.rekor_tlog_urls,
            config.rekor_tlog_config,
            "rekorTlogConfig",
        )?,
        timestamp_authorities: endpoints(config.tsa_urls, config.tsa_config, "tsaConfig")?,
    })
}

fn endpoint(service: ServiceEndpoint) -> Endpoint {
    let operator = service.operator.filter(|name| !name.is_empty());
    Endpoint {
        version: service.major_api_version,
        from: service.valid_for.start,
        until: service.valid_for.end,
        // Who does not say who runs a service runs it alone.
        operator: operator.unwrap_or_else(|| service.url.clone()),
        address: service.url,
    }
}
