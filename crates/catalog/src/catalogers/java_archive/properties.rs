//! `META-INF/maven/GROUP/ARTIFACT/pom.properties`, which Maven writes into what it builds.

use super::pom::Coordinates;

/// Most lines that are looked at; Maven writes five.
const MOST_LINES: usize = 200;

/// The coordinates in the file, if all three are there.
pub(super) fn parse(content: &[u8]) -> Option<Coordinates> {
    let text = String::from_utf8_lossy(content);
    let (mut group, mut artifact, mut version) = (None, None, None);
    for line in text.lines().take(MOST_LINES) {
        let line = line.trim();
        if line.starts_with(['#', '!']) {
            continue;
        }
        let Some((key, value)) = line.split_once(['=', ':']) else {
            continue;
        };
        let value = value.trim().replace('\\', "");
        match key.trim() {
            "groupId" => group = Some(value),
            "artifactId" => artifact = Some(value),
            "version" => version = Some(value),
            _ => {}
        }
    }
    Some(Coordinates {
        group: group?,
        artifact: artifact?,
        version: version.filter(|version| !version.is_empty() && !version.contains("${")),
    })
}
