//! Package URLs, licence expressions, paths and digests: whatever is taken is written so that it
//! is taken again and is the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_model::{Digest, LicenseExpression, PackageUrl, TargetPath};

fuzz_target!(|bytes: &[u8]| {
    let path = TargetPath::from_bytes(bytes);
    assert_eq!(TargetPath::new(path.as_str()), path);
    assert!(!path.parts().any(|part| matches!(part, "" | "." | "..")));

    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(purl) = text.parse::<PackageUrl>() {
        let again = purl.as_str().parse::<PackageUrl>();
        assert_eq!(again.as_ref().ok(), Some(&purl), "{purl}: {again:?}");
        let _ = (purl.full_name(), purl.ecosystem(), purl.qualifier("arch"));
    }
    if let [kind, namespace, name, version] = *text.splitn(4, '\n').collect::<Vec<_>>().as_slice()
        && let Ok(purl) = PackageUrl::new(kind, Some(namespace), name, Some(version))
    {
        let again = purl.as_str().parse::<PackageUrl>();
        assert_eq!(again.as_ref().ok(), Some(&purl), "{purl}: {again:?}");
    }
    if let Ok(license) = LicenseExpression::parse(text) {
        let again = LicenseExpression::parse(license.as_str());
        assert_eq!(
            again.as_ref().ok(),
            Some(&license),
            "{license:?}: {again:?}"
        );
        let both = LicenseExpression::and([license.clone(), license]);
        if let Some(both) = both {
            assert!(LicenseExpression::parse(both.as_str()).is_ok(), "{both:?}");
        }
    }
    let _ = LicenseExpression::from_identifier(text);
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string().parse::<Digest>().ok(), Some(digest));
    }
});
