//! The portable form of a store: one text file of JSON lines.
//!
//! ```text
//! {"mostek_store":1,"taken_at":1779000000000,"engine":"sqlite"}
//! {"k":"j:ticket:…:n","n":12}
//! {"k":"j:ticket:…:e:12","v":"<base64>"}
//! {"end":true,"keys":2,"sha256":"<of all bytes before this line>"}
//! ```
//!
//! Counters are numbers, so that the file goes into any engine. A file that was cut off or changed is recognised before
//! anything of it is used.

use crate::engine::{Item, Value};
use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The form this code writes and the newest it reads.
const FORM: u32 = 1;
/// No line is longer: the longest value, in base64, and its key.
const MAX_LINE: usize = 1 << 20;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The form.
    pub mostek_store: u32,
    /// When the store was read, milliseconds since 1970 by the clock of the machine that read it.
    pub taken_at: i64,
    /// What it was read from.
    pub engine: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    k: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    v: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct End {
    end: bool,
    keys: u64,
    sha256: String,
}

/// Writes a file beside its final place and moves it there when it is whole.
pub struct Writer {
    out: BufWriter<File>,
    hash: Sha256,
    keys: u64,
    partial: PathBuf,
    wanted: PathBuf,
}

impl Writer {
    /// Begins a file that only its owner can read. One of that name is replaced in the end.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn create(path: &Path, engine: &str, taken_at: i64) -> Result<Self> {
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        // What an earlier attempt left may have other rights.
        if partial.exists() {
            std::fs::remove_file(&partial).with_context(|| format!("cannot delete {}", partial.display()))?;
        }
        let mut options = File::options();
        // Sealed secrets and customers' messages are in it.
        let out = options.write(true).create_new(true).mode(0o600).open(&partial);
        let out = out.with_context(|| format!("cannot create {}", partial.display()))?;
        let mut writer =
            Self { out: BufWriter::new(out), hash: Sha256::new(), keys: 0, partial, wanted: path.to_owned() };
        writer.line(&Head { mostek_store: FORM, taken_at, engine: engine.to_owned() })?;
        Ok(writer)
    }

    fn line(&mut self, line: &impl Serialize) -> Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        ensure!(
            bytes.len() < MAX_LINE,
            "a key and its value are {} bytes long, which no import would take",
            bytes.len()
        );
        self.hash.update(&bytes);
        self.out.write_all(&bytes).with_context(|| format!("cannot write {}", self.partial.display()))
    }

    /// Adds an item.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, item: &Item) -> Result<()> {
        self.keys += 1;
        let (n, v) = match &item.value {
            Value::Counter(n) => (Some(*n), None),
            Value::Bytes(bytes) => (None, Some(STANDARD.encode(bytes))),
        };
        self.line(&Line { k: item.key.clone(), n, v })
    }

    /// Ends the file: it is on the disk, under its name, when this returns.
    ///
    /// # Errors
    /// If that fails; what is there then has another name.
    pub fn finish(mut self) -> Result<()> {
        let sha256 = hex(&self.hash.clone().finalize());
        let end = End { end: true, keys: self.keys, sha256 };
        self.line(&end)?;
        let file = self.out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all().with_context(|| format!("cannot write {}", self.partial.display()))?;
        std::fs::rename(&self.partial, &self.wanted).with_context(|| {
            format!("cannot rename {} to {}", self.partial.display(), self.wanted.display())
        })?;
        // The new name, too.
        let folder = self.wanted.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all().with_context(|| format!("cannot write {}", folder.display()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Reads the file from its beginning to its end and hands every item to `each`. An error at the end comes after all items:
/// a caller that writes somewhere reads the file once before, for nothing but errors.
///
/// # Errors
/// If it is no such file, is damaged or not whole, or those of `each`.
pub fn read(path: &Path, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<Head> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    read_from(BufReader::new(file), each).with_context(|| format!("{} cannot be used", path.display()))
}

fn read_from(mut input: impl BufRead, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<Head> {
    let mut hash = Sha256::new();
    let mut keys = 0;
    let mut line = Vec::new();
    let mut head = None;
    loop {
        line.clear();
        let length = std::io::Read::take(&mut input, MAX_LINE as u64).read_until(b'\n', &mut line)?;
        ensure!(length > 0, "it ends before its last line: it was not written to its end, or was cut off");
        ensure!(line.ends_with(b"\n"), "line {} is cut off or too long", keys + 1);
        let Some(known) = &head else {
            let first: Head =
                serde_json::from_slice(&line).context("it does not begin as an exported store")?;
            ensure!(
                first.mostek_store == FORM,
                "it has form {}, and this program knows {FORM}",
                first.mostek_store
            );
            hash.update(&line);
            head = Some(first);
            continue;
        };
        if let Ok(end) = serde_json::from_slice::<End>(&line) {
            ensure!(end.keys == keys, "it says it has {} keys and has {keys}", end.keys);
            ensure!(
                end.sha256 == hex(&hash.finalize()),
                "its content is not what was written: the hash differs"
            );
            ensure!(input.fill_buf()?.is_empty(), "something follows its last line");
            return Ok(known.clone());
        }
        hash.update(&line);
        keys += 1;
        let Line { k: key, n, v } =
            serde_json::from_slice(&line).with_context(|| format!("line {}", keys + 1))?;
        let value = match (n, v) {
            (Some(n), None) => Value::Counter(n),
            (None, Some(v)) => {
                Value::Bytes(STANDARD.decode(v).with_context(|| format!("line {}", keys + 1))?)
            }
            _ => bail!("line {} has neither a counter nor a value, or both", keys + 1),
        };
        each(Item { key, value })?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(items: &[Item]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.jsonl");
        let mut writer = Writer::create(&path, "sqlite", 7).unwrap();
        for item in items {
            writer.add(item).unwrap();
        }
        assert!(!path.exists(), "no half file under the final name");
        writer.finish().unwrap();
        (folder, path)
    }

    fn sample() -> Vec<Item> {
        vec![
            Item { key: "c:reply:1".into(), value: Value::Counter(u64::MAX) },
            Item { key: "r:poll:1".into(), value: Value::Bytes(b"{}\n\0\xff".to_vec()) },
        ]
    }

    #[test]
    fn what_was_written_is_read() {
        let (_folder, path) = written(&sample());
        let mut found = Vec::new();
        let head = read(&path, &mut |item| {
            found.push(item);
            Ok(())
        })
        .unwrap();
        assert_eq!(found, sample());
        assert_eq!((head.taken_at, head.engine.as_str()), (7, "sqlite"));
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_not_whole_is_refused_wherever_it_is_cut() {
        let (_folder, path) = written(&sample());
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            assert!(read_from(&whole[..length], &mut |_| Ok(())).is_err(), "cut at {length}");
        }
        read_from(&whole[..], &mut |_| Ok(())).unwrap();
        let mut more = whole.clone();
        more.extend_from_slice(b"x");
        assert!(read_from(&more[..], &mut |_| Ok(())).is_err());
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let (_folder, path) = written(&sample());
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(read_from(&changed[..], &mut |_| Ok(())).is_err(), "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes: Vec<u8>) {
            let _ = read_from(&bytes[..], &mut |_| Ok(()));
        }
    }
}
