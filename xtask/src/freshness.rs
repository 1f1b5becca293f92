//! Skips a build when nothing it reads or wrote has changed: a start without any change then costs milliseconds
//! instead of a second of cargo finding out the same.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

/// A record of the last successful build of something, kept in one small file.
#[derive(Debug)]
pub struct Stamp {
    file: PathBuf,
    inputs: String,
    outputs: Vec<PathBuf>,
}

impl Stamp {
    /// Reads the state of the inputs now, before the build: what is edited while it runs is then built again next
    /// time. Folders are walked. `also` is whatever else the build depends on, the toolchain for instance.
    pub fn take(file: PathBuf, inputs: &[PathBuf], outputs: Vec<PathBuf>, also: &str) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        also.hash(&mut hasher);
        for input in inputs {
            hash_tree(input, &mut hasher)?;
        }
        Ok(Self { file, inputs: format!("{:016x}", hasher.finish()), outputs })
    }

    /// Whether the last recorded build had the same inputs and its outputs are still as it left them.
    pub fn is_fresh(&self) -> bool {
        let Ok(recorded) = fs::read_to_string(&self.file) else { return false };
        self.content().is_ok_and(|content| content == recorded)
    }

    /// Records that the build succeeded. Fails if an output is missing.
    pub fn record(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, self.content()?).with_context(|| format!("write {}", self.file.display()))
    }

    fn content(&self) -> Result<String> {
        let mut hasher = DefaultHasher::new();
        for output in &self.outputs {
            hash_file(output, &mut hasher)?;
        }
        Ok(format!("{} {:016x}\n", self.inputs, hasher.finish()))
    }
}

fn hash_tree(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if !path.is_dir() {
        return hash_file(path, hasher);
    }
    let mut entries = path
        .read_dir()
        .with_context(|| format!("read {}", path.display()))?
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        // Editors keep their swap files under names that start with a dot.
        if !entry.file_name().to_string_lossy().starts_with('.') {
            hash_tree(&entry.path(), hasher)?;
        }
    }
    Ok(())
}

fn hash_file(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let metadata = fs::metadata(path).with_context(|| format!("look at {}", path.display()))?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    path.hash(hasher);
    metadata.len().hash(hasher);
    modified.as_nanos().hash(hasher);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
            fs::create_dir_all(path.join("src/inner")).unwrap();
            fs::write(path.join("src/inner/a.rs"), "one").unwrap();
            fs::write(path.join("out"), "built").unwrap();
            Self(path)
        }

        fn stamp(&self, also: &str) -> Stamp {
            let file = self.0.join("stamps/it");
            Stamp::take(file, &[self.0.join("src")], vec![self.0.join("out")], also).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn touch(path: &Path) {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1)).unwrap();
    }

    #[test]
    fn a_recorded_build_stays_fresh_until_something_changes() {
        let folder = Folder::new("fresh");
        assert!(!folder.stamp("1.95").is_fresh(), "nothing was ever built");
        folder.stamp("1.95").record().unwrap();
        assert!(folder.stamp("1.95").is_fresh());
        fs::write(folder.0.join("src/.a.rs.swp"), "").unwrap();
        assert!(folder.stamp("1.95").is_fresh(), "a hidden file is not a source");
        assert!(!folder.stamp("1.96").is_fresh(), "another toolchain");
    }

    #[test]
    fn each_kind_of_change_is_seen() {
        type Change = fn(&Path);
        let changes: [(&str, Change); 5] = [
            ("an edit", |path| fs::write(path.join("src/inner/a.rs"), "two and more").unwrap()),
            ("an edit of the same length", |path| touch(&path.join("src/inner/a.rs"))),
            ("a new file", |path| fs::write(path.join("src/inner/b.rs"), "").unwrap()),
            ("a renamed file", |path| {
                fs::rename(path.join("src/inner/a.rs"), path.join("src/inner/c.rs")).unwrap();
            }),
            ("an output somebody else wrote", |path| touch(&path.join("out"))),
        ];
        for (index, (what, change)) in changes.into_iter().enumerate() {
            let folder = Folder::new(&format!("change-{index}"));
            folder.stamp("").record().unwrap();
            change(&folder.0);
            assert!(!folder.stamp("").is_fresh(), "{what}");
        }
    }

    #[test]
    fn a_missing_output_is_built_again_and_never_recorded() {
        let folder = Folder::new("missing");
        folder.stamp("").record().unwrap();
        fs::remove_file(folder.0.join("out")).unwrap();
        assert!(!folder.stamp("").is_fresh());
        assert!(folder.stamp("").record().is_err());
    }
}
