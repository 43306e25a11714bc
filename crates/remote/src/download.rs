//! Large files that are fetched piece by piece: what was there when a connection broke, or the
//! program ended, need not be fetched again.
//!
//! A file that is being fetched lies in a folder beside a note of its address and of the version
//! (ETag) that it is a part of. The rest is asked for with `Range` and `If-Range`
//! (<https://www.rfc-editor.org/rfc/rfc9110#name-range-requests>): a server that has another
//! version by now sends all of it, and the fetching begins anew. Two processes may not use a folder
//! at once; whoever gives the folder sees to that.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use ureq::Agent;
use ureq::http::{Response, header};

use crate::client::{Attempt, FetchError, MOST_BYTES, failure};

/// What came of asking for a file.
#[derive(Debug)]
pub enum Download {
    /// It is the version that is known already.
    Unchanged,
    /// The file, and what names its version.
    File {
        /// The file, from its beginning. It has no name any more and vanishes when it is closed.
        file: File,
        /// The server's ETag.
        version: Option<String>,
    },
}

/// A file that is being fetched.
pub(crate) struct Partial {
    path: PathBuf,
    note: PathBuf,
    file: File,
    address: String,
    version: Option<String>,
    have: u64,
}

impl Partial {
    /// Takes up what is there of an address, or begins.
    pub(crate) fn open(folder: &Path, address: &str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let digest = Sha256::digest(address.as_bytes());
        let mut stem = String::new();
        for byte in digest.iter().take(8) {
            let _ = write!(stem, "{byte:02x}");
        }
        let path = folder.join(format!("{stem}.partial"));
        let note = folder.join(format!("{stem}.version"));
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)?;
        let noted = fs::read_to_string(&note).unwrap_or_default();
        let mut lines = noted.lines();
        let version = (lines.next() == Some(address))
            .then(|| lines.next().map(str::to_owned))
            .flatten();
        let mut partial = Self {
            path,
            note,
            file,
            address: address.to_owned(),
            version,
            have: 0,
        };
        match &partial.version {
            Some(_) => partial.have = partial.file.metadata()?.len(),
            None => partial.begin(None)?,
        }
        Ok(partial)
    }

    /// Begins anew, with a version.
    fn begin(&mut self, version: Option<String>) -> io::Result<()> {
        // The note goes first and comes last, so that it never names bytes of another version.
        match fs::remove_file(&self.note) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.file.set_len(0)?;
        self.have = 0;
        if let Some(version) = &version {
            fs::write(&self.note, format!("{}\n{version}\n", self.address))?;
        }
        self.version = version;
        Ok(())
    }

    /// Asks for what is missing, and keeps what comes.
    pub(crate) fn fetch(
        &mut self,
        agent: &Agent,
        known: Option<&str>,
    ) -> Result<Option<()>, Attempt> {
        let unwritable = |error| Attempt::Never(FetchError::Unwritable(error));
        let address = self.address.clone();
        let failed = |reason: &str| Attempt::Later(failure(&address, reason));
        let mut request = agent.get(&address);
        match (&self.version, known) {
            (Some(version), _) if self.have > 0 => {
                request = request
                    .header(header::RANGE, format!("bytes={}-", self.have))
                    .header(header::IF_RANGE, version);
            }
            (_, Some(known)) => request = request.header(header::IF_NONE_MATCH, known),
            _ => {}
        }
        let response = match request.call() {
            // What we have is no part of what is there.
            Err(ureq::Error::StatusCode(416)) => {
                self.begin(None).map_err(unwritable)?;
                return Err(failed("the server has no such part of it"));
            }
            other => other.map_err(|error| Attempt::of(&address, error))?,
        };
        let status = response.status().as_u16();
        let length = match status {
            304 => {
                self.remove();
                return Ok(None);
            }
            206 => {
                let (from, whole) = content_range(&response)
                    .filter(|(from, _)| *from == self.have)
                    .ok_or_else(|| failed("the server sends another part than it was asked for"))?;
                debug_assert_eq!(from, self.have);
                whole
            }
            200 => {
                let version = strong_version(&response);
                self.begin(version).map_err(unwritable)?;
                content_length(&response)
            }
            _ => {
                return Err(Attempt::Never(failure(
                    &address,
                    &format!("the server answers with status {status}"),
                )));
            }
        };
        if length.is_some_and(|length| length > MOST_BYTES) {
            return Err(Attempt::Never(FetchError::TooLarge {
                address,
                most: MOST_BYTES,
            }));
        }
        let mut body = response
            .into_body()
            .into_with_config()
            .limit(MOST_BYTES + 1)
            .reader();
        self.keep(&mut body).map_err(|error| match error {
            Kept::Body(error) => failed(&error.to_string()),
            Kept::TooLarge => Attempt::Never(FetchError::TooLarge {
                address: address.clone(),
                most: MOST_BYTES,
            }),
            Kept::File(error) => unwritable(error),
        })?;
        match length {
            Some(length) if length > self.have => Err(failed("the connection ended too early")),
            Some(length) if length < self.have => {
                self.begin(None).map_err(unwritable)?;
                Err(failed("the server sent more than it said"))
            }
            _ => Ok(Some(())),
        }
    }

    /// Appends what a body gives. What was written counts even if the rest does not come.
    fn keep(&mut self, body: &mut impl Read) -> Result<(), Kept> {
        self.file
            .seek(SeekFrom::Start(self.have))
            .map_err(Kept::File)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = body.read(&mut buffer).map_err(Kept::Body)?;
            let bytes = buffer.get(..count).unwrap_or_default();
            if bytes.is_empty() {
                return Ok(());
            }
            self.file.write_all(bytes).map_err(Kept::File)?;
            self.have += count as u64;
            if self.have > MOST_BYTES {
                return Err(Kept::TooLarge);
            }
        }
    }

    /// The whole file.
    pub(crate) fn finish(mut self) -> io::Result<(File, Option<String>)> {
        self.file.rewind()?;
        self.remove();
        Ok((self.file, self.version))
    }

    fn remove(&self) {
        let _ = fs::remove_file(&self.note);
        let _ = fs::remove_file(&self.path);
    }
}

/// Why not all of a body was kept.
enum Kept {
    Body(io::Error),
    TooLarge,
    File(io::Error),
}

/// The version in an answer, if equal versions are equal byte for byte.
fn strong_version<T>(response: &Response<T>) -> Option<String> {
    let version = response.headers().get(header::ETAG)?.to_str().ok()?;
    (version.starts_with('"') && version.len() < 1000).then(|| version.to_owned())
}

fn content_length<T>(response: &Response<T>) -> Option<u64> {
    response
        .headers()
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// `bytes 100-199/200`: where the part begins, and the length of the whole.
fn content_range<T>(response: &Response<T>) -> Option<(u64, Option<u64>)> {
    let text = response
        .headers()
        .get(header::CONTENT_RANGE)?
        .to_str()
        .ok()?;
    let (range, whole) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    Some((from.parse().ok()?, whole.parse().ok()))
}
