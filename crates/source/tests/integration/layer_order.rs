//! Layers are unpacked several at a time, and what is seen of them is the same whichever comes first.

use std::fmt;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use linchpin_model::Digest;
use linchpin_source::{
    Entry, ImageSource, Limits, Pattern, Piece, PieceReader, ReaderIndex, RemoteBlob, RemoteImage,
    Source, SourceOptions, Visitor, Wants,
};

use crate::making::Member::{File, Folder, HardLink, Link, Program};
use crate::making::{Layout, sha256, tar_of, tar_of_files};
use crate::seen::told;

/// An image that arrives slowly in one of its layers.
#[derive(Debug)]
struct Slow {
    folder: PathBuf,
    root: Vec<u8>,
    late: Digest,
}

impl Slow {
    fn content(&self, digest: &Digest) -> io::Result<Vec<u8>> {
        std::fs::read(self.folder.join("blobs/sha256").join(digest.hex()))
    }
}

impl RemoteImage for Slow {
    fn name(&self) -> &'static str {
        "registry.example/slow"
    }

    fn root(&self, _: u64) -> io::Result<Vec<u8>> {
        Ok(self.root.clone())
    }

    fn manifest(&self, digest: &Digest, _: u64) -> io::Result<Vec<u8>> {
        self.content(digest)
    }

    fn blob(&self, blob: &RemoteBlob) -> io::Result<Box<dyn Read + Send>> {
        if blob.digest == self.late {
            std::thread::sleep(Duration::from_millis(150));
        }
        Ok(Box::new(io::Cursor::new(self.content(&blob.digest)?)))
    }
}

/// What a visitor is shown, in the order in which it is shown.
#[derive(Default)]
struct Order(Mutex<Vec<String>>);

impl Order {
    fn push(&self, line: fmt::Arguments<'_>) {
        self.0.lock().unwrap().push(line.to_string());
    }
}

impl Visitor for Order {
    fn visit(&self, entry: &Entry<'_>, readers: &[ReaderIndex]) {
        let start = &entry.content[..entry.content.len().min(20)];
        let layer = entry.layer.unwrap().0;
        self.push(format_args!(
            "{} {layer} {readers:?} {} of {} {}",
            entry.path,
            entry.content.len(),
            entry.size,
            String::from_utf8_lossy(start)
        ));
    }

    fn visit_in_pieces<'a>(
        &'a self,
        entry: &Entry<'_>,
        _: ReaderIndex,
    ) -> Option<Box<dyn PieceReader + 'a>> {
        Some(Box::new(Counted {
            order: self,
            name: format!("{} {}", entry.path, entry.layer.unwrap().0),
            count: 0,
            bytes: 0,
        }))
    }
}

/// A file in pieces.
struct Counted<'a> {
    order: &'a Order,
    name: String,
    count: usize,
    bytes: usize,
}

impl PieceReader for Counted<'_> {
    fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        self.count += 1;
        self.bytes += piece.own_length();
        ControlFlow::Continue(())
    }

    fn finish(self: Box<Self>) {
        let (name, pieces, bytes) = (&self.name, self.count, self.bytes);
        self.order
            .push(format_args!("{name} in {pieces} pieces, {bytes} bytes"));
    }
}

const PATTERNS: &[Pattern] = &[
    Pattern::Name("wanted"),
    Pattern::Path("etc/link"),
    Pattern::Glob("many/*"),
    Pattern::ExecutableNamed(&["node"]),
    Pattern::ExecutableContaining(&[b"a needle"]),
    Pattern::ExecutableContainingInPieces(&[b"a pin"]),
    Pattern::ExecutableHead(64),
];

/// What is seen of the layers, lowest first, where one of them is slow.
fn seen(layers: &[Vec<u8>], slow: &[u8], limits: Limits) -> Result<Vec<String>, String> {
    let layout = Layout::of_layers(layers);
    let index = std::fs::read(layout.path().join("index.json")).unwrap();
    let image = Slow {
        folder: layout.path().to_owned(),
        root: index,
        late: sha256(slow),
    };
    let options = SourceOptions {
        limits,
        platform: Some("linux/amd64".parse().unwrap()),
        ..SourceOptions::default()
    };
    let source = ImageSource::open_remote(Arc::new(image), options).unwrap();
    let wants = Wants::compile([PATTERNS]).unwrap();
    let order = Order::default();
    let visited = source.visit(&wants, &order).map_err(|error| told(&error))?;
    let mut lines = order.0.into_inner().unwrap();
    lines.extend(visited.notes.iter().map(|note| format!("{note:?}")));
    lines.push(format!("{} entries", visited.entries));
    for path in ["a/wanted", "gone/wanted", "etc/link", "usr/bin/node"] {
        let path = linchpin_model::TargetPath::new(path);
        lines.push(format!("{path} {:?}", visited.tree.resolve(&path)));
    }
    Ok(lines)
}

/// More than is kept of a program that is looked into.
const LARGE: usize = 4_300_000;

fn program(size: usize, text: &str) -> Vec<u8> {
    let mut program = b"\x7fELF\x02\x01\x01".to_vec();
    program.resize(size, b'.');
    let middle = size / 2;
    program[middle..middle + text.len()].copy_from_slice(text.as_bytes());
    program
}

fn layers() -> Vec<Vec<u8>> {
    let many: Vec<(String, Vec<u8>)> = (0..460)
        .map(|number| (format!("many/{number}"), vec![b'x'; 20_000]))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_slice()))
        .collect();
    vec![
        tar_of(&[
            Folder("a/"),
            File("a/wanted", "lowest"),
            Folder("gone/"),
            File("gone/wanted", "hidden"),
            File("gone/x", ""),
            Program("usr/bin/node", program(LARGE, "hidden")),
            Program("usr/bin/needle", program(100_000, "a needle")),
            Program("usr/bin/hidden", program(LARGE, "a needle")),
        ]),
        // More than there is room for before its turn.
        tar_of_files(&many),
        tar_of(&[
            File("a/wanted", "middle"),
            Link("etc/link", "../a/target"),
            File("a/target", "found by a link"),
            HardLink("b/wanted", "a/target"),
            Program("usr/bin/large", program(LARGE, "a needle")),
            Program("usr/bin/pin", program(LARGE, "a pin")),
            Program("usr/bin/node", program(LARGE, "seen")),
            File(".wh.gone", ""),
        ]),
        tar_of(&[
            File("c/wanted", "uppermost"),
            File("usr/bin/.wh.hidden", ""),
        ]),
    ]
}

#[test]
fn the_same_is_seen_in_the_same_order_whichever_layer_is_slow() {
    let layers = layers();
    let expected = seen(&layers, b"none", Limits::default()).unwrap();
    let has = |start: &str| {
        expected
            .iter()
            .filter(|line| line.starts_with(start))
            .count()
    };
    assert_eq!(
        (has("a/wanted 2"), has("a/wanted 0"), has("gone/wanted 0")),
        (1, 0, 0)
    );
    assert_eq!(
        (has("many/"), has("b/wanted 2"), has("etc/link 2")),
        (460, 1, 1)
    );
    assert_eq!(has("usr/bin/node 2 in 17 pieces, 4300000 bytes"), 1);
    assert_eq!(has("usr/bin/node 0"), 0);
    assert_eq!(has("usr/bin/pin 2 in "), 1);
    // Its beginning, and once more as a whole.
    assert_eq!((has("usr/bin/large 2"), has("usr/bin/hidden")), (2, 0));
    for slow in &layers {
        assert_eq!(seen(&layers, slow, Limits::default()).unwrap(), expected);
    }
}

#[test]
fn the_uppermost_failure_is_told_whichever_layer_is_slow() {
    let mut layers = layers();
    for layer in [0, 2] {
        let length = layers[layer].len() / 3;
        layers[layer].truncate(length);
    }
    for slow in &layers[1..3] {
        let error = seen(&layers, slow, Limits::default()).unwrap_err();
        assert!(error.starts_with("layer 2 ("), "{error}");
        assert!(error.contains("cut off"), "{error}");
    }
}

#[test]
fn limits_hold_for_all_layers_together_whichever_layer_is_slow() {
    let layers = layers();
    let limits = Limits {
        entries: 300,
        ..Limits::default()
    };
    for slow in &layers[1..3] {
        let error = seen(&layers, slow, limits).unwrap_err();
        assert!(error.starts_with("layer 1 ("), "{error}");
        assert!(error.contains("more than 300 entries"), "{error}");
    }
}
