//! A server that answers as a test wants it, and writes down what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// By names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The first byte that is wanted.
    pub(crate) fn from(&self) -> Option<usize> {
        self.header("range")?
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse()
            .ok()
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The length to state, if not the true one.
    pub(crate) stated: Option<usize>,
    /// Bytes after which the connection is closed.
    pub(crate) cut: Option<usize>,
    /// A pause after each byte.
    pub(crate) drip: Option<Duration>,
    /// Whether the body is sent again and again, without a stated length.
    pub(crate) endless: bool,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            stated: None,
            cut: None,
            drip: None,
            endless: false,
        }
    }

    pub(crate) fn of(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..Self::status(200)
        }
    }

    pub(crate) fn redirect(target: impl Into<String>) -> Self {
        Self::status(307).with("Location", target)
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The part of a body that was asked for.
    pub(crate) fn part_of(body: &[u8], request: &Request) -> Self {
        match request.from() {
            Some(from) if from < body.len() => Self {
                status: 206,
                ..Self::of(&body[from..])
            }
            .with(
                "Content-Range",
                format!("bytes {from}-{}/{}", body.len() - 1, body.len()),
            ),
            Some(_) => Self::status(416),
            None => Self::of(body),
        }
    }
}

/// A server on this machine. Its thread ends with the test.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) authority: String,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                std::thread::spawn(move || {
                    let reading = stream.try_clone().unwrap();
                    serve(reading, stream, answer.as_ref(), &log);
                });
            }
        });
        Self { authority, asked }
    }

    /// A server at a socket of this machine.
    pub(crate) fn at_socket(
        path: &Path,
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = UnixListener::bind(path).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let reading = stream.try_clone().unwrap();
                serve(reading, stream, &answer, &log);
            }
        });
        Self {
            authority: path.display().to_string(),
            asked,
        }
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    /// How often a path with this in it was asked for.
    pub(crate) fn count(&self, part: &str) -> usize {
        self.asked()
            .iter()
            .filter(|request| request.path.contains(part))
            .count()
    }
}

fn serve(
    reading: impl Read,
    mut writing: impl Write,
    answer: &(impl Fn(&Request) -> Reply + ?Sized),
    log: &Mutex<Vec<Request>>,
) {
    let mut reader = BufReader::new(reading);
    let Some(request) = read_request(&mut reader) else {
        return;
    };
    log.lock().unwrap().push(request.clone());
    let _ = write_reply(&mut writing, &answer(&request));
}

fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|length: &String| length.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        path,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}

fn write_reply(writer: &mut impl Write, reply: &Reply) -> std::io::Result<()> {
    write!(
        writer,
        "HTTP/1.1 {} Answer\r\nConnection: close\r\n",
        reply.status
    )?;
    for (name, value) in &reply.headers {
        write!(writer, "{name}: {value}\r\n")?;
    }
    if !reply.endless {
        let length = reply.stated.unwrap_or(reply.body.len());
        write!(writer, "Content-Length: {length}\r\n")?;
    }
    write!(writer, "\r\n")?;
    if reply.endless {
        loop {
            writer.write_all(&reply.body)?;
        }
    }
    let end = reply.cut.unwrap_or(reply.body.len()).min(reply.body.len());
    match reply.drip {
        Some(pause) => {
            for byte in &reply.body[..end] {
                writer.write_all(&[*byte])?;
                writer.flush()?;
                std::thread::sleep(pause);
            }
        }
        None => writer.write_all(&reply.body[..end])?,
    }
    writer.flush()
}
