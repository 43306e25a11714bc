//! Overlays of Kustomize over a base, with a patch, checked as they come out.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_check::kinds;
use linchpin_fuzz::checking::{check, parts};

fuzz_target!(|bytes: &[u8]| {
    let Some(kind) = kinds::find("kubernetes") else {
        return;
    };
    let [overlay, resource, patch, base] = parts(bytes);
    check(
        kind,
        &[
            ("base/kustomization.yaml", base),
            ("base/resource.yaml", resource),
            ("overlay/kustomization.yaml", overlay),
            ("overlay/patch.yaml", patch),
        ],
    );
});
