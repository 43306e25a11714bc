//! Package URLs and what they are read as. The cases are our own; the specification's suite was
//! the other half of the check when this was written.

use super::*;

/// What is read, the canonical text, and the parts: type, namespace, name, version, qualifiers,
/// subpath.
#[rustfmt::skip]
const READ: &[(&str, &str)] = &[
    ("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad@1.3.0"),
    ("pkg:npm/@Scope/Name@1.0.0", "pkg:npm/%40scope/name@1.0.0"),
    ("pkg:npm/@scope/name", "pkg:npm/%40scope/name"),
    ("PKG://NPM/name/", "pkg:npm/name"),
    ("pkg:golang/Example.com/Tool@v1#/cmd//./x/../", "pkg:golang/example.com/tool@v1#cmd/x"),
    ("pkg:deb/Debian/Bash@5:1+b1?distro=x&Arch=amd64&a=", "pkg:deb/debian/bash@5:1%2Bb1?arch=amd64&distro=x"),
    ("pkg:opam/git@3/16.1", "pkg:opam/git@3%2F16.1"),
    ("pkg:pypi/Zope.Interface_x@1.0RC1", "pkg:pypi/zope.interface-x@1.0rc1"),
    ("pkg:pub/Some-Name", "pkg:pub/some_name"),
    ("pkg:cpan/author/Some-Dist", "pkg:cpan/AUTHOR/Some-Dist"),
    ("pkg:oci/App@SHA256%3aAB?tag=Latest", "pkg:oci/app@sha256:ab?tag=Latest"),
    ("pkg:huggingface/Org/Model@ABCDEF", "pkg:huggingface/Org/Model@abcdef"),
    ("pkg:mlflow/Model?repository_url=https://x.DataBricks.example/", "pkg:mlflow/model?repository_url=https:%2F%2Fx.DataBricks.example%2F"),
    ("pkg:mlflow/Model?repository_url=https://x.example/", "pkg:mlflow/Model?repository_url=https:%2F%2Fx.example%2F"),
    ("pkg:generic/a%2Fb@c%40d?k=e%26f%3Dg&checksum=md5:0a,sha1:0b", "pkg:generic/a%2Fb@c%40d?checksum=md5:0a%2Csha1:0b&k=e%26f%3Dg"),
    ("pkg:generic/größe (1)@ä", "pkg:generic/gr%C3%B6%C3%9Fe%20%281%29@%C3%A4"),
    ("pkg:bitbucket/Some-Team/Some-Tool@0a1B2c", "pkg:bitbucket/some-team/some-tool@0a1B2c"),
    ("pkg:cargo/Some_Crate@0.3.11", "pkg:cargo/Some_Crate@0.3.11"),
    ("pkg:conda/some-py@0.4.1?type=tar.bz2&subdir=linux-64&channel=main&build=py36h0_0", "pkg:conda/some-py@0.4.1?build=py36h0_0&channel=main&subdir=linux-64&type=tar.bz2"),
    ("pkg:qpkg/Vendor/com.Vendor.kit@7.0.0.SGA2017L", "pkg:qpkg/vendor/com.Vendor.kit@7.0.0.SGA2017L"),
    ("pkg:maven/Org.Example/IO@0.3-3", "pkg:maven/Org.Example/IO@0.3-3"),
    ("pkg:maven/org.example/io", "pkg:maven/org.example/io"),
    ("pkg:/maven/org.example/io", "pkg:maven/org.example/io"),
    ("pkg:///maven/org.example/io", "pkg:maven/org.example/io"),
    ("pkg:Maven/org.example/io@1.9.1?classifier=sources&repositorY_url=https://x.example/r", "pkg:maven/org.example/io@1.9.1?classifier=sources&repository_url=https:%2F%2Fx.example%2Fr"),
    ("pkg:Maven/org.example/io@1.9.1?type=zip&classifier=dist", "pkg:maven/org.example/io@1.9.1?classifier=dist&type=zip"),
    ("pkg:maven/group/thing@1.0.0%20Final?mykey=my%20value", "pkg:maven/group/thing@1.0.0%20Final?mykey=my%20value"),
    ("pkg:fruit/A//B/c", "pkg:fruit/A/B/c"),
    ("pkg:a.b-c/n@", "pkg:a.b-c/n"),
    ("pkg:generic/n?", "pkg:generic/n"),
    ("pkg:generic/n#", "pkg:generic/n"),
    ("pkg:generic/n?&&a&=b", ""),
    ("pkg:generic/n?a", "pkg:generic/n"),
];

#[test]
fn canonical_text_is_as_the_specification_has_it() {
    for (text, canonical) in READ {
        let read = PackageUrlComponents::parse(text);
        if canonical.is_empty() {
            assert!(read.is_err(), "{text}");
            continue;
        }
        let components = read.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(components.to_string(), *canonical, "{text}");
        let again = PackageUrlComponents::parse(canonical).unwrap();
        assert_eq!(again, components, "{text}");
        let built = PackageUrlComponents::build(
            &components.kind,
            components.namespace.as_deref(),
            &components.name,
            components.version.as_deref(),
            components
                .qualifiers
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str())),
            components.subpath.as_deref(),
        );
        assert_eq!(built.unwrap(), components, "{text}");
    }
}

#[test]
fn what_is_no_package_url_is_refused() {
    for text in [
        "",
        "npm/name@1",
        "http://npm/name",
        "pkg%3Anpm/name",
        "pkg:npm",
        "pkg:npm/",
        "pkg:npm/@1.0",
        "pkg:maven/@1.3.4",
        "pkg%3Amaven/org.example/io",
        "pkg:npm/scope/@1.0",
        "pkg:/name@1",
        "pkg:1npm/name",
        "pkg:n+m/name",
        "pkg:npm/name@%zz",
        "pkg:npm/name@%ff",
        "pkg:npm/name@1%",
        "pkg:npm/a%2Fb/name",
        "pkg:npm/name#a%2Fb",
        "pkg:npm/name?a=1&A=2",
        "pkg:npm/name?1a=1",
        "pkg:npm/name?a%20b=1",
    ] {
        assert!(PackageUrlComponents::parse(text).is_err(), "{text}");
    }
}

#[test]
fn rules_of_a_type_are_known() {
    let broken = |text: &str| PackageUrlComponents::parse(text).unwrap().broken_rule();
    for text in [
        "pkg:cargo/a/b",
        "pkg:conda/main/b@1",
        "pkg:swift/b@1",
        "pkg:julia/B",
        "pkg:swid/b",
        "pkg:cpan/A/B::C",
        "pkg:cpan/B",
        "pkg:chrome-extension/abc",
        "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop@1.2.3.4.5",
    ] {
        assert!(broken(text).is_some(), "{text}");
    }
    for text in [
        "pkg:golang/stdlib@1.22.1",
        "pkg:maven/x@1",
        "pkg:julia/B?uuid=1",
        "pkg:chrome-extension/ABCDEFGHIJKLMNOPabcdefghijklmnop@1.2",
        "pkg:fruit/x",
    ] {
        assert_eq!(broken(text), None, "{text}");
    }
}

fn said(text: &str) -> Vec<String> {
    validate_package_url(text)
        .into_iter()
        .map(|message| format!("{}: {}", message.severity, message.text))
        .collect()
}

#[test]
fn validation_says_everything_once() {
    assert!(said("pkg:npm/%40scope/name@1.0.0").is_empty());
    assert_eq!(
        said("pkg:maven/x@1"),
        ["error: the type `maven` demands a namespace"]
    );
    assert_eq!(
        said("pkg:fruit/x"),
        ["warning: the type `fruit` is not registered"]
    );
    assert_eq!(
        said("pkg:cargo/x@1?colour=red&vers=v&checksum=MD5:0"),
        [
            "info: the type `cargo` has no qualifier `colour`",
            "warning: the checksum `MD5:0` is not an algorithm, `:` and hexadecimal digits, in lower case",
            "warning: the qualifier `vers` stands for a version, and there is one too",
            "warning: the qualifiers are not sorted by their keys",
            "warning: the canonical form is `pkg:cargo/x@1?checksum=MD5:0&colour=red&vers=v`",
        ]
    );
    assert_eq!(
        said("pkg://GitHub/Org/name@a/b#./c"),
        [
            "warning: there are slashes after the scheme",
            "warning: the type is not in lower case",
            "warning: the namespace is not in the case that the type has",
            "warning: the version is not percent-encoded as it must be",
            "warning: the subpath is not in the form that it has here",
            "warning: the canonical form is `pkg:github/org/name@a%2Fb#c`",
        ]
    );
    assert_eq!(
        said("x"),
        ["error: there is no scheme; it begins with `pkg:`"]
    );
    assert_eq!(
        said("pkg:julia/a/B"),
        [
            "error: the type `julia` has no namespace, and here is `a`",
            "error: the type `julia` demands the qualifier `uuid`",
        ]
    );
    let long = format!("pkg:npm/A{}", "a".repeat(1 << 20));
    assert!(said(&long).iter().all(|message| message.len() < 300));
}
