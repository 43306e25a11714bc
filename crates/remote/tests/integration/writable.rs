//! A small registry in memory that can be written to, with lists of what is attached or without.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::image::sha256;
use crate::server::{Reply, Request, Server};

/// How the registry does what the specification leaves open.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manner {
    /// Whether it keeps lists of what is attached.
    pub(crate) lists: bool,
    /// Where it has blobs uploaded: an address, or a path of its own.
    pub(crate) uploads_at: Option<String>,
}

/// What a registry holds.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Manifests by tag and by digest, with their types.
    pub(crate) manifests: BTreeMap<String, (String, String)>,
    pub(crate) blobs: BTreeMap<String, String>,
}

/// A registry that can be written to.
#[derive(Debug)]
pub(crate) struct Writable {
    pub(crate) server: Server,
    pub(crate) held: Arc<Mutex<Held>>,
}

const IMAGE: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"digest":"sha256:0","size":1},"layers":[]}"#;

impl Writable {
    /// Starts one with an image at the tag `1`. What it answers goes through `change`.
    pub(crate) fn start(
        manner: Manner,
        change: impl Fn(&Request, &mut Held, Reply) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let held = Arc::new(Mutex::new(Held::default()));
        let kind = "application/vnd.oci.image.manifest.v1+json".to_owned();
        for name in ["1".to_owned(), sha256(IMAGE.as_bytes())] {
            let manifest = (kind.clone(), IMAGE.to_owned());
            held.lock().unwrap().manifests.insert(name, manifest);
        }
        let ours = Arc::clone(&held);
        let server = Server::start(move |request| {
            let mut held = ours.lock().unwrap();
            let reply = held.answer(request, &manner);
            change(request, &mut held, reply)
        });
        Self { server, held }
    }

    /// The name of its image.
    pub(crate) fn image(&self) -> String {
        format!("{}/team/app:1", self.server.authority)
    }

    /// What a tag or digest leads to.
    pub(crate) fn manifest(&self, name: &str) -> Option<Value> {
        let held = self.held.lock().unwrap();
        let (_, content) = held.manifests.get(name)?;
        serde_json::from_str(content).ok()
    }
}

impl Held {
    fn answer(&mut self, request: &Request, manner: &Manner) -> Reply {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let last = path.rsplit('/').next().unwrap_or_default().to_owned();
        match request.method.as_str() {
            "POST" if path.ends_with("/blobs/uploads/") => {
                let own = "/v2/team/app/blobs/uploads/some-room?state=x".to_owned();
                let room = manner.uploads_at.clone().unwrap_or(own);
                Reply::status(202).with("Location", room)
            }
            "PUT" if path.contains("/uploads/") => {
                let digest = query
                    .split('&')
                    .find_map(|pair| pair.strip_prefix("digest="));
                let digest = digest.unwrap_or_default().replace("%3A", ":");
                if digest != sha256(request.body.as_bytes()) {
                    return Reply::status(400);
                }
                self.blobs.insert(digest, request.body.clone());
                Reply::status(201)
            }
            "PUT" if path.contains("/manifests/") => self.store(request, &last, manner),
            "HEAD" | "GET" if path.contains("/blobs/") => match self.blobs.get(&last) {
                Some(_) if request.method == "HEAD" => Reply::status(200),
                Some(blob) => Reply::of(blob.clone()),
                None => Reply::status(404),
            },
            "GET" if path.contains("/manifests/") => match self.manifests.get(&last) {
                Some((kind, content)) => Reply::of(content.clone()).with("Content-Type", kind),
                None => Reply::status(404),
            },
            "GET" if path.contains("/referrers/") && manner.lists => {
                Reply::of(self.list(&last).to_string())
            }
            _ => Reply::status(404),
        }
    }

    fn store(&mut self, request: &Request, name: &str, manner: &Manner) -> Reply {
        let Ok(manifest) = serde_json::from_str::<Value>(&request.body) else {
            return Reply::status(400);
        };
        // What it names must be there.
        let empty = Vec::new();
        let layers = manifest["layers"].as_array().unwrap_or(&empty).iter();
        let missing = layers.chain(manifest.get("config")).any(|blob| {
            !self
                .blobs
                .contains_key(blob["digest"].as_str().unwrap_or_default())
        });
        if missing {
            return Reply::status(404);
        }
        let digest = sha256(request.body.as_bytes());
        if name.contains(':') && name != digest {
            return Reply::status(400);
        }
        let kind = request
            .header("content-type")
            .unwrap_or_default()
            .to_owned();
        for name in [name.to_owned(), digest] {
            self.manifests
                .insert(name, (kind.clone(), request.body.clone()));
        }
        match manifest["subject"]["digest"].as_str() {
            Some(subject) if manner.lists => Reply::status(201).with("OCI-Subject", subject),
            _ => Reply::status(201),
        }
    }

    /// The list of what is attached to a manifest.
    fn list(&self, subject: &str) -> Value {
        let by_digest = self.manifests.iter().filter(|(name, _)| name.contains(':'));
        let attached = by_digest.filter_map(|(digest, (kind, content))| {
            let manifest: Value = serde_json::from_str(content).ok()?;
            (manifest["subject"]["digest"].as_str() == Some(subject)).then(|| {
                json!({
                    "mediaType": kind,
                    "digest": digest,
                    "size": content.len(),
                    "artifactType": manifest["artifactType"],
                })
            })
        });
        json!({"schemaVersion": 2, "manifests": attached.collect::<Vec<Value>>()})
    }
}
