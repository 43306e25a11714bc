//! Large files that are fetched piece by piece, over connections that break.

use std::io::Read as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use linchpin_remote::{Address, Client, Download, FetchError};
use tempfile::TempDir;

use crate::server::{Reply, Request, Server};

/// A megabyte without any pattern that a wrong place could hide in.
fn body() -> Vec<u8> {
    let mut state = 1u32;
    (0..1 << 20)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

fn address(server: &Server) -> Address {
    format!("http://{}", server.authority).parse().unwrap()
}

fn read(download: Download) -> (Vec<u8>, Option<String>) {
    let Download::File { mut file, version } = download else {
        panic!("it was said to be unchanged");
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    (bytes, version)
}

fn left(folder: &TempDir) -> usize {
    std::fs::read_dir(folder.path()).unwrap().count()
}

/// Answers as a server does that knows versions and parts.
fn versioned(request: &Request, body: &[u8], version: &str) -> Reply {
    let known = request.header("if-none-match") == Some(version);
    let same = request.header("if-range").is_none_or(|of| of == version);
    if known {
        Reply::status(304).with("ETag", version)
    } else if same {
        Reply::part_of(body, request).with("ETag", version)
    } else {
        Reply::of(body).with("ETag", version)
    }
}

#[test]
fn a_fetch_goes_on_where_the_connection_broke_also_in_another_run() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        let whole = body();
        let reply = versioned(request, &whole, "\"one\"");
        // Each connection gives 150,000 bytes, until the sixth.
        match asked.fetch_add(1, Ordering::Relaxed) {
            0..6 => Reply {
                cut: Some(150_000),
                ..reply
            },
            _ => reply,
        }
    });
    let folder = TempDir::new().unwrap();
    let client = Client::new("test");
    let fetch = || client.download(&address(&server), "all.zip", None, folder.path());
    // Three tries are one run.
    assert!(matches!(fetch(), Err(FetchError::Failed { .. })));
    assert!(matches!(fetch(), Err(FetchError::Failed { .. })));
    assert_eq!(left(&folder), 2);
    let (bytes, version) = read(fetch().unwrap());
    assert!(bytes == body());
    assert_eq!(version.as_deref(), Some("\"one\""));
    assert_eq!(left(&folder), 0);
    let from: Vec<Option<usize>> = server.asked().iter().map(Request::from).collect();
    assert_eq!(
        from,
        [
            None,
            Some(150_000),
            Some(300_000),
            Some(450_000),
            Some(600_000),
            Some(750_000),
            Some(900_000)
        ]
    );
}

#[test]
fn parts_of_two_versions_are_never_joined() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        let first = asked.fetch_add(1, Ordering::Relaxed) == 0;
        if first {
            Reply {
                cut: Some(150_000),
                ..versioned(request, &vec![b'a'; 1 << 20], "\"one\"")
            }
        } else {
            versioned(request, &body(), "\"two\"")
        }
    });
    let folder = TempDir::new().unwrap();
    let download = Client::new("test")
        .download(&address(&server), "all.zip", None, folder.path())
        .unwrap();
    let (bytes, version) = read(download);
    assert!(bytes == body());
    assert_eq!(version.as_deref(), Some("\"two\""));
}

#[test]
fn a_server_that_sends_the_wrong_part_or_too_much_is_not_believed() {
    for wrong in [
        Reply::of(&body()[..1000]).with("Content-Range", "bytes 7-1006/1048576"),
        Reply::of(body()).with("Content-Range", "nonsense"),
    ] {
        let asked = AtomicUsize::new(0);
        let server = Server::start(move |request| match asked.fetch_add(1, Ordering::Relaxed) {
            0 => Reply {
                cut: Some(150_000),
                ..versioned(request, &body(), "\"one\"")
            },
            1 => Reply {
                status: 206,
                ..wrong.clone()
            },
            _ => versioned(request, &body(), "\"one\""),
        });
        let folder = TempDir::new().unwrap();
        let download = Client::new("test")
            .download(&address(&server), "all.zip", None, folder.path())
            .unwrap();
        assert!(read(download).0 == body());
    }
}

#[test]
fn what_is_known_is_not_fetched_again() {
    let server = Server::start(|request| versioned(request, &body(), "\"one\""));
    let folder = TempDir::new().unwrap();
    let client = Client::new("test");
    let fetch = |known| {
        client
            .download(&address(&server), "all.zip", known, folder.path())
            .unwrap()
    };
    assert!(matches!(fetch(Some("\"one\"")), Download::Unchanged));
    assert!(read(fetch(Some("\"zero\""))).0 == body());
    assert!(matches!(
        client.download(
            &address(&server),
            "all.zip",
            None,
            &folder.path().join("new/one")
        ),
        Ok(Download::File { .. })
    ));
    let missing = Server::start(|_| Reply::status(404));
    assert!(matches!(
        client.download(&address(&missing), "all.zip", None, folder.path()),
        Err(FetchError::NotFound { .. })
    ));
}

#[test]
fn the_moment_of_a_file_is_what_the_server_says_of_it() {
    let server = Server::start(|request| match request.path.as_str() {
        "/dated" => Reply::status(200).with("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        "/undated" => Reply::status(200),
        "/strange" => Reply::status(200).with("Last-Modified", "yesterday"),
        "/elsewhere" => Reply::redirect("/dated"),
        _ => Reply::status(404),
    });
    let client = Client::new("0");
    let modified = |path| client.modified(&address(&server), path);
    assert_eq!(
        modified("dated").unwrap().unwrap().to_string(),
        "1994-11-06T08:49:37Z"
    );
    assert_eq!(modified("undated").unwrap(), None);
    assert_eq!(modified("strange").unwrap(), None);
    assert_eq!(modified("elsewhere").unwrap(), None);
    assert!(matches!(
        modified("nowhere"),
        Err(FetchError::NotFound { .. })
    ));
    assert!(
        server
            .asked()
            .iter()
            .all(|request| request.method == "HEAD")
    );
}
