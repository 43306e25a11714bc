//! Entries for fuzzing: the readers of what servers and other programs' files say, which are
//! otherwise only reached over a connection. Nothing is sent, and no program is run.

use crate::credentials::AuthFile;
use crate::registry::{Challenge, Location, next_in};

/// Feeds bytes to every such reader: as the header `WWW-Authenticate`, as an address to which a
/// server sends us, by itself and in a header `Link`, and as a file of credentials, which is asked
/// for a registry.
///
/// # Panics
/// If an address is not read as it was written: that is a bug.
pub fn read_foreign(bytes: &[u8]) {
    if let Some(file) = AuthFile::parse(bytes) {
        for place in ["registry.example/team", "registry.example", "docker.io"] {
            let _ = (file.helper_of(place), file.entry_of(place));
        }
        let _ = file.store();
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(Challenge::Bearer { realm, service }) = Challenge::choose(text.lines()) {
        let service = service.unwrap_or_default();
        if let Some(server) = Location::parse(&realm) {
            let asked = server.with_query(&[("service", &service), ("scope", text)]);
            // What is asked of the server must go to that server.
            assert_eq!(Location::parse(&asked.to_string()).as_ref(), Some(&asked));
            assert!(asked.has_origin_of(&server), "{asked} is not at {server}");
        }
    }
    let here = Location::at(true, "registry.example:5000", "/v2/team/app/blobs/x?y=z");
    for text in text.lines().filter_map(next_in).chain([text]) {
        let Some(there) = here.redirected(text) else {
            continue;
        };
        assert_eq!(Location::parse(&there.to_string()).as_ref(), Some(&there));
        let _ = (there.is_loopback(), there.has_origin_of(&here));
    }
}
