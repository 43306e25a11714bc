//! GGUF: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. Names and values come before
//! the weights; long lists, such as the words of a tokenizer, come after what matters here.

use linchpin_model::LicenseExpression;

use super::{Model, address, line};

/// Most entries that are looked at; real files have some dozens.
const MOST_ENTRIES: u64 = 10_000;

pub(super) fn read(head: &[u8]) -> Result<Model, String> {
    let mut bytes = Bytes(head);
    if bytes.take(4) != Some(b"GGUF") {
        return Err("it is no GGUF file".to_owned());
    }
    let version = bytes.u32().unwrap_or_default();
    if !(2..=3).contains(&version) {
        return Err(format!(
            "it is a GGUF file of version {version}, which is not read"
        ));
    }
    let mut model = Model::default();
    let (Some(_), Some(entries)) = (bytes.u64(), bytes.u64()) else {
        return Err("it ends in its header".to_owned());
    };
    let mut architecture = None;
    let mut label = None;
    for _ in 0..entries.min(MOST_ENTRIES) {
        // Where the part that was read ends, what matters has gone by.
        let Some((key, value)) = bytes.entry() else {
            break;
        };
        let Some(value) = value else { continue };
        match key {
            "general.name" => model.name = line(value),
            "general.version" => model.version = line(value),
            "general.author" | "general.organization" => {
                model.author = model.author.take().or_else(|| line(value));
            }
            "general.license" => model.license = LicenseExpression::parse(value).ok(),
            "general.source.url" | "general.repo_url" | "general.url" => {
                model.download = model.download.take().or_else(|| address(value));
            }
            "general.architecture" => architecture = line(value),
            "general.size_label" => label = line(value),
            _ => {}
        }
    }
    let parts: Vec<String> = [architecture, label].into_iter().flatten().collect();
    model.description = Some(
        format!("GGUF model {}", parts.join(", "))
            .trim_end()
            .to_owned(),
    );
    Ok(model)
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u64()?).ok()?;
        self.take(length)
    }

    /// A key, and its value if that is a text.
    fn entry(&mut self) -> Option<(&'a str, Option<&'a str>)> {
        let key = std::str::from_utf8(self.text()?).ok()?;
        let kind = self.u32()?;
        let value = match kind {
            8 => Some(std::str::from_utf8(self.text()?).unwrap_or_default()),
            9 => {
                self.pass_list()?;
                None
            }
            kind => {
                self.take(size_of_kind(kind)?)?;
                None
            }
        };
        Some((key, value))
    }

    fn pass_list(&mut self) -> Option<()> {
        let kind = self.u32()?;
        let count = self.u64()?;
        if kind == 8 {
            // Each text takes eight bytes at least, so this ends with what was read.
            for _ in 0..count {
                self.text()?;
            }
        } else {
            let size = u64::try_from(size_of_kind(kind)?).ok()?;
            self.take(usize::try_from(count.checked_mul(size)?).ok()?)?;
        }
        Some(())
    }
}

fn size_of_kind(kind: u32) -> Option<usize> {
    Some(match kind {
        0 | 1 | 7 => 1,
        2 | 3 => 2,
        4..=6 => 4,
        10..=12 => 8,
        _ => return None,
    })
}
