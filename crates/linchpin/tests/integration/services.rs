//! Services as a user meets them: with the places where they are used, and no secret.

use crate::program::run;

#[test]
fn services_are_told_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "package.json",
        r#"{"name": "shop", "version": "1.0.0", "dependencies": {"@sentry/node": "8.0.0"}, "homepage": "https://shop-home.io"}"#,
    );
    write(
        "src/pay.ts",
        "import x from 'y'\n// https://comment.shop-host.io\nconst key = process.env.STRIPE_SECRET_KEY\n\
         await fetch('https://api.stripe.com/v1/charges')\nawait fetch('https://hooks.shop-host.io/paid')\n",
    );
    write(
        ".env",
        "STRIPE_SECRET_KEY=geheim\nDATABASE_URL=postgres://app:geheim@db.shop-host.io/shop\n",
    );
    write("docs/a.ts", "fetch('https://docs-only.shop-host.io')");
    write("README.md", "https://readme.shop-host.io");
    let target = folder.path().display().to_string();

    let outcome = run(&["services", "-q", &target]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for line in [
        "2 known services, 2 other endpoints",
        "Stripe: payments; what goes there: payments, personal",
        "  host        api.stripe.com  src/pay.ts:4",
        "  credential  STRIPE_SECRET_KEY  .env:1, src/pay.ts:3",
        "  package     @sentry/node 8.0.0  package.json",
        "  https://hooks.shop-host.io  src/pay.ts:5",
        "  postgres://db.shop-host.io  .env:2",
    ] {
        assert!(
            outcome.stdout.lines().any(|found| found == line),
            "{line}\n{}",
            outcome.stdout
        );
    }
    assert!(!outcome.stdout.contains("geheim"));

    let outcome = run(&["services", "-q", &target, "-f", "json"]);
    let found: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let ids: Vec<_> = found["services"]
        .as_array()
        .unwrap()
        .iter()
        .map(|service| service["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["sentry", "stripe"]);
    assert_eq!(found["services"][1]["credentials"][0], "STRIPE_SECRET_KEY");

    for format in ["cyclonedx-json", "cyclonedx-xml", "cyclonedx-xml@1.4"] {
        let file = folder.path().join("bom");
        let asked = format!("{format}={}", file.display());
        let outcome = run(&["services", "-q", &target, "-f", &asked]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("service:stripe") && text.contains("https://api.stripe.com"));
        let verdict = run(&["sbom", "validate", &file.display().to_string()]);
        assert_eq!(verdict.code, 0, "{verdict:?}");
        std::fs::remove_file(file).unwrap();
    }

    let outcome = run(&["services", "-q", &target, "-f", "spdx-json"]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
}
