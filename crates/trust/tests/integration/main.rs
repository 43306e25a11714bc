//! Keys, bundles and their verification, compared with openssl, libsodium and sigstore-python, and
//! with what others have signed.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not go on fails, in its helpers too"
)]

mod attached;
mod bundles;
mod changed_json;
mod cosign_keys;
mod documented;
mod hostile_bundles;
mod hostile_keys;
mod identity_tokens;
mod old_cosign;
mod openssl_bundles;
mod openssl_keys;
mod real_bundles;
mod reference_tools;
mod service_requests;
mod signing_configurations;
mod sigstore_python;
mod tampering;
mod trusted_roots;
