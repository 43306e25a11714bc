//! NuGet's own ordering: `NuGetVersion`, out of the client `NuGet.exe` as it is published, by a program
//! of a few lines that Mono compiles and runs.

use std::path::Path;

use linchpin_model::VersionScheme;

use super::generated::related_pairs;
use super::tools::{ask, assert_same};
use crate::reference_tools::{node_clients, skip, works};

const PROGRAM: &str = r#"
using System;
using NuGet.Versioning;

class Compare
{
    static void Main()
    {
        string line;
        while ((line = Console.ReadLine()) != null)
        {
            var pair = line.Split('\t');
            NuGetVersion left, right;
            Console.WriteLine(
                NuGetVersion.TryParse(pair[0], out left) && NuGetVersion.TryParse(pair[1], out right)
                    ? Math.Sign(left.CompareTo(right)).ToString()
                    : "invalid");
        }
    }
}
"#;

/// Compiles the program beside the client.
fn compiled(client: &Path, folder: &Path) -> Option<String> {
    let at = |name: &str| folder.join(name).display().to_string();
    // An assembly is looked for under its own name.
    std::fs::copy(client, at("NuGet.exe")).ok()?;
    std::fs::write(at("Compare.cs"), PROGRAM).ok()?;
    let (reference, out) = (
        format!("-r:{}", at("NuGet.exe")),
        format!("-out:{}", at("Compare.exe")),
    );
    works("mcs", &[&reference, &out, &at("Compare.cs")]).then(|| at("Compare.exe"))
}

#[test]
fn nuget_is_ordered_as_by_nuget() {
    let folder = tempfile::TempDir::new().unwrap();
    let program = node_clients()
        .map(|clients| clients.join("nuget-exe/nuget-5.8.0.exe"))
        .and_then(|client| compiled(&client, folder.path()));
    let Some(program) = program else {
        return skip("NuGet.exe with Mono and its compiler");
    };
    let pairs = related_pairs(VersionScheme::NuGet, 25_000);
    let theirs = ask("mono", &[&program], &pairs);
    assert_same(VersionScheme::NuGet, &pairs, &theirs);
}
