//! What a file that comes without a name is called: by what it holds, because the endings of
//! names say which packages are read.

use super::Form;
use super::bytes::{Bytes, start_of};
use super::form::form_of;
use super::zip_directory::ZipDirectory;

/// Most members that are looked at.
const MOST_MEMBERS: usize = 10_000;

/// A name for a file from standard input.
pub(crate) fn unnamed_name(bytes: &dyn Bytes) -> &'static str {
    match form_of(bytes, "") {
        Ok(Some(Form::Zip)) => name_of_zip(bytes),
        Ok(Some(Form::Ar)) => "stdin.deb",
        Ok(Some(Form::Rpm)) => "stdin.rpm",
        Ok(Some(Form::Tar)) => {
            let start = start_of(bytes, 100).unwrap_or_default();
            let gem = [
                &b"metadata.gz\0"[..],
                b"data.tar.gz\0",
                b"checksums.yaml.gz\0",
            ];
            if gem.iter().any(|name| start.starts_with(name)) {
                "stdin.gem"
            } else {
                "stdin"
            }
        }
        _ => "stdin",
    }
}

fn name_of_zip(bytes: &dyn Bytes) -> &'static str {
    let Ok(mut directory) = ZipDirectory::open(bytes, 4096) else {
        return "stdin";
    };
    let mut is_java = false;
    for _ in 0..MOST_MEMBERS {
        let Ok(Some(member)) = directory.next_member() else {
            break;
        };
        let name = String::from_utf8_lossy(&member.name);
        if name.ends_with(".dist-info/WHEEL") {
            return "stdin.whl";
        }
        let special = match name.as_ref() {
            "AndroidManifest.xml" => Some("stdin.apk"),
            "WEB-INF/web.xml" => Some("stdin.war"),
            "EGG-INFO/PKG-INFO" => Some("stdin.egg"),
            "extension.vsixmanifest" => Some("stdin.vsix"),
            "META-INF/mozilla.rsa" => Some("stdin.xpi"),
            name if name.ends_with(".nuspec") && !name.contains('/') => Some("stdin.nupkg"),
            _ => None,
        };
        if let Some(special) = special {
            return special;
        }
        is_java |= name == "META-INF/MANIFEST.MF";
    }
    if is_java { "stdin.jar" } else { "stdin" }
}
