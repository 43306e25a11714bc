//! A database as one file, to be carried to where there is no network.
//!
//! It is a tar archive without anything special: `manifest.json`, its signature
//! `manifest.json.sig` where there is one, and the files that the manifest names, in its order. The
//! manifest holds the digest of every file, so that its signature is one of everything. Whoever
//! wants to check it without this program can: `openssl pkeyutl -verify -pubin -inkey public.pem
//! -rawin -in manifest.json -sigfile manifest.json.sig`, and `sha256sum` for the rest.
//!
//! What is read comes from a stranger until the signature and the digests are verified: nothing of
//! it becomes part of the database before that, and one wrong byte ends the import.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tar::{EntryType, Header};

use crate::database::{Database, MANIFEST, MOST_MANIFEST, Manifest, PartFile, WriteLock, hex};
use crate::signature::{PrivateKey, PublicKey, SIGNATURE};
use crate::{DatabaseError, ImportError};

const SIGNATURE_FILE: &str = "manifest.json.sig";
const BLOCK: usize = 512;
/// The largest part of a database; the whole of OSV takes some hundred megabytes.
const MOST_PART: u64 = 16 << 30;

/// Why a database was not exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database can not be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A file of the database is not what the manifest says.
    #[error("the file `{file}` of the database is not what its manifest says")]
    Damaged {
        /// The file.
        file: String,
    },
    /// It could not be written.
    #[error("could not write it")]
    Unwritable(#[source] io::Error),
}

/// Why an exported database was not imported.
#[derive(Debug, thiserror::Error)]
pub enum CarriedError {
    /// It is no exported database, or not a whole one.
    #[error("it is no database that `linchpin db export` wrote: {reason}")]
    NotAnExport {
        /// What is wrong, as a fragment.
        reason: String,
    },
    /// A signature was asked for, and there is none.
    #[error("it is not signed, and a public key was given")]
    NotSigned,
    /// The signature is not that of the key's owner.
    #[error("its signature is not one of the key that was given")]
    WrongSignature,
    /// A file is another one than its manifest names.
    #[error("its file `{file}` is not the one that its manifest names")]
    WrongDigest {
        /// The file.
        file: String,
    },
    /// What it holds can not be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// It could not be written.
    #[error(transparent)]
    Import(#[from] ImportError),
}

/// Whether a signature is asked for.
#[derive(Debug)]
pub enum Trust {
    /// It must be signed by the owner of this key.
    SignedBy(PublicKey),
    /// Whoever carried it is trusted.
    Anyone,
}

/// What was imported.
#[derive(Debug)]
pub struct Carried {
    /// What the database says of itself.
    pub manifest: Manifest,
    /// Whether there is a signature. It was verified only if that was asked for.
    pub signed: bool,
}

/// Writes a database as one file.
pub fn export(
    folder: &Path,
    key: Option<&PrivateKey>,
    mut out: impl Write,
) -> Result<Manifest, ExportError> {
    let manifest = Manifest::of(folder)?;
    // The files are opened before anything is written, so that another update does not matter.
    let files = manifest
        .files()
        .map(|part| {
            File::open(folder.join(&part.file))
                .map(|file| (part.clone(), file))
                .map_err(|source| DatabaseError::Unreadable {
                    path: folder.join(&part.file),
                    source,
                })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let bytes = manifest.write();
    let unwritable = ExportError::Unwritable;
    write_entry(&mut out, MANIFEST, &bytes).map_err(unwritable)?;
    if let Some(key) = key {
        write_entry(&mut out, SIGNATURE_FILE, &key.sign(&bytes)).map_err(unwritable)?;
    }
    for (part, file) in files {
        let damaged = || ExportError::Damaged {
            file: part.file.clone(),
        };
        out.write_all(header(&part.file, part.size).as_bytes())
            .map_err(unwritable)?;
        let mut copy = Hashing::new(&mut out);
        let count = io::copy(&mut file.take(part.size), &mut copy).map_err(unwritable)?;
        if count != part.size || copy.finish() != part.sha256 {
            return Err(damaged());
        }
        out.write_all(padding(part.size)).map_err(unwritable)?;
    }
    out.write_all(&[0; 2 * BLOCK]).map_err(unwritable)?;
    out.flush().map_err(unwritable)?;
    Ok(manifest)
}

fn write_entry(out: &mut impl Write, name: &str, bytes: &[u8]) -> io::Result<()> {
    out.write_all(header(name, bytes.len() as u64).as_bytes())?;
    out.write_all(bytes)?;
    out.write_all(padding(bytes.len() as u64))
}

fn header(name: &str, size: u64) -> Header {
    let mut header = Header::new_ustar();
    // Names are short and plain, see `part_name`.
    let _ = header.set_path(name);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    header
}

fn padding(size: u64) -> &'static [u8] {
    const ZEROS: [u8; BLOCK] = [0; BLOCK];
    let over = size as usize % BLOCK;
    ZEROS.get(over..).filter(|_| over > 0).unwrap_or_default()
}

/// Writes through, and makes a digest of it.
struct Hashing<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Hashing<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            digest: Sha256::new(),
        }
    }

    fn finish(self) -> String {
        hex(&self.digest.finalize())
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.digest.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Makes an exported database the one that is there.
pub fn import_carried(
    mut reader: impl Read,
    trust: &Trust,
    lock: &WriteLock,
) -> Result<Carried, CarriedError> {
    let size = next(&mut reader, MANIFEST)?;
    if size > MOST_MANIFEST {
        return Err(not_an_export("its manifest is too large"));
    }
    let bytes = body(&mut reader, size)?;
    let mut pending = next_header(&mut reader)?;
    let signature = match &pending {
        Some((name, size)) if name == SIGNATURE_FILE => {
            if *size != SIGNATURE as u64 {
                return Err(CarriedError::WrongSignature);
            }
            let signature = body(&mut reader, *size)?;
            pending = next_header(&mut reader)?;
            Some(signature)
        }
        _ => None,
    };
    match (trust, &signature) {
        (Trust::SignedBy(_), None) => return Err(CarriedError::NotSigned),
        (Trust::SignedBy(key), Some(signature)) if !key.verifies(&bytes, signature) => {
            return Err(CarriedError::WrongSignature);
        }
        _ => {}
    }
    let manifest = Manifest::read(&bytes)?;
    for part in manifest.files() {
        match pending.take() {
            Some((name, size)) if name == part.file && size == part.size && size <= MOST_PART => {}
            Some((name, _)) => {
                return Err(not_an_export(&format!(
                    "`{}` is where `{}` should be",
                    name.escape_default(),
                    part.file
                )));
            }
            None => return Err(not_an_export(&format!("`{}` is missing", part.file))),
        }
        take_file(&mut reader, part, lock)?;
        pending = next_header(&mut reader)?;
    }
    if pending.is_some() {
        return Err(not_an_export("it holds more than its manifest names"));
    }
    verify(&manifest, lock)?;
    lock.commit(&manifest)
        .map_err(ImportError::unwritable(lock.folder()))?;
    Ok(Carried {
        manifest,
        signed: signature.is_some(),
    })
}

/// Reads all of the new files as a scan would, in a folder of their own.
fn verify(manifest: &Manifest, lock: &WriteLock) -> Result<(), CarriedError> {
    let unwritable = ImportError::unwritable(lock.folder());
    let folder = lock.verifying().map_err(&unwritable)?;
    for part in manifest.files() {
        std::fs::hard_link(
            lock.folder().join(&part.file),
            folder.path().join(&part.file),
        )
        .or_else(|_| {
            // A file system without links.
            std::fs::copy(
                lock.folder().join(&part.file),
                folder.path().join(&part.file),
            )
            .map(drop)
        })
        .map_err(&unwritable)?;
    }
    std::fs::write(folder.path().join(MANIFEST), manifest.write()).map_err(&unwritable)?;
    Ok(Database::open(folder.path())?.verify()?)
}

/// Takes one file, if it is the one that the manifest names.
fn take_file(
    reader: &mut impl Read,
    part: &PartFile,
    lock: &WriteLock,
) -> Result<(), CarriedError> {
    let unwritable = ImportError::unwritable(lock.folder());
    let partial = lock.partial().map_err(&unwritable)?;
    let mut copy = Hashing::new(partial.as_file());
    let mut left = part.size;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let most = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let chunk = buffer.get_mut(..most).unwrap_or_default();
        reader.read_exact(chunk).map_err(cut)?;
        copy.write_all(chunk).map_err(&unwritable)?;
        left -= most as u64;
    }
    if copy.finish() != part.sha256 {
        return Err(CarriedError::WrongDigest {
            file: part.file.clone(),
        });
    }
    skip_padding(reader, part.size)?;
    lock.put(partial, &part.file).map_err(&unwritable)?;
    Ok(())
}

fn not_an_export(reason: &str) -> CarriedError {
    CarriedError::NotAnExport {
        reason: reason.to_owned(),
    }
}

fn cut(error: io::Error) -> CarriedError {
    not_an_export(&if error.kind() == io::ErrorKind::UnexpectedEof {
        "it is cut off".to_owned()
    } else {
        format!("it can not be read: {error}")
    })
}

/// The size of the next entry, which must have this name.
fn next(reader: &mut impl Read, wanted: &str) -> Result<u64, CarriedError> {
    match next_header(reader)? {
        Some((name, size)) if name == wanted => Ok(size),
        _ => Err(not_an_export(&format!("it does not begin with `{wanted}`"))),
    }
}

/// The name and size of the next entry. Only plain files are there, and only plain names.
fn next_header(reader: &mut impl Read) -> Result<Option<(String, u64)>, CarriedError> {
    const STRANGE: &str = "an entry of it is no plain file";
    let mut header = Header::new_ustar();
    reader.read_exact(header.as_mut_bytes()).map_err(cut)?;
    if header.as_bytes().iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let sum: u32 = header
        .as_bytes()
        .iter()
        .enumerate()
        .map(|(place, byte)| {
            u32::from(if (148..156).contains(&place) {
                b' '
            } else {
                *byte
            })
        })
        .sum();
    if header.cksum().ok() != Some(sum) || header.entry_type() != EntryType::Regular {
        return Err(not_an_export(STRANGE));
    }
    let path: PathBuf = header
        .path()
        .map_err(|_| not_an_export(STRANGE))?
        .into_owned();
    let size = header.size().map_err(|_| not_an_export(STRANGE))?;
    match path.to_str() {
        Some(name) => Ok(Some((name.to_owned(), size))),
        None => Err(not_an_export(STRANGE)),
    }
}

/// The bytes of a small entry.
fn body(reader: &mut impl Read, size: u64) -> Result<Vec<u8>, CarriedError> {
    let mut bytes = vec![0; usize::try_from(size).unwrap_or_default()];
    reader.read_exact(&mut bytes).map_err(cut)?;
    skip_padding(reader, size)?;
    Ok(bytes)
}

fn skip_padding(reader: &mut impl Read, size: u64) -> Result<(), CarriedError> {
    let mut rest = [0; BLOCK];
    let over = padding(size).len();
    reader
        .read_exact(rest.get_mut(..over).unwrap_or_default())
        .map_err(cut)
}
