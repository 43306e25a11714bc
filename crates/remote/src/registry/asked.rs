//! What is asked of a repository: to give something, or to store it.

use ureq::http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, RANGE};
use ureq::http::{HeaderName, HeaderValue, Method};

use super::agents::Sent;
use super::authorization::Authorization;
use super::location::Location;
use super::reference::ImageReference;

/// What is asked of a repository.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The path below the repository.
    pub(super) path: &'a str,
    /// Where it is asked, if the registry has named an address for it.
    pub(super) at: Option<&'a Location>,
    /// The types that are understood.
    pub(super) accept: &'static str,
    /// The first byte that is wanted.
    pub(super) from: u64,
    /// What is to be done.
    pub(super) how: How<'a>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub(super) enum How<'a> {
    /// Give it.
    Get,
    /// Say whether it is there.
    Head,
    /// Begin to take something in.
    Begin,
    /// Store these bytes, which are of this type.
    Put(&'static str, &'a [u8]),
}

impl<'a> Asked<'a> {
    /// Asks for something.
    pub(super) fn get(path: &'a str, accept: &'static str) -> Self {
        Self {
            path,
            at: None,
            accept,
            from: 0,
            how: How::Get,
        }
    }

    /// Asks to do something else.
    pub(super) fn to(how: How<'a>, path: &'a str) -> Self {
        Self {
            how,
            ..Self::get(path, "*/*")
        }
    }

    /// What it is, for people.
    pub(super) fn what(&self, reference: &ImageReference) -> String {
        let repository = reference.repository();
        let what = match self.path.split_once('/') {
            Some(("manifests", version)) if version.contains(':') => {
                format!("image `{repository}@{version}`")
            }
            Some(("manifests", version)) => format!("image `{repository}:{version}`"),
            Some(("referrers", digest)) => {
                format!("list of what is attached to `{repository}@{digest}`")
            }
            Some((_, "uploads/")) => format!("room for a blob of `{repository}`"),
            Some((_, digest)) => format!("blob `{digest}` of `{repository}`"),
            None => format!("`{}`", self.path),
        };
        match self.how {
            How::Put(..) => format!("storage of the {what}"),
            How::Get | How::Head | How::Begin => what,
        }
    }

    /// What is sent with the address.
    pub(super) fn request(&self, authorization: Option<&Authorization>) -> Sent<'a> {
        let fixed = |name: HeaderName, value: &'static str| (name, HeaderValue::from_static(value));
        let mut headers = vec![
            fixed(ACCEPT, self.accept),
            // Layers are compressed already, and digests are of the bytes as they are stored.
            fixed(ACCEPT_ENCODING, "identity"),
        ];
        if self.from > 0
            && let Ok(range) = HeaderValue::from_str(&format!("bytes={}-", self.from))
        {
            headers.push((RANGE, range));
        }
        if let Some(authorization) = authorization {
            headers.push((AUTHORIZATION, authorization.header()));
        }
        let (method, body) = match self.how {
            How::Get => (Method::GET, None),
            How::Head => (Method::HEAD, None),
            How::Begin => (Method::POST, Some(&[][..])),
            How::Put(kind, bytes) => {
                headers.push(fixed(CONTENT_TYPE, kind));
                (Method::PUT, Some(bytes))
            }
        };
        Sent {
            method,
            headers,
            body,
        }
    }
}

impl How<'_> {
    /// Whether this status says that it was done.
    pub(super) fn is_success(self, status: u16) -> bool {
        match self {
            Self::Get => matches!(status, 200 | 206),
            Self::Head => status == 200,
            Self::Begin => matches!(status, 201 | 202),
            Self::Put(..) => matches!(status, 200 | 201 | 202 | 204),
        }
    }

    /// Whether a server that sends us elsewhere with this status means the same request there.
    pub(super) fn is_kept_by(self, status: u16) -> bool {
        match self {
            Self::Get | Self::Head => true,
            Self::Begin | Self::Put(..) => matches!(status, 307 | 308),
        }
    }
}
