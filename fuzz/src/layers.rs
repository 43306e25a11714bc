//! Makes a docker archive of arbitrary layers.

use std::io::Write as _;

use crate::tar_headers;

/// What stands between two layers. Rare in a tar, and easy to make for the fuzzer.
pub const SEPARATOR: &[u8] = b"\x1e\x1e\x1e\n";

/// The most layers that are made.
const MOST: usize = 4;

/// A docker archive. Each layer's first byte says how it is packed.
pub fn docker_archive(bytes: &[u8]) -> Vec<u8> {
    let mut layers = Vec::new();
    let mut rest = bytes;
    while layers.len() < MOST - 1
        && let Some(place) = rest
            .windows(SEPARATOR.len())
            .position(|window| window == SEPARATOR)
    {
        layers.push(layer(&rest[..place]));
        rest = &rest[place + SEPARATOR.len()..];
    }
    layers.push(layer(rest));

    let names: Vec<String> = (0..layers.len())
        .map(|place| format!("\"{place}/layer.tar\""))
        .collect();
    let manifest = format!(
        r#"[{{"Config":"config.json","RepoTags":["shop:1.0"],"Layers":[{}]}}]"#,
        names.join(",")
    );
    let config = r#"{"os":"linux","architecture":"amd64"}"#;
    let mut archive = Vec::new();
    member(&mut archive, "config.json", config.as_bytes());
    member(&mut archive, "manifest.json", manifest.as_bytes());
    for (place, layer) in layers.iter().enumerate() {
        member(&mut archive, &format!("{place}/layer.tar"), layer);
    }
    archive.resize(archive.len() + 1024, 0);
    tar_headers::repair(&mut archive);
    archive
}

fn layer(bytes: &[u8]) -> Vec<u8> {
    let Some((packing, tar)) = bytes.split_first() else {
        return Vec::new();
    };
    let mut tar = tar.to_vec();
    if packing & 4 == 0 {
        tar_headers::repair(&mut tar);
    }
    match packing & 3 {
        0 => tar,
        1 => {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder
                .write_all(&tar)
                .and_then(|()| encoder.finish())
                .expect("memory can be written")
        }
        2 => zstd::encode_all(tar.as_slice(), 1).expect("memory can be written"),
        // As it is, without repair: mutations of what a compressor wrote.
        _ => bytes[1..].to_vec(),
    }
}

fn member(archive: &mut Vec<u8>, name: &str, content: &[u8]) {
    let mut header = [0_u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    header[156] = b'0';
    header[257..263].copy_from_slice(b"ustar\0");
    header[263..265].copy_from_slice(b"00");
    archive.extend_from_slice(&header);
    archive.extend_from_slice(content);
    archive.resize(archive.len().next_multiple_of(512), 0);
}
